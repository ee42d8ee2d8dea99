#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/output/interrupt.h"
#include "cli/statement/shell.h"
#include "cli/statement/statement_file.h"
#include "cli/statement/statement_runner.h"

namespace crannog::cli {
namespace {

constexpr uint64_t kRowsOnScreen = 200;

struct SqlOptions {
  std::vector<std::string> texts;
  std::vector<std::string> files;
  std::string format = "table";
  std::string output;
  std::string reference;
  int64_t rows_max = -1;
  bool timing = false;
};

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Everything but what depends on an open lake.
Result<RunnerOptions> MakeRunnerOptions(const SqlOptions& options, const Terminal& terminal,
                                        File& output) {
  RunnerOptions runner;
  CRANNOG_ASSIGN(runner.format, ParseFormat(options.format));
  if (runner.format == Format::kParquet) {
    runner.parquet_path = options.output;
  } else if (!options.output.empty()) {
    output.reset(std::fopen(options.output.c_str(), "w"));
    if (!output) {
      return Fail(Code::kIo,
                  fmt::format("open {} for the answer: {}", options.output, std::strerror(errno)));
    }
    runner.out = output.get();
  }
  const bool on_screen = terminal.out && options.output.empty();
  if (on_screen) runner.style = {terminal.columns, true, terminal.colour};
  if (options.rows_max >= 0) {
    runner.rows_max = static_cast<uint64_t>(options.rows_max);
  } else if (on_screen && runner.format == Format::kTable) {
    runner.rows_max = kRowsOnScreen;
  }
  runner.timing = options.timing || on_screen;
  runner.bar = terminal.err;
  return runner;
}

Status RunSql(const SqlOptions& options, const Invocation& invocation) {
  const Terminal& terminal = invocation.terminal;
  File output(nullptr, &std::fclose);
  CRANNOG_ASSIGN(const RunnerOptions runner_options, MakeRunnerOptions(options, terminal, output));
  std::vector<std::pair<std::string, std::string>> texts;  // where from, what
  for (const std::string& path : options.files) {
    CRANNOG_ASSIGN(std::string text, ReadStatements(path));
    texts.emplace_back(path, std::move(text));
  }
  const bool interactive = options.texts.empty() && options.files.empty() && terminal.in;
  if (options.texts.empty() && options.files.empty() && !interactive) {
    CRANNOG_ASSIGN(std::string text, ReadStatements("-"));
    texts.emplace_back("", std::move(text));
  }
  for (const std::string& text : options.texts) texts.emplace_back("", text);

  CatchInterrupts();
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, true, options.reference));
  CRANNOG_ASSIGN(const auto connection, database->Connect());
  if (interactive) return RunShell(*connection, runner_options, terminal);
  StatementRunner runner(*connection, runner_options);
  for (const auto& [path, text] : texts) {
    Status status = runner.RunAll(text);
    if (status) continue;
    if (path.empty()) return status;
    return std::unexpected(std::move(status).error().Within(path));
  }
  return {};
}

}  // namespace

void AddSql(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<SqlOptions>();
  CLI::App* command = app.add_subcommand(
      "sql", "Run SQL: -c TEXT, -f FILE, standard input, or a prompt on a terminal");
  command->add_option("-c,--command", options->texts, "Statements to run")->type_name("TEXT");
  command->add_option("-f,--file", options->files, "Files of statements; - is standard input");
  command->add_option("--format", options->format, "How answers are printed")
      ->check(CLI::IsMember({"table", "csv", "json", "jsonl", "markdown", "parquet"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "File for the answers (parquet needs one)");
  command->add_option("--on", options->reference, "Branch, tag or commit to look at")
      ->type_name("REF");
  command->add_option("--rows-max", options->rows_max,
                      "Rows shown of an answer; 0 is all (default: 200 on a terminal, else all)");
  command->add_flag("--timing", options->timing, "Say how long each statement took");
  command->footer(Examples({"crannog sql", "crannog sql -c \"SELECT 42 AS answer\"",
                            "crannog sql -f report.sql --format csv --output report.csv",
                            "crannog sql --on dev -c \"SELECT count(*) FROM bronze.orders\"",
                            "echo 'SHOW BRANCHES' | crannog sql --format json"}));
  command->callback([options, &invocation] {
    if (options->format == "parquet" && options->output.empty()) {
      throw CLI::ValidationError("--format parquet", "needs --output FILE");
    }
    invocation.action = [options, &invocation] { return RunSql(*options, invocation); };
  });
}

}  // namespace crannog::cli
