#include "cli/statement/shell.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string>

#include "cli/output/interrupt.h"
#include "cli/statement/errors.h"
#include "cli/statement/line_editor.h"
#include "cli/statement/statement_end.h"
#include "cli/statement/statement_file.h"

namespace crannog::cli {
namespace {

constexpr const char* kHelp =
    "Statements end with ';' and may span lines. Ctrl-C stops one, Ctrl-D leaves, Tab completes.\n"
    "  \\d [TABLE]     tables, or one table's columns\n"
    "  \\branches      branches and tags      \\use REF       look at another branch\n"
    "  \\log           commits of the branch  \\i FILE        run the statements of a file\n"
    "  \\timing        how long statements take: on or off\n"
    "  \\format NAME   table, csv, json, jsonl, markdown\n"
    "  \\rows N        rows shown of an answer; 0 shows all\n"
    "  \\?             this help              \\q             leave\n";

void Report(const Status& status, bool colour) {
  if (!status) PrintError(status.error(), colour);
}

struct Words {
  std::string_view name;
  std::string_view rest;
};

Words SplitCommand(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == ';')) line.remove_suffix(1);
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return {line, {}};
  std::string_view rest = line.substr(blank);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return {line.substr(0, blank), rest};
}

void SetRows(std::string_view text, StatementRunner& runner) {
  uint64_t rows = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), rows);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    fmt::print("\\rows takes a number; 0 shows all\n");
    return;
  }
  runner.options().rows_max = rows;
}

void SetFormat(std::string_view name, StatementRunner& runner) {
  const auto format = ParseFormat(name);
  if (!format || *format == Format::kParquet) {
    fmt::print("\\format takes table, csv, json, jsonl or markdown\n");
    return;
  }
  runner.options().format = *format;
}

}  // namespace

bool RunShellCommand(std::string_view line, StatementRunner& runner) {
  const auto [name, rest] = SplitCommand(line);
  const bool colour = runner.options().style.colour;
  if (name == "\\q" || name == "\\quit") return false;
  if (name == "\\d") {
    Report(runner.Run(rest.empty() ? "SHOW ALL TABLES" : fmt::format("DESCRIBE {}", rest)), colour);
  } else if (name == "\\branches") {
    Report(runner.Run("SHOW BRANCHES"), colour);
  } else if (name == "\\log") {
    Report(runner.Run("SHOW LOG"), colour);
  } else if (name == "\\use") {
    Report(runner.Run(fmt::format("USE BRANCH {}", rest)), colour);
  } else if (name == "\\i") {
    Report(RunFile(std::string(rest), runner), colour);
  } else if (name == "\\timing") {
    runner.options().timing = !runner.options().timing;
    fmt::print("timing is {}\n", runner.options().timing ? "on" : "off");
  } else if (name == "\\rows") {
    SetRows(rest, runner);
  } else if (name == "\\format") {
    SetFormat(rest, runner);
  } else {
    if (name != "\\?" && name != "\\h") fmt::print("{} is no command of this prompt\n", name);
    fmt::print("{}", kHelp);
  }
  return true;
}

std::string HistoryEntry(std::string_view statement) {
  std::string entry(statement);
  if (FindTextEnd(statement).has_line_comment) return entry;
  // A line break inside a quote is part of a value: find whether one is.
  for (size_t i = entry.find('\n'); i != std::string::npos; i = entry.find('\n', i + 1)) {
    if (FindTextEnd(std::string_view(entry).substr(0, i)).in_quote) return entry;
  }
  for (char& c : entry) {
    if (c == '\n') c = ' ';
  }
  return entry;
}

Status RunShell(sql::Connection& connection, RunnerOptions options, const Terminal& terminal) {
  StatementRunner runner(connection, std::move(options));
  std::string pending;
  LineEditor editor(DefaultHistoryPath(), [&](std::string_view before) {
    return connection.Complete(pending + std::string(before));
  });
  fmt::print("Statements end with ';'. \\? for help, \\q to leave.\n");
  while (true) {
    std::string prompt = fmt::format("lake@{}> ", connection.reference());
    if (!pending.empty()) prompt = std::string(prompt.size() - 5, ' ') + "...> ";
    std::string line;
    const LineEditor::Outcome outcome = editor.Read(prompt, line);
    if (outcome == LineEditor::Outcome::kEnd) break;
    if (outcome == LineEditor::Outcome::kCancelled) {
      pending.clear();
      continue;
    }
    if (pending.empty() && line.starts_with('\\')) {
      editor.Remember(line);
      if (!RunShellCommand(line, runner)) return {};
      continue;
    }
    pending += line;
    const TextEnd end = FindTextEnd(pending);
    if (end.empty && !end.in_quote) {
      pending.clear();
      continue;
    }
    if (!end.complete || end.in_quote) {
      pending += '\n';
      continue;
    }
    editor.Remember(HistoryEntry(pending));
    TakeInterrupt();  // one that came between two statements is no wish to stop the next
    Report(runner.RunAll(pending), terminal.err_colour);
    pending.clear();
  }
  fmt::print("\n");
  return {};
}

}  // namespace crannog::cli
