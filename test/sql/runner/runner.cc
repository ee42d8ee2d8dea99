#include "runner.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

namespace crannog::test {
namespace {

constexpr std::string_view kAnything = "<any>";

// A cell as scripts write it: one line, without tabs.
std::string Cell(const std::optional<std::string>& value) {
  if (!value) return "NULL";
  if (value->empty()) return "(empty)";
  std::string cell;
  for (const char c : *value) {
    if (c == '\n') {
      cell += "\\n";
    } else if (c == '\t') {
      cell += "\\t";
    } else if (c == '\\') {
      cell += "\\\\";
    } else {
      cell += c;
    }
  }
  return cell;
}

std::vector<std::string_view> Cells(std::string_view row) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t end = row.find('\t');
    cells.push_back(row.substr(0, end));
    if (end == std::string_view::npos) return cells;
    row.remove_prefix(end + 1);
  }
}

bool SameRow(std::string_view expected, std::string_view actual) {
  if (expected.find(kAnything) == std::string_view::npos) return expected == actual;
  return std::ranges::equal(
      Cells(expected), Cells(actual),
      [](std::string_view want, std::string_view got) { return want == kAnything || want == got; });
}

bool IsOfType(char letter, sql::ValueKind kind) {
  switch (letter) {
    case 'I':
    case 'R':
      return kind == sql::ValueKind::kNumber;
    case 'T':
      return kind == sql::ValueKind::kText;
    case 'B':
      return kind == sql::ValueKind::kBoolean;
    case 'D':
      return kind == sql::ValueKind::kTime;
    case 'X':
      return kind == sql::ValueKind::kBinary;
    case 'N':
      return kind == sql::ValueKind::kNested;
    default:
      return true;
  }
}

std::string TypesDifference(const std::string& types, const std::vector<sql::Column>& columns) {
  if (types.size() != columns.size()) {
    return "expected " + std::to_string(types.size()) + " columns, got " +
           std::to_string(columns.size());
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!IsOfType(types[i], columns[i].kind)) {
      return "column " + columns[i].name + " is " + columns[i].type + ", expected " + types[i];
    }
  }
  return "";
}

std::string Joined(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += "    " + row + "\n";
  return text.empty() ? "    (no rows)\n" : text;
}

// The first word, in capitals: enough to see a transaction begin and end.
std::string Verb(const std::string& body) {
  std::string verb;
  for (const char c : body) {
    if (!std::isalpha(static_cast<unsigned char>(c))) break;
    verb += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return verb;
}

}  // namespace

Runner::Runner(RunnerOptions options) : options_(std::move(options)) {
  values_["DIR"] = options_.directory.string();
  values_["LAKE"] = (options_.directory / "lake").string();
  values_["SOURCE"] = options_.source_dir.string();
}

Runner::~Runner() { Close(); }

Status Runner::Open() {
  sql::DatabaseOptions options;
  options.lake = values_["LAKE"];
  if (options_.directory_warehouse) {
    options.warehouse = "file://" + (options_.directory / "warehouse").string();
  }
  options.memory_bytes_max = options_.memory_bytes_max;
  options.threads = options_.threads;
  CRANNOG_ASSIGN(database_, sql::Database::Open(options));
  return {};
}

void Runner::Close() {
  connections_.clear();
  database_.reset();
  in_transaction_ = false;
}

Status Runner::RestartKeepingReference() {
  CRANNOG_ASSIGN(const sql::Connection* before, Current());
  const std::string reference = before->reference();
  Close();
  CRANNOG_RETURN_IF_ERROR(Open());
  CRANNOG_ASSIGN(sql::Connection * after, Current());
  if (after->reference() == reference) return {};
  return after->UseReference(reference);
}

Result<sql::Connection*> Runner::Current() {
  std::unique_ptr<sql::Connection>& connection = connections_[current_];
  if (!connection) {
    CRANNOG_ASSIGN(connection, database_->Connect());
  }
  return connection.get();
}

Result<Runner::Answer> Runner::Execute(const std::string& body) {
  CRANNOG_ASSIGN(sql::Connection * connection, Current());
  CRANNOG_ASSIGN(const std::unique_ptr<sql::Rows> rows, connection->Execute(body));
  Answer answer;
  answer.columns = rows->columns();
  while (true) {
    sql::RowBatch batch;
    CRANNOG_ASSIGN(const bool more, rows->Next(batch));
    if (!more) return answer;
    for (const auto& row : batch.rows) {
      std::string text;
      for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "\t") + Cell(row[i]);
      answer.rows.push_back(std::move(text));
    }
  }
}

std::string Runner::Substitute(const std::string& text) const {
  std::string result = text;
  for (const auto& [name, value] : values_) {
    const std::string mark = "${" + name + "}";
    for (std::size_t at = result.find(mark); at != std::string::npos;
         at = result.find(mark, at + value.size())) {
      result.replace(at, mark.size(), value);
    }
  }
  return result;
}

std::string Runner::RunStatement(const Record& record) {
  const std::string body = Substitute(record.body);
  const Result<Answer> answer = Execute(body);
  const std::string verb = Verb(body);
  if (verb == "BEGIN" || verb == "START") in_transaction_ = answer.has_value();
  if (verb == "COMMIT" || verb == "ROLLBACK" || verb == "ABORT" || verb == "END") {
    in_transaction_ = false;
  }
  if (record.error_code) {
    if (answer) return "expected error " + *record.error_code + ", but it succeeded";
    if (CodeName(answer.error().code()) == *record.error_code) return "";
    return "expected error " + *record.error_code + ", got " + answer.error().ToString();
  }
  if (!answer) return "expected success, got " + answer.error().ToString();
  if (record.changed_count) {
    const std::string changed = answer->rows.size() == 1 ? answer->rows.front() : "no count";
    if (changed != *record.changed_count) {
      return "expected " + *record.changed_count + " rows written, got " + changed;
    }
  }
  return "";
}

std::string Runner::RunQuery(const Record& record) {
  Result<Answer> answer = Execute(Substitute(record.body));
  if (!answer) return "expected rows, got " + answer.error().ToString();
  const std::string types = TypesDifference(record.types, answer->columns);
  if (!types.empty()) return types;

  std::vector<std::string> expected;
  for (const std::string& row : record.rows) expected.push_back(Substitute(row));
  if (record.sorted) {
    std::ranges::sort(expected);
    std::ranges::sort(answer->rows);
  }
  answers_[record.line] = answer->rows;
  if (std::ranges::equal(expected, answer->rows, SameRow)) return "";
  return "expected\n" + Joined(expected) + "  got\n" + Joined(answer->rows);
}

std::string Runner::RunLet(const Record& record) {
  const Result<Answer> answer = Execute(Substitute(record.body));
  if (!answer) return "expected one value, got " + answer.error().ToString();
  if (answer->rows.size() != 1 || answer->columns.size() != 1) {
    return "expected one value, got\n" + Joined(answer->rows);
  }
  values_[record.name] = answer->rows.front();
  return "";
}

std::string Runner::RunFile(const Record& record) {
  const std::filesystem::path path = options_.directory / record.name;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << Substitute(record.body) << '\n';
  out.close();
  return out.fail() ? "could not write " + path.string() : "";
}

std::string Runner::RunRecord(const Record& record) {
  switch (record.kind) {
    case RecordKind::kStatement:
      return RunStatement(record);
    case RecordKind::kQuery:
      return RunQuery(record);
    case RecordKind::kLet:
      return RunLet(record);
    case RecordKind::kFile:
      return RunFile(record);
    case RecordKind::kConnection:
      current_ = record.name;
      return "";
    case RecordKind::kRestart: {
      Close();
      const Status opened = Open();
      return opened ? "" : "could not reopen the lake: " + opened.error().ToString();
    }
  }
  return "a record of no kind";
}

Result<std::vector<std::string>> Runner::Run(const Script& script) {
  std::error_code error;
  std::filesystem::remove_all(options_.directory, error);
  std::filesystem::create_directories(options_.directory / "warehouse", error);
  if (error) {
    return Fail(Code::kIo, "make " + options_.directory.string() + ": " + error.message());
  }
  CRANNOG_RETURN_IF_ERROR(Open());
  std::vector<std::string> failures;
  for (const Record& record : script.records) {
    std::string difference = RunRecord(record);
    if (!difference.empty()) {
      failures.push_back("line " + std::to_string(record.line) + ": " + record.body + "\n  " +
                         std::move(difference));
      if (failures.size() == options_.failures_max || !database_) break;
    }
    if (options_.restart_often && !in_transaction_ && connections_.size() <= 1) {
      CRANNOG_RETURN_IF_ERROR(RestartKeepingReference());
    }
  }
  Close();
  return failures;
}

}  // namespace crannog::test
