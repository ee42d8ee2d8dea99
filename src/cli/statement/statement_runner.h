// Runs statements on a connection and prints their answers.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "cli/output/row_format.h"
#include "sql/connection.h"

namespace crannog::cli {

class StatementWatch;

struct RunnerOptions {
  Format format = Format::kTable;
  TableStyle style;
  std::FILE* out = stdout;   // not owned
  std::string parquet_path;  // where Format::kParquet goes
  uint64_t rows_max = 0;     // rows shown of one answer; 0: all
  bool summary = true;       // a line with the count of rows below a table
  bool timing = false;       // and the time it took
  bool bar = false;
};

// Not thread-safe.
class StatementRunner {
 public:
  StatementRunner(sql::Connection& connection, RunnerOptions options)
      : connection_(&connection), options_(std::move(options)) {}

  // Every statement of `text`, stopping at the first that fails.
  Status RunAll(std::string_view text);
  Status Run(std::string_view statement);

  RunnerOptions& options() { return options_; }

 private:
  struct Shown {
    uint64_t rows = 0;
    bool more = false;  // rows_max cut the answer
    bool plan = false;  // of EXPLAIN; nobody counts its rows
    std::string changed;
  };

  Status RunParquet(std::string_view statement);
  Result<Shown> Print(std::string_view statement, sql::AnswerKind& kind);
  Result<Shown> PrintRows(sql::Rows& rows, StatementWatch& watch);
  // "3 rows in 12 ms"
  std::string Summary(const Shown& shown, sql::AnswerKind kind, double seconds) const;
  Status Write(std::string& text);

  sql::Connection* connection_;
  RunnerOptions options_;
};

}  // namespace crannog::cli
