#include "cli/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "cli/statement/errors.h"
#include "cli/version.h"

namespace crannog::cli {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

int Parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    // The help of the command that was named, with the words that lead to it.
    const CLI::App* named = &app;
    std::string words;
    while (!named->get_subcommands().empty()) {
      words += (words.empty() ? "" : " ") + named->get_name();
      named = named->get_subcommands().front();
    }
    std::cout << named->help(words);
    return kOk;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return kOk;
  } catch (const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    const std::string command =
        chosen.empty() ? "crannog" : "crannog " + chosen.front()->get_name();
    std::string message = error.what();
    if (chosen.empty() && !app.remaining().empty()) {
      message = fmt::format("there is no command '{}'", app.remaining().front());
    }
    fmt::print(stderr,
               "crannog: INVALID: {}\n  hint: `{} --help` shows the arguments and examples\n",
               message, command);
    return kWrongUsage;
  }
  return kOk;
}

}  // namespace

Result<std::unique_ptr<sql::Database>> OpenLake(const Invocation& invocation, bool create,
                                                const std::string& reference) {
  sql::DatabaseOptions options;
  options.lake = invocation.lake;
  options.warehouse = invocation.warehouse;
  options.create = create;
  if (!reference.empty()) options.reference = reference;
  return sql::Database::Open(options);
}

std::string Examples(std::initializer_list<const char*> lines) {
  std::string out = "Examples:\n";
  for (const char* line : lines) out += fmt::format("  {}\n", line);
  return out;
}

int Run(int argc, char** argv) {
  CLI::App app("Crannog: a whole lakehouse in one program.", "crannog");
  app.require_subcommand(1);
  app.fallthrough();
  Invocation invocation;
  app.add_option("--lake", invocation.lake, "The lake's directory; created when absent")
      ->envname("CRANNOG_LAKE")
      ->capture_default_str();
  app.add_option("--warehouse", invocation.warehouse,
                 "Where tables lie instead of inside the lake: file:///absolute/path")
      ->envname("CRANNOG_WAREHOUSE");
  app.set_version_flag("--version", fmt::format("crannog {}", kVersion), "Print the version");
  app.footer(Examples({"crannog sql -c \"CREATE SCHEMA bronze\"",
                       "crannog load orders/*.csv bronze.orders",
                       "crannog --lake /data/lake sql --on dev -f report.sql --format json",
                       "crannog branch create dev && crannog diff main dev"}) +
             "`crannog COMMAND --help` shows each command's own.");
  AddSql(app, invocation);
  AddLoad(app, invocation);
  AddBranch(app, invocation);
  AddTag(app, invocation);
  AddMerge(app, invocation);
  AddDiff(app, invocation);
  AddLog(app, invocation);
  AddRevert(app, invocation);
  AddReflog(app, invocation);
  AddCheck(app, invocation);
  AddExport(app, invocation);
  AddVersion(app, invocation);

  const int parsed = Parse(app, argc, argv);
  if (parsed != kOk || !invocation.action) return parsed;
  invocation.terminal = Terminal::Detect();
  const Status status = invocation.action();
  if (status) return kOk;
  // A command that has said everything itself fails with an empty message.
  if (!status.error().message().empty()) {
    PrintError(status.error(), invocation.terminal.err_colour);
  }
  return kFailed;
}

}  // namespace crannog::cli
