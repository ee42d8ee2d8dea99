#include "cli/output/row_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/output/table_format.h"
#include "cli/output/text_width.h"

namespace crannog::cli {
namespace {

using Cell = std::optional<std::string>;

// RFC 4180, with \n for line ends.
class CsvFormat : public RowFormat {
 public:
  void Begin(const std::vector<sql::Column>& columns, std::string& out) override {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += ',';
      AppendField(columns[i].name, out);
    }
    out += '\n';
  }
  void Add(const sql::RowBatch& batch, std::string& out) override {
    for (const auto& row : batch.rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += ',';
        if (row[i]) AppendField(*row[i], out);
      }
      out += '\n';
    }
  }
  void End(std::string&) override {}

 private:
  static void AppendField(std::string_view text, std::string& out) {
    const bool plain = !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain) {
      out += text;
      return;
    }
    out += '"';
    for (const char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
};

bool IsJsonNumber(std::string_view text) {
  // The engine prints nan and inf too, which JSON has no number for.
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

class JsonFormat : public RowFormat {
 public:
  explicit JsonFormat(bool lines) : lines_(lines) {}
  void Begin(const std::vector<sql::Column>& columns, std::string& out) override {
    kinds_.clear();
    names_.clear();
    for (const sql::Column& column : columns) {
      std::string name;
      AppendJsonString(column.name, name);
      names_.push_back(std::move(name));
      kinds_.push_back(column.kind);
    }
    if (!lines_) out += '[';
  }
  void Add(const sql::RowBatch& batch, std::string& out) override {
    for (const auto& row : batch.rows) {
      if (!lines_) out += first_ ? "\n" : ",\n";
      first_ = false;
      out += '{';
      for (size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += ',';
        out += names_[i];
        out += ':';
        AppendValue(row[i], kinds_[i], out);
      }
      out += lines_ ? "}\n" : "}";
    }
  }
  void End(std::string& out) override {
    if (!lines_) out += first_ ? "]\n" : "\n]\n";
  }

 private:
  static void AppendValue(const Cell& cell, sql::ValueKind kind, std::string& out) {
    if (!cell) {
      out += "null";
      return;
    }
    const bool bare = kind == sql::ValueKind::kBoolean ||
                      (kind == sql::ValueKind::kNumber && IsJsonNumber(*cell));
    if (bare) {
      out += *cell;
    } else {
      AppendJsonString(*cell, out);
    }
  }

  bool lines_;
  bool first_ = true;
  std::vector<std::string> names_;
  std::vector<sql::ValueKind> kinds_;
};

class MarkdownFormat : public RowFormat {
 public:
  void Begin(const std::vector<sql::Column>& columns, std::string& out) override {
    for (const sql::Column& column : columns) out += "| " + Escaped(column.name) + " ";
    out += "|\n";
    for (const sql::Column& column : columns) {
      out += column.kind == sql::ValueKind::kNumber ? "|---:" : "|---";
    }
    out += "|\n";
  }
  void Add(const sql::RowBatch& batch, std::string& out) override {
    for (const auto& row : batch.rows) {
      for (const Cell& cell : row) out += "| " + (cell ? Escaped(*cell) : "*NULL*") + " ";
      out += "|\n";
    }
  }
  void End(std::string&) override {}

 private:
  static std::string Escaped(std::string_view text) {
    std::string out;
    for (const char c : Printable(text)) {
      if (c == '|' || c == '*' || c == '_' || c == '`' || c == '<') out += '\\';
      out += c;
    }
    return out;
  }
};

}  // namespace

Result<Format> ParseFormat(std::string_view name) {
  constexpr std::pair<std::string_view, Format> kFormats[] = {
      {"table", Format::kTable},       {"csv", Format::kCsv},
      {"json", Format::kJson},         {"jsonl", Format::kJsonLines},
      {"markdown", Format::kMarkdown}, {"parquet", Format::kParquet}};
  for (const auto& [text, format] : kFormats) {
    if (text == name) return format;
  }
  return Fail(
      Code::kInvalid,
      fmt::format("format {}: there are table, csv, json, jsonl, markdown and parquet", name));
}

std::unique_ptr<RowFormat> MakeRowFormat(Format format, const TableStyle& style) {
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvFormat>();
    case Format::kJson:
      return std::make_unique<JsonFormat>(false);
    case Format::kJsonLines:
      return std::make_unique<JsonFormat>(true);
    case Format::kMarkdown:
      return std::make_unique<MarkdownFormat>();
    case Format::kTable:
    case Format::kParquet:
      break;
  }
  return std::make_unique<TableFormat>(style);
}

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const size_t bytes = Utf8Length(text.substr(i));
      out += bytes == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(i, bytes);
      i += std::max<size_t>(bytes, 1);
      continue;
    }
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (c < 0x20) {
          out += fmt::format("\\u{:04x}", c);
        } else {
          out += static_cast<char>(c);
        }
    }
    ++i;
  }
  out += '"';
}

}  // namespace crannog::cli
