// A .test file, read: records that say what to run and what must come out. The format is described
// in test/sql/README.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::test {

enum class RecordKind : uint8_t {
  kStatement,   // run `body`; must succeed, or fail with `error_code`
  kQuery,       // run `body`; its rows must be `rows`
  kLet,         // run `body`; its one cell becomes the value of `name`
  kFile,        // write `body` to the file `name`
  kRestart,     // close the lake and open it again
  kConnection,  // go on with the connection `name`, made at its first use
};

struct Record {
  RecordKind kind = RecordKind::kStatement;
  std::size_t line = 0;  // where it begins, from 1
  std::string body;
  std::string name;
  std::optional<std::string> error_code;     // kStatement: the name of the code it must fail with
  std::optional<std::string> changed_count;  // kStatement: how many rows it must write
  std::string types;                         // kQuery: a letter per column
  bool sorted = false;                       // kQuery: compare in sorted order
  std::vector<std::string> rows;             // kQuery: expected, cells joined by tabs
  std::size_t rows_begin = 0;                // kQuery: lines [rows_begin, rows_end) of the file,
  std::size_t rows_end = 0;                  // from 0, hold the expected rows
};

struct Script {
  std::vector<std::string> lines;
  std::vector<Record> records;
};

// kInvalid names the line that is not understood; a script without records is kInvalid too.
Result<Script> ParseScript(std::string_view text);

}  // namespace crannog::test
