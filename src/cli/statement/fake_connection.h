// A connection without an engine, for this folder's tests.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sql/connection.h"

namespace crannog::cli {

struct FakeAnswer {
  sql::AnswerKind kind = sql::AnswerKind::kRows;
  std::vector<sql::Column> columns;
  std::vector<sql::RowBatch> batches;
  std::optional<Error> error;  // after the batches
};

class FakeRows : public sql::Rows {
 public:
  FakeRows(FakeAnswer answer, std::atomic<int>& live) : answer_(std::move(answer)), live_(live) {
    ++live_;
  }
  ~FakeRows() override { --live_; }
  sql::AnswerKind kind() const override { return answer_.kind; }
  const std::vector<sql::Column>& columns() const override { return answer_.columns; }
  Result<bool> Next(sql::RowBatch& batch) override {
    if (at_ < answer_.batches.size()) {
      batch = answer_.batches[at_++];
      return true;
    }
    if (answer_.error) return std::unexpected(*answer_.error);
    return false;
  }

 private:
  FakeAnswer answer_;
  std::atomic<int>& live_;
  size_t at_ = 0;
};

// Splits at every ';' and answers by what `answer` says of a statement.
class FakeConnection : public sql::Connection {
 public:
  using Answer = std::function<Result<FakeAnswer>(const std::string&)>;
  explicit FakeConnection(Answer answer) : answer_(std::move(answer)) {}

  Result<std::vector<std::string>> Split(std::string_view text) override {
    std::vector<std::string> out;
    while (!text.empty()) {
      const size_t end = std::min(text.find(';'), text.size());
      const std::string_view one = text.substr(0, end);
      if (one.find_first_not_of(" \n") != std::string_view::npos) out.emplace_back(one);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }
  Result<std::unique_ptr<sql::Rows>> Execute(std::string_view statement) override {
    executed.emplace_back(statement);
    CRANNOG_ASSIGN(FakeAnswer answer, answer_(executed.back()));
    return std::make_unique<FakeRows>(std::move(answer), live);
  }
  std::string reference() const override { return "main"; }
  Status UseReference(std::string_view) override { return {}; }
  std::vector<std::string> Complete(std::string_view) override { return {}; }
  void Interrupt() override { ++interrupts; }
  double progress() const override { return 0.5; }

  std::vector<std::string> executed;
  std::atomic<int> live = 0;  // answers that were not dropped
  std::atomic<int> interrupts = 0;

 private:
  Answer answer_;
};

}  // namespace crannog::cli
