#include "sql/engine/lake/branch_statement.h"

#include <utility>

namespace crannog::sql::engine {
namespace {

using Kind = BranchStatement::Kind;

// Reads from left to right; the first problem is kept.
class Reader {
 public:
  Reader(const std::vector<Token>& tokens, size_t at) : tokens_(tokens), at_(at) {}

  bool Skip(std::string_view word) {
    if (at_ >= tokens_.size() || !tokens_[at_].Is(word)) return false;
    ++at_;
    return true;
  }

  // A reference: a name, a quoted name, a string, or name@hash and name~1 written without quotes.
  std::string Name(const char* what) {
    if (at_ >= tokens_.size() || tokens_[at_].IsSymbol(';')) {
      if (problem_.empty()) problem_ = std::string(what) + " is missing";
      return "";
    }
    std::string name = tokens_[at_].text;
    const bool plain = tokens_[at_].kind == Token::Kind::kWord;
    size_t end = tokens_[at_++].end;
    while (plain && at_ < tokens_.size() && tokens_[at_].offset == end) {
      name += tokens_[at_].text;
      end = tokens_[at_++].end;
    }
    return name;
  }

  bool AtEnd() const { return at_ >= tokens_.size(); }

  size_t Number() {
    if (at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::kNumber)
      return std::strtoull(tokens_[at_++].text.c_str(), nullptr, 10);
    if (problem_.empty()) problem_ = "a number is missing after LIMIT";
    return 0;
  }

  Result<std::optional<BranchStatement>> End(BranchStatement statement) {
    if (problem_.empty() && !AtEnd()) problem_ = "did not expect \"" + tokens_[at_].text + "\"";
    if (!problem_.empty())
      return Fail(Code::kInvalid, tokens_[0].text + " " + tokens_[1].text + ": " + problem_);
    return std::optional(std::move(statement));
  }

 private:
  const std::vector<Token>& tokens_;
  size_t at_;
  std::string problem_;
};

Result<std::optional<BranchStatement>> ParseCreate(Reader& reader, Kind kind) {
  BranchStatement statement;
  statement.kind = kind;
  if (reader.Skip("IF")) {
    reader.Skip("NOT");
    reader.Skip("EXISTS");
    statement.tolerant = true;
  }
  statement.name = reader.Name("the name");
  if (reader.Skip("FROM") || reader.Skip("AT")) statement.other = reader.Name("the reference");
  return reader.End(std::move(statement));
}

Result<std::optional<BranchStatement>> ParseDrop(Reader& reader, Kind kind) {
  BranchStatement statement;
  statement.kind = kind;
  if (reader.Skip("IF")) {
    reader.Skip("EXISTS");
    statement.tolerant = true;
  }
  statement.name = reader.Name("the name");
  return reader.End(std::move(statement));
}

Result<std::optional<BranchStatement>> ParseMerge(Reader& reader) {
  BranchStatement statement;
  statement.kind = Kind::kMerge;
  statement.name = reader.Name("the source");
  if (reader.Skip("INTO")) statement.other = reader.Name("the target branch");
  return reader.End(std::move(statement));
}

Result<std::optional<BranchStatement>> ParseShow(Reader& reader, Kind kind) {
  BranchStatement statement;
  statement.kind = kind;
  if (kind == Kind::kShowLog) {
    if (!reader.AtEnd() && !reader.Skip("LIMIT")) {
      statement.name = reader.Name("the reference");
      if (reader.Skip("LIMIT")) statement.limit = reader.Number();
    } else if (!reader.AtEnd()) {
      statement.limit = reader.Number();
    }
  } else if (kind == Kind::kShowDiff && !reader.AtEnd()) {
    statement.name = reader.Name("the reference");
    reader.Skip("TO");
    if (!reader.AtEnd()) statement.other = reader.Name("the other reference");
  }
  return reader.End(std::move(statement));
}

}  // namespace

Result<std::optional<BranchStatement>> ParseBranchStatement(const std::vector<Token>& tokens) {
  if (tokens.size() < 2) return std::nullopt;
  const Token& first = tokens[0];
  const Token& second = tokens[1];
  Reader reader(tokens, 2);
  const bool branch = second.Is("BRANCH");
  const bool tag = second.Is("TAG");
  if (first.Is("CREATE") && (branch || tag))
    return ParseCreate(reader, branch ? Kind::kCreateBranch : Kind::kCreateTag);
  if (first.Is("DROP") && (branch || tag))
    return ParseDrop(reader, branch ? Kind::kDropBranch : Kind::kDropTag);
  if (first.Is("MERGE") && branch) return ParseMerge(reader);
  if (first.Is("USE") && (branch || second.Is("REFERENCE")) && tokens.size() > 2) {
    BranchStatement statement;
    statement.kind = Kind::kUse;
    statement.name = reader.Name("the reference");
    return reader.End(std::move(statement));
  }
  if (!first.Is("SHOW")) return std::nullopt;
  if (second.Is("BRANCHES")) return ParseShow(reader, Kind::kShowBranches);
  if (second.Is("TAGS")) return ParseShow(reader, Kind::kShowTags);
  if (second.Is("LOG")) return ParseShow(reader, Kind::kShowLog);
  if (second.Is("DIFF")) return ParseShow(reader, Kind::kShowDiff);
  return std::nullopt;
}

}  // namespace crannog::sql::engine
