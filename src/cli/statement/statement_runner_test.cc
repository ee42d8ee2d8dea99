#include "cli/statement/statement_runner.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "cli/output/interrupt.h"
#include "cli/statement/fake_connection.h"
#include "cli/statement/shell.h"
#include "cli/statement/statement_watch.h"

namespace crannog::cli {
namespace {

class StatementRunnerTest : public testing::Test {
 protected:
  StatementRunnerTest() : file_(std::tmpfile()) { options_.out = file_; }
  ~StatementRunnerTest() override { std::fclose(file_); }

  std::string Output() {
    std::string text(static_cast<size_t>(std::ftell(file_)), '\0');
    std::rewind(file_);
    EXPECT_EQ(std::fread(text.data(), 1, text.size(), file_), text.size());
    return text;
  }

  std::FILE* file_;
  RunnerOptions options_;
};

FakeAnswer Numbers(int batches, int rows) {
  FakeAnswer answer;
  answer.columns = {{"n", "INTEGER", sql::ValueKind::kNumber}};
  for (int b = 0; b < batches; ++b) {
    sql::RowBatch batch;
    for (int r = 0; r < rows; ++r) batch.rows.push_back({std::to_string(b * rows + r)});
    answer.batches.push_back(batch);
  }
  return answer;
}

TEST_F(StatementRunnerTest, PrintsRowsAndTheirCount) {
  FakeConnection connection([](const std::string&) { return Numbers(2, 1); });
  StatementRunner runner(connection, options_);
  ASSERT_TRUE(runner.Run("SELECT"));
  EXPECT_EQ(Output(), " n\n---\n 0\n 1\n2 rows\n");
  EXPECT_EQ(connection.live, 0);
}

TEST_F(StatementRunnerTest, APlanIsPrintedAsDrawn) {
  FakeConnection connection([](const std::string&) {
    FakeAnswer answer;
    answer.columns = {{"explain_key", "VARCHAR"}, {"explain_value", "VARCHAR"}};
    answer.batches = {{{{"physical_plan", "┌─┐\n│\x1b│\n"}}}};
    return answer;
  });
  StatementRunner runner(connection, options_);
  ASSERT_TRUE(runner.Run("EXPLAIN SELECT"));
  EXPECT_EQ(Output(), "┌─┐\n│\\x1b│\n");
}

TEST_F(StatementRunnerTest, StopsAtTheFirstStatementThatFails) {
  FakeConnection connection([](const std::string& statement) -> Result<FakeAnswer> {
    if (statement == "bad") return Fail(Code::kNotFound, "table x");
    return FakeAnswer{.kind = sql::AnswerKind::kNothing, .columns = {}, .batches = {}, .error = {}};
  });
  StatementRunner runner(connection, options_);
  const Status status = runner.RunAll("good;bad;never");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Code::kNotFound);
  EXPECT_EQ(connection.executed, (std::vector<std::string>{"good", "bad"}));
}

TEST_F(StatementRunnerTest, AnErrorInTheMiddleOfTheRowsSurfaces) {
  FakeConnection connection([](const std::string&) {
    FakeAnswer answer = Numbers(1, 2);
    answer.error = Error(Code::kCorrupt, "data file");
    return answer;
  });
  StatementRunner runner(connection, options_);
  const Status status = runner.Run("SELECT");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Code::kCorrupt);
}

TEST_F(StatementRunnerTest, RowsMaxCutsAndSaysSo) {
  FakeConnection connection([](const std::string&) { return Numbers(100, 10); });
  options_.rows_max = 15;
  StatementRunner runner(connection, options_);
  ASSERT_TRUE(runner.Run("SELECT"));
  const std::string output = Output();
  EXPECT_NE(output.find("\n 14\nfirst 15 rows"), std::string::npos) << output;
}

TEST_F(StatementRunnerTest, WrittenRowsAreTold) {
  FakeConnection connection([](const std::string&) {
    FakeAnswer answer = Numbers(1, 1);
    answer.kind = sql::AnswerKind::kChanged;
    answer.batches[0].rows[0][0] = "42";
    return answer;
  });
  StatementRunner runner(connection, options_);
  ASSERT_TRUE(runner.Run("INSERT"));
  EXPECT_EQ(Output(), "42 rows written\n");
}

TEST_F(StatementRunnerTest, ParquetGoesThroughCopy) {
  FakeConnection connection([](const std::string&) {
    FakeAnswer answer = Numbers(1, 1);
    answer.kind = sql::AnswerKind::kChanged;
    return answer;
  });
  options_.format = Format::kParquet;
  options_.parquet_path = "it's.parquet";
  StatementRunner runner(connection, options_);
  ASSERT_TRUE(runner.Run("SELECT 1 -- one;"));
  EXPECT_EQ(connection.executed[0],
            "COPY (\nSELECT 1 -- one\n) TO 'it''s.parquet' (FORMAT parquet)");
}

TEST_F(StatementRunnerTest, FullDiskIsAnError) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  options_.out = full;
  FakeConnection connection([](const std::string&) { return Numbers(1, 1); });
  StatementRunner runner(connection, options_);
  const Status status = runner.Run("SELECT");
  std::fclose(full);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Code::kIo);
}

TEST_F(StatementRunnerTest, CtrlCReachesTheStatement) {
  CatchInterrupts();
  FakeConnection connection([&](const std::string&) -> Result<FakeAnswer> {
    // As the engine does: runs until somebody calls Interrupt().
    ::raise(SIGINT);
    for (int i = 0; i < 200 && connection.interrupts == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return Fail(Code::kUnavailable, "INTERRUPT");
  });
  StatementRunner runner(connection, options_);
  const Status status = runner.Run("SELECT");
  EXPECT_EQ(connection.interrupts, 1);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message().find("Ctrl-C"), std::string::npos);
  EXPECT_FALSE(TakeInterrupt());
  std::signal(SIGINT, SIG_DFL);
}

TEST_F(StatementRunnerTest, ShellCommands) {
  FakeConnection connection([](const std::string&) { return Numbers(0, 0); });
  StatementRunner runner(connection, options_);
  EXPECT_TRUE(RunShellCommand("\\d", runner));
  EXPECT_TRUE(RunShellCommand("\\d bronze.orders;", runner));
  EXPECT_EQ(connection.executed,
            (std::vector<std::string>{"SHOW ALL TABLES", "DESCRIBE bronze.orders"}));
  testing::internal::CaptureStdout();
  EXPECT_TRUE(RunShellCommand("\\timing", runner));
  EXPECT_TRUE(RunShellCommand("\\rows 7", runner));
  EXPECT_TRUE(RunShellCommand("\\rows many", runner));
  EXPECT_TRUE(RunShellCommand("\\format csv", runner));
  EXPECT_TRUE(RunShellCommand("\\nonsense", runner));
  testing::internal::GetCapturedStdout();
  EXPECT_TRUE(runner.options().timing);
  EXPECT_EQ(runner.options().rows_max, 7U);
  EXPECT_EQ(runner.options().format, Format::kCsv);
  EXPECT_FALSE(RunShellCommand("\\q", runner));
}

}  // namespace
}  // namespace crannog::cli
