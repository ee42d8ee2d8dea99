// A table for people: aligned, and cut to the screen.
#pragma once

#include <string>
#include <vector>

#include "cli/output/row_format.h"

namespace crannog::cli {

// The first kMeasuredRows rows set the widths; the ones after them are cut to fit and streamed, so
// memory stays bounded however long the answer is.
class TableFormat : public RowFormat {
 public:
  static constexpr size_t kMeasuredRows = 1000;

  explicit TableFormat(const TableStyle& style) : style_(style) {}
  void Begin(const std::vector<sql::Column>& columns, std::string& out) override;
  void Add(const sql::RowBatch& batch, std::string& out) override;
  void End(std::string& out) override;

 private:
  struct Cell {
    std::string text;  // printable
    bool null = false;
  };
  using Row = std::vector<Cell>;

  // Decides the widths from what was gathered, then prints the head and the gathered rows.
  void Flush(std::string& out);
  void ChooseWidths();
  void AppendRule(const char* left, const char* mid, const char* right, std::string& out) const;
  void AppendHead(std::string& out) const;
  void AppendRow(const Row& row, std::string& out) const;
  void AppendCell(const Cell& cell, size_t column, bool head, std::string& out) const;
  // Screen columns that the lines around `count` columns take.
  size_t Frame(size_t count) const { return style_.box ? 3 * count + 1 : 3 * count - 2 + 1; }

  TableStyle style_;
  std::vector<sql::Column> columns_;
  std::vector<Row> gathered_;
  std::vector<size_t> widths_;
  size_t shown_ = 0;  // columns that fit the screen; the others are named below the table
  bool flushed_ = false;
};

}  // namespace crannog::cli
