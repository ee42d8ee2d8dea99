#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_size.h"
#include "cli/command.h"
#include "cli/output/interrupt.h"
#include "cli/output/progress.h"
#include "cli/statement/load_plan.h"
#include "cli/statement/statement_watch.h"

namespace crannog::cli {
namespace {

struct LoadOptions {
  std::vector<std::string> names;  // the files and, last, the table
  std::string reference;
  std::string partition_by;
  std::vector<std::string> reader_options;
  bool replace = false;
  bool create = true;
};

// Rows that a statement wrote.
Result<uint64_t> Write(sql::Connection& connection, const std::string& statement, bool bar) {
  StatementWatch watch(connection, bar);
  CRANNOG_ASSIGN(const auto rows, connection.Execute(statement));
  sql::RowBatch batch;
  uint64_t written = 0;
  while (true) {
    CRANNOG_ASSIGN(const bool more, rows->Next(batch));
    if (!more) return written;
    // CREATE TABLE AS counts too, though to people it shows nothing.
    if (rows->kind() == sql::AnswerKind::kRows || batch.rows.empty()) continue;
    const std::string text = batch.rows[0].empty() ? "" : batch.rows[0][0].value_or("");
    std::from_chars(text.data(), text.data() + text.size(), written);
  }
}

Result<bool> TableExists(sql::Connection& connection, const LoadTarget& target) {
  const auto rows = Write(connection, fmt::format("SELECT * FROM {} LIMIT 0", target.table), false);
  if (rows) return true;
  if (rows.error().code() == Code::kNotFound) return false;
  return std::unexpected(rows.error());
}

// The statements that load, in one transaction.
Result<std::vector<std::string>> Plan(const LoadOptions& options, const LoadTarget& target,
                                      const std::string& select, bool exists) {
  const std::string partitioned =
      options.partition_by.empty() ? "" : fmt::format(" PARTITIONED BY ({})", options.partition_by);
  std::vector<std::string> statements;
  if (!exists) {
    if (!options.create) {
      return Fail(Code::kNotFound, fmt::format("load into {}: there is no such table, and "
                                               "--no-create forbids to make it",
                                               target.table));
    }
    if (!target.schema.empty()) {
      statements.push_back(fmt::format("CREATE SCHEMA IF NOT EXISTS {}", target.schema));
    }
    statements.push_back(fmt::format("CREATE TABLE {}{} AS {}", target.table, partitioned, select));
    return statements;
  }
  if (options.replace && !partitioned.empty()) {
    statements.push_back(
        fmt::format("CREATE OR REPLACE TABLE {}{} AS {}", target.table, partitioned, select));
    return statements;
  }
  if (!partitioned.empty()) {
    return Fail(Code::kExists,
                fmt::format("load into {}: the table is there and keeps its partitions; "
                            "--replace makes it anew",
                            target.table));
  }
  // The table keeps its columns, its partitions and its history.
  if (options.replace) statements.push_back(fmt::format("DELETE FROM {}", target.table));
  statements.push_back(fmt::format("INSERT INTO {} BY NAME {}", target.table, select));
  return statements;
}

Result<uint64_t> RunInTransaction(sql::Connection& connection,
                                  const std::vector<std::string>& statements, bool bar) {
  CRANNOG_RETURN_IF_ERROR(Write(connection, "BEGIN", false));
  uint64_t rows = 0;
  for (const std::string& statement : statements) {
    auto written = Write(connection, statement, bar);
    if (!written) {
      const auto rolled_back = Write(connection, "ROLLBACK", false);
      (void)rolled_back;  // the first error is the one to tell; dropping the connection undoes it
      return std::unexpected(std::move(written).error());
    }
    rows = *written;  // of the last one: the others only make room
  }
  CRANNOG_RETURN_IF_ERROR(Write(connection, "COMMIT", false));
  return rows;
}

Status RunLoad(const LoadOptions& options, const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  CRANNOG_ASSIGN(const LoadTarget target, LoadTarget::Parse(options.names.back()));
  CRANNOG_ASSIGN(const LoadSource source,
                 FindFiles({options.names.begin(), options.names.end() - 1}));
  CRANNOG_ASSIGN(const std::string select, SelectFrom(source.files, options.reader_options));
  CatchInterrupts();
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, true, options.reference));
  CRANNOG_ASSIGN(const auto connection, database->Connect());
  CRANNOG_ASSIGN(const bool exists, TableExists(*connection, target));
  CRANNOG_ASSIGN(const auto statements, Plan(options, target, select, exists));
  auto rows = RunInTransaction(*connection, statements, invocation.terminal.err);
  if (!rows) {
    return std::unexpected(
        std::move(rows).error().Within(fmt::format("load into {}", options.names.back())));
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print(
      "{}: {} rows from {} file{}, {} in {} ({} rows/s, {}/s)\n", options.names.back(),
      Grouped(*rows), source.files.size(), source.files.size() == 1 ? "" : "s",
      FormatByteSize(source.size_bytes), Duration(seconds),
      Grouped(static_cast<uint64_t>(static_cast<double>(*rows) / seconds)),
      FormatByteSize(static_cast<uint64_t>(static_cast<double>(source.size_bytes) / seconds)));
  return {};
}

}  // namespace

void AddLoad(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<LoadOptions>();
  CLI::App* command =
      app.add_subcommand("load", "Load CSV, JSON or Parquet files into a table, all or nothing");
  command->add_option("FILES TABLE", options->names, "Files or globs, and the table they go into")
      ->required()
      ->expected(2, CLI::detail::expected_max_vector_size);
  command->add_option("--on", options->reference, "The branch that takes them")->type_name("REF");
  command->add_flag("--create,!--no-create", options->create,
                    "Make the table when absent, from the files' types (the default)");
  command->add_flag("--replace", options->replace, "Instead of what the table holds now");
  command
      ->add_option("--partition-by", options->partition_by,
                   "Partitions of a table that is made: \"day(ts), bucket(16, id)\"")
      ->type_name("TERMS");
  command
      ->add_option("--option", options->reader_options,
                   "NAME=VALUE for the reader of CSV or JSON: delim, header, nullstr, ...")
      ->type_name("NAME=VALUE");
  command->footer(
      Examples({"crannog load orders.csv bronze.orders",
                "crannog load 'data/*.parquet' bronze.events --partition-by \"day(ts)\"",
                "crannog load fix.csv bronze.orders --on repair",
                "crannog load all.jsonl bronze.events --replace",
                "crannog load a.txt t --option delim='|' --option nullstr=NA"}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunLoad(*options, invocation); };
  });
}

}  // namespace crannog::cli
