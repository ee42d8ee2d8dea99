#include "cli/output/table_format.h"

#include <algorithm>
#include <utility>

#include "cli/output/text_width.h"

namespace crannog::cli {
namespace {

constexpr size_t kNarrowest = 6;    // a column is cut to this before columns are left out
constexpr size_t kWidestPlain = 0;  // plain output is never cut
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kReset = "\x1b[0m";

void AppendRepeated(const char* text, size_t count, std::string& out) {
  for (size_t i = 0; i < count; ++i) out += text;
}

}  // namespace

void TableFormat::Begin(const std::vector<sql::Column>& columns, std::string&) {
  columns_ = columns;
  for (sql::Column& column : columns_) column.name = Printable(column.name);
}

void TableFormat::Add(const sql::RowBatch& batch, std::string& out) {
  for (const auto& cells : batch.rows) {
    Row row;
    row.reserve(cells.size());
    for (const auto& cell : cells) {
      row.push_back(cell ? Cell{Printable(*cell), false} : Cell{"NULL", true});
    }
    if (flushed_) {
      AppendRow(row, out);
      continue;
    }
    gathered_.push_back(std::move(row));
    if (gathered_.size() == kMeasuredRows) Flush(out);
  }
}

void TableFormat::End(std::string& out) {
  if (!flushed_) Flush(out);
  if (style_.box) AppendRule("└", "┴", "┘", out);
  if (shown_ < columns_.size()) {
    out += "not shown: ";
    for (size_t i = shown_; i < columns_.size(); ++i) {
      out += (i == shown_ ? "" : ", ") + columns_[i].name;
    }
    out += '\n';
  }
}

void TableFormat::Flush(std::string& out) {
  flushed_ = true;
  ChooseWidths();
  AppendHead(out);
  for (const Row& row : gathered_) AppendRow(row, out);
  gathered_.clear();
  gathered_.shrink_to_fit();
}

void TableFormat::ChooseWidths() {
  for (const sql::Column& column : columns_) {
    widths_.push_back(std::max<size_t>(DisplayWidth(column.name), 1));
  }
  for (const Row& row : gathered_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths_[i] = std::max(widths_[i], DisplayWidth(row[i].text));
    }
  }
  shown_ = columns_.size();
  if (style_.columns_max == kWidestPlain) return;

  // Leave out columns at the end until the rest fits when cut to its narrowest.
  const auto least = [&](size_t count) {
    size_t sum = Frame(count);
    for (size_t i = 0; i < count; ++i) sum += std::min(widths_[i], kNarrowest);
    return sum;
  };
  while (shown_ > 1 && least(shown_) > style_.columns_max) --shown_;

  // Then take columns from the widest one until the rest fits.
  size_t total = Frame(shown_);
  for (size_t i = 0; i < shown_; ++i) total += widths_[i];
  while (total > style_.columns_max) {
    const auto end = widths_.begin() + static_cast<std::ptrdiff_t>(shown_);
    const auto widest = std::max_element(widths_.begin(), end);
    if (*widest <= kNarrowest) break;
    // Down to the second widest in one step keeps this linear in columns, not in characters.
    size_t second = kNarrowest;
    for (auto it = widths_.begin(); it != end; ++it) {
      if (it != widest) second = std::max(second, *it);
    }
    const size_t floor = std::min(second, *widest - 1);
    const size_t cut = std::min(total - style_.columns_max, *widest - floor);
    *widest -= cut;
    total -= cut;
  }
}

void TableFormat::AppendRule(const char* left, const char* mid, const char* right,
                             std::string& out) const {
  if (style_.colour) out += kDim;
  out += left;
  for (size_t i = 0; i < shown_; ++i) {
    if (i > 0) out += mid;
    AppendRepeated("─", widths_[i] + 2, out);
  }
  out += right;
  if (style_.colour) out += kReset;
  out += '\n';
}

void TableFormat::AppendHead(std::string& out) const {
  if (style_.box) AppendRule("┌", "┬", "┐", out);
  Row head;
  for (const sql::Column& column : columns_) head.push_back({column.name, false});
  if (style_.box) {
    for (size_t i = 0; i < shown_; ++i) {
      out += style_.colour ? (std::string(kDim) + "│" + kReset) : "│";
      AppendCell(head[i], i, true, out);
    }
    out += style_.colour ? (std::string(kDim) + "│" + kReset + "\n") : "│\n";
    AppendRule("├", "┼", "┤", out);
    return;
  }
  for (size_t i = 0; i < shown_; ++i) {
    if (i > 0) out += '|';
    AppendCell(head[i], i, true, out);
  }
  out += '\n';
  for (size_t i = 0; i < shown_; ++i) {
    if (i > 0) out += '+';
    AppendRepeated("-", widths_[i] + 2, out);
  }
  out += '\n';
}

void TableFormat::AppendRow(const Row& row, std::string& out) const {
  for (size_t i = 0; i < shown_; ++i) {
    if (style_.box) {
      out += style_.colour ? (std::string(kDim) + "│" + kReset) : "│";
    } else if (i > 0) {
      out += '|';
    }
    AppendCell(row[i], i, false, out);
  }
  if (style_.box) out += style_.colour ? (std::string(kDim) + "│" + kReset) : "│";
  out += '\n';
}

void TableFormat::AppendCell(const Cell& cell, size_t column, bool head, std::string& out) const {
  const bool cut = style_.columns_max != kWidestPlain || style_.box;
  const std::string text = cut ? Fit(cell.text, widths_[column]) : cell.text;
  const size_t width = DisplayWidth(text);
  const size_t pad = widths_[column] > width ? widths_[column] - width : 0;
  const bool right = columns_[column].kind == sql::ValueKind::kNumber;
  out += ' ';
  if (right) out.append(pad, ' ');
  const bool styled = style_.colour && (head || cell.null);
  if (styled) out += head ? kBold : kDim;
  out += text;
  if (styled) out += kReset;
  // Plain lines end with their last value, not with blanks.
  const bool last = !style_.box && column + 1 == shown_;
  if (!right && !last) out.append(pad, ' ');
  if (!last) out += ' ';
}

}  // namespace crannog::cli
