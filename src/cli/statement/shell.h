// The prompt: statements typed by a person, answers shown at once.
#pragma once

#include "base/result.h"
#include "cli/output/terminal.h"
#include "cli/statement/statement_runner.h"
#include "sql/connection.h"

namespace crannog::cli {

// Reads statements until \q or Ctrl-D. A statement that fails is reported and the prompt goes on.
Status RunShell(sql::Connection& connection, RunnerOptions options, const Terminal& terminal);

// Carries out a line that starts with a backslash; false when the shell should end.
bool RunShellCommand(std::string_view line, StatementRunner& runner);

// What the history keeps of a statement that was typed in several lines: one line when joining
// cannot change its meaning, else the lines as they are.
std::string HistoryEntry(std::string_view statement);

}  // namespace crannog::cli
