#include "script.h"

#include <sstream>
#include <utility>

namespace crannog::test {
namespace {

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string> SplitWords(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

class Reader {
 public:
  explicit Reader(std::string_view text) { script_.lines = SplitLines(text); }

  Result<Script> Read() && {
    while (position_ < script_.lines.size()) {
      const std::string& line = script_.lines[position_];
      if (line.empty() || line.starts_with('#')) {
        ++position_;
        continue;
      }
      CRANNOG_RETURN_IF_ERROR(ReadRecord());
    }
    if (script_.records.empty()) return Fail(Code::kInvalid, "the file holds no record");
    return std::move(script_);
  }

 private:
  Status ReadRecord() {
    Record record;
    record.line = position_ + 1;
    const std::vector<std::string> words = SplitWords(script_.lines[position_++]);
    const std::string& what = words.front();
    if (what == "statement") {
      CRANNOG_RETURN_IF_ERROR(ReadStatement(words, record));
    } else if (what == "query") {
      CRANNOG_RETURN_IF_ERROR(ReadQuery(words, record));
    } else if ((what == "let" || what == "file") && words.size() == 2) {
      record.kind = what == "let" ? RecordKind::kLet : RecordKind::kFile;
      record.name = words[1];
      CRANNOG_RETURN_IF_ERROR(ReadBody(record));
    } else if (what == "restart" && words.size() == 1) {
      record.kind = RecordKind::kRestart;
    } else if (what == "connection" && words.size() == 2) {
      record.kind = RecordKind::kConnection;
      record.name = words[1];
    } else {
      return Wrong(record, "not a record");
    }
    script_.records.push_back(std::move(record));
    return {};
  }

  Status ReadStatement(const std::vector<std::string>& words, Record& record) {
    if (words.size() == 3 && words[1] == "error") {
      record.error_code = words[2];
    } else if (words.size() == 3 && words[1] == "count") {
      record.changed_count = words[2];
    } else if (words.size() != 2 || words[1] != "ok") {
      return Wrong(record, "statement wants: ok, count N, or error CODE");
    }
    return ReadBody(record);
  }

  Status ReadQuery(const std::vector<std::string>& words, Record& record) {
    record.kind = RecordKind::kQuery;
    const bool known_order = words.size() < 3 || words[2] == "nosort" || words[2] == "rowsort";
    if (words.size() < 2 || words.size() > 3 || !known_order ||
        words[1].find_first_not_of("IRTBDXN?") != std::string::npos) {
      return Wrong(record, "query wants: TYPES of the letters IRTBDXN?, then nosort or rowsort");
    }
    record.types = words[1];
    record.sorted = words.size() == 3 && words[2] == "rowsort";
    CRANNOG_RETURN_IF_ERROR(ReadBody(record));
    if (position_ >= script_.lines.size() || script_.lines[position_] != "----") {
      return Wrong(record, "query wants a line ---- before its rows");
    }
    record.rows_begin = ++position_;
    while (position_ < script_.lines.size() && !script_.lines[position_].empty()) {
      record.rows.push_back(script_.lines[position_++]);
    }
    record.rows_end = position_;
    return {};
  }

  // The lines up to an empty one or ----.
  Status ReadBody(Record& record) {
    while (position_ < script_.lines.size()) {
      const std::string& line = script_.lines[position_];
      if (line.empty() || line == "----") break;
      if (!record.body.empty()) record.body += '\n';
      record.body += line;
      ++position_;
    }
    if (record.body.empty()) return Wrong(record, "there is nothing to run");
    return {};
  }

  static Status Wrong(const Record& record, std::string_view what) {
    return Fail(Code::kInvalid, "line " + std::to_string(record.line) + ": " + std::string(what));
  }

  Script script_;
  std::size_t position_ = 0;
};

}  // namespace

Result<Script> ParseScript(std::string_view text) { return Reader(text).Read(); }

}  // namespace crannog::test
