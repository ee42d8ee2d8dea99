// What the commands share: how they are registered, and the lake they work on.
//
// A command is one file with one function Add<Name>(app, invocation). It declares its arguments and
// leaves what it would do in invocation.action; Run() carries that out after parsing, so that
// nothing heavy happens before the command is known to be right.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/output/terminal.h"
#include "sql/database.h"

// Declared, not included: CLI11 takes a compiler four seconds.
namespace CLI {
class App;
}

namespace crannog::cli {

struct Invocation {
  std::string lake = "lake";
  std::string warehouse;
  Terminal terminal;
  std::function<Status()> action;  // empty: help or version was all that was wanted
};

// Opens the lake. `create`: make one when there is none; else kNotFound, since a question about a
// lake that is not there is most likely about another directory.
Result<std::unique_ptr<sql::Database>> OpenLake(const Invocation& invocation, bool create,
                                                const std::string& reference = "");

// "\n\nExamples:\n  ..." for the help of a command.
std::string Examples(std::initializer_list<const char*> lines);

void AddSql(CLI::App& app, Invocation& invocation);
void AddLoad(CLI::App& app, Invocation& invocation);
void AddBranch(CLI::App& app, Invocation& invocation);
void AddTag(CLI::App& app, Invocation& invocation);
void AddMerge(CLI::App& app, Invocation& invocation);
void AddDiff(CLI::App& app, Invocation& invocation);
void AddLog(CLI::App& app, Invocation& invocation);
void AddRevert(CLI::App& app, Invocation& invocation);
void AddReflog(CLI::App& app, Invocation& invocation);
void AddCheck(CLI::App& app, Invocation& invocation);
void AddExport(CLI::App& app, Invocation& invocation);
void AddVersion(CLI::App& app, Invocation& invocation);

// The whole program: 0 ok, 1 failed, 2 wrong usage.
int Run(int argc, char** argv);

}  // namespace crannog::cli
