// Answers as text: one class per format, fed with batches, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/connection.h"

namespace crannog::cli {

enum class Format : uint8_t { kTable, kCsv, kJson, kJsonLines, kMarkdown, kParquet };

// kInvalid names the formats there are.
Result<Format> ParseFormat(std::string_view name);

struct TableStyle {
  size_t columns_max = 0;  // of the screen; 0: as wide as the values are
  bool box = false;        // Unicode lines; else plain ones that a program can cut at " | "
  bool colour = false;
};

// Begin once, Add for each batch, End once; each appends what is ready to `out`.
class RowFormat {
 public:
  virtual ~RowFormat() = default;
  virtual void Begin(const std::vector<sql::Column>& columns, std::string& out) = 0;
  virtual void Add(const sql::RowBatch& batch, std::string& out) = 0;
  virtual void End(std::string& out) = 0;
};

// NULL in each: table NULL (dim when coloured), csv nothing (an empty text is ""), json null,
// markdown NULL in italics. kParquet has no RowFormat: it is written by COPY.
std::unique_ptr<RowFormat> MakeRowFormat(Format format, const TableStyle& style);

// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace crannog::cli
