#include "cli/statement/statement_runner.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "cli/output/plan_format.h"
#include "cli/output/progress.h"
#include "cli/statement/load_plan.h"
#include "cli/statement/statement_watch.h"

namespace crannog::cli {
namespace {

constexpr size_t kFlushBytes = size_t{1} << 16;

}  // namespace

Status StatementRunner::RunAll(std::string_view text) {
  CRANNOG_ASSIGN(const std::vector<std::string> statements, connection_->Split(text));
  for (const std::string& statement : statements) CRANNOG_RETURN_IF_ERROR(Run(statement));
  return {};
}

Status StatementRunner::Run(std::string_view statement) {
  if (options_.format == Format::kParquet) return RunParquet(statement);
  const auto start = std::chrono::steady_clock::now();
  sql::AnswerKind kind = sql::AnswerKind::kNothing;
  CRANNOG_ASSIGN(const Shown shown, Print(statement, kind));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::string line = Summary(shown, kind, seconds);
  return Write(line);
}

Status StatementRunner::RunParquet(std::string_view statement) {
  while (!statement.empty() && (statement.back() == ';' || statement.back() == '\n')) {
    statement.remove_suffix(1);
  }
  sql::AnswerKind kind = sql::AnswerKind::kNothing;
  const std::string copy = fmt::format("COPY (\n{}\n) TO {} (FORMAT parquet)", statement,
                                       SqlString(options_.parquet_path));
  auto shown = Print(copy, kind);
  if (!shown) {
    return std::unexpected(std::move(shown).error().Within("write " + options_.parquet_path));
  }
  fmt::print(stderr, "{} rows written to {}\n", shown->changed, options_.parquet_path);
  return {};
}

Result<StatementRunner::Shown> StatementRunner::Print(std::string_view statement,
                                                      sql::AnswerKind& kind) {
  StatementWatch watch(*connection_, options_.bar);
  const auto told = [&watch](Error error) -> std::unexpected<Error> {
    if (!watch.interrupted()) return std::unexpected(std::move(error));
    return Fail(error.code(), "stopped by Ctrl-C; nothing of the statement was kept");
  };
  auto rows = connection_->Execute(statement);
  if (!rows) return told(std::move(rows).error());
  kind = (*rows)->kind();
  if (kind == sql::AnswerKind::kRows) {
    auto shown = PrintRows(**rows, watch);
    if (!shown) return told(std::move(shown).error());
    return shown;
  }
  Shown shown;
  sql::RowBatch batch;
  while (true) {
    auto more = (*rows)->Next(batch);
    if (!more) return told(std::move(more).error());
    if (!*more) return shown;
    if (!batch.rows.empty() && !batch.rows[0].empty())
      shown.changed = batch.rows[0][0].value_or("");
  }
}

Result<StatementRunner::Shown> StatementRunner::PrintRows(sql::Rows& rows, StatementWatch& watch) {
  Shown shown;
  shown.plan = options_.format == Format::kTable && IsPlan(rows.columns());
  std::unique_ptr<RowFormat> format = std::make_unique<PlanFormat>();
  if (!shown.plan) format = MakeRowFormat(options_.format, options_.style);
  std::string out;
  format->Begin(rows.columns(), out);
  sql::RowBatch batch;
  while (true) {
    CRANNOG_ASSIGN(const bool more, rows.Next(batch));
    watch.HideBar();  // not sooner: most of the work may be before the first batch
    if (!more) break;
    const uint64_t left = options_.rows_max - shown.rows;
    if (options_.rows_max > 0 && batch.rows.size() > left) {
      batch.rows.resize(left);
      shown.more = true;
    }
    shown.rows += batch.rows.size();
    format->Add(batch, out);
    if (out.size() >= kFlushBytes) CRANNOG_RETURN_IF_ERROR(Write(out));
    if (shown.more) break;
  }
  format->End(out);
  CRANNOG_RETURN_IF_ERROR(Write(out));
  return shown;
}

std::string StatementRunner::Summary(const Shown& shown, sql::AnswerKind kind,
                                     double seconds) const {
  if (!options_.summary || options_.format != Format::kTable) return {};
  std::string line;
  if (shown.plan) {
    if (!options_.timing) return {};
    line = "done";
  } else if (kind == sql::AnswerKind::kRows) {
    if (shown.more) {
      line = fmt::format("first {} rows; there are more (\\rows 0 or --rows-max 0 shows all)",
                         Grouped(shown.rows));
    } else {
      line = fmt::format("{} row{}", Grouped(shown.rows), shown.rows == 1 ? "" : "s");
    }
  } else if (kind == sql::AnswerKind::kChanged && !shown.changed.empty()) {
    line = fmt::format("{} row{} written", shown.changed, shown.changed == "1" ? "" : "s");
  } else {
    // A script that prints "done" for each CREATE is noise; a prompt that says nothing is worse.
    if (!options_.timing) return {};
    line = "done";
  }
  if (options_.timing) line += " in " + Duration(seconds);
  return line + "\n";
}

Status StatementRunner::Write(std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), options_.out) == text.size() &&
                       std::fflush(options_.out) == 0;
  text.clear();
  if (written) return {};
  return Fail(Code::kIo, fmt::format("write the answer: {}", std::strerror(errno)));
}

}  // namespace crannog::cli
