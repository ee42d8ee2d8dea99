// A connection to the lake's SQL: statements in, batches of rows out. The engine behind it stays
// behind it; nobody above this folder sees its types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::sql {

// How a column's values look to people and to JSON.
enum class ValueKind : uint8_t { kBoolean, kNumber, kText, kTime, kBinary, kNested };

struct Column {
  std::string name;
  std::string type;  // SQL name: BIGINT, DECIMAL(10,2), STRUCT(a INTEGER)
  ValueKind kind = ValueKind::kText;
};

// Cells as text, as a client prints them; std::nullopt is NULL.
struct RowBatch {
  std::vector<std::vector<std::optional<std::string>>> rows;
};

// What kind of answer a statement gives.
enum class AnswerKind : uint8_t {
  kRows,     // a result to show
  kChanged,  // one row, one number: how many rows were written
  kNothing,  // done; nothing to show
};

// The answer to one statement, streamed: at most one batch is in memory.
// Belongs to its connection, which runs nothing else until the rows are drained or dropped.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual AnswerKind kind() const = 0;
  virtual const std::vector<Column>& columns() const = 0;
  // The next batch; false when there is none. The errors of execution surface here.
  virtual Result<bool> Next(RowBatch& batch) = 0;
};

// Not thread-safe, but for Interrupt() and progress().
class Connection {
 public:
  virtual ~Connection() = default;
  // Splits a text into statements as the engine's parser sees them, each with its own text.
  virtual Result<std::vector<std::string>> Split(std::string_view text) = 0;
  // Runs one statement.
  virtual Result<std::unique_ptr<Rows>> Execute(std::string_view statement) = 0;
  // The branch, tag or commit that unqualified names resolve on.
  virtual std::string reference() const = 0;
  // The same as USE BRANCH.   kNotFound
  virtual Status UseReference(std::string_view name) = 0;
  // Words that may follow `text` when the user asks to complete it.
  virtual std::vector<std::string> Complete(std::string_view text) = 0;
  // Stops the running statement soon; from any thread.
  virtual void Interrupt() = 0;
  // Of the running statement, from 0 to 1; negative when unknown. From any thread.
  virtual double progress() const = 0;
};

}  // namespace crannog::sql
