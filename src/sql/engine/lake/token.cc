#include "sql/engine/lake/token.h"

#include <algorithm>
#include <cctype>

namespace crannog::sql::engine {
namespace {

bool IsWordStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0;
}

bool IsWordPart(char c) {
  return IsWordStart(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '$';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool Next(Token& token) {
    SkipBlanks();
    if (at_ >= text_.size()) return false;
    token = Token();
    token.offset = at_;
    const char c = text_[at_];
    if (c == '\'') {
      Quoted(token, Token::Kind::kString, '\'');
    } else if (c == '"') {
      Quoted(token, Token::Kind::kQuoted, '"');
    } else if (c == '$' && Dollar(token)) {
      // taken whole
    } else if (IsWordStart(c)) {
      Take(token, Token::Kind::kWord, IsWordPart);
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      Take(token, Token::Kind::kNumber, [](char part) { return IsWordPart(part) || part == '.'; });
    } else {
      token.text = c;
      ++at_;
    }
    token.end = at_;
    return true;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_]))) {
        ++at_;
      } else if (text_.substr(at_, 2) == "--") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        SkipComment();
      } else {
        return;
      }
    }
  }

  // Comments nest, as in the engine.
  void SkipComment() {
    int depth = 0;
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "/*") {
        ++depth;
        at_ += 2;
      } else if (text_.substr(at_, 2) == "*/") {
        at_ += 2;
        if (--depth == 0) return;
      } else {
        ++at_;
      }
    }
  }

  void Quoted(Token& token, Token::Kind kind, char quote) {
    token.kind = kind;
    ++at_;
    while (at_ < text_.size()) {
      if (text_[at_] == quote) {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == quote) {
          ++at_;
        } else {
          ++at_;
          return;
        }
      }
      token.text += text_[at_++];
    }
  }

  // $$text$$ and $tag$text$tag$.
  bool Dollar(Token& token) {
    const size_t close = text_.find('$', at_ + 1);
    if (close == std::string_view::npos) return false;
    const auto tag = text_.substr(at_, close - at_ + 1);
    const auto name = tag.substr(1, tag.size() - 2);
    if (!std::ranges::all_of(name, IsWordPart)) return false;
    const size_t end = text_.find(tag, close + 1);
    token.kind = Token::Kind::kString;
    if (end == std::string_view::npos) {
      token.text = text_.substr(close + 1);
      at_ = text_.size();
    } else {
      token.text = text_.substr(close + 1, end - close - 1);
      at_ = end + tag.size();
    }
    return true;
  }

  template <typename Part>
  void Take(Token& token, Token::Kind kind, Part part) {
    token.kind = kind;
    const size_t start = at_;
    while (at_ < text_.size() && part(text_[at_])) ++at_;
    token.text = text_.substr(start, at_ - start);
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

bool Token::Is(std::string_view word) const {
  return kind == Kind::kWord && std::ranges::equal(text, word, [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) ==
                  std::tolower(static_cast<unsigned char>(b));
         });
}

std::vector<Token> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  Scanner scanner(text);
  Token token;
  while (scanner.Next(token)) tokens.push_back(token);
  return tokens;
}

std::vector<std::string> SplitStatements(std::string_view text) {
  std::vector<std::string> statements;
  Scanner scanner(text);
  Token token;
  size_t start = 0;
  bool empty = true;
  while (scanner.Next(token)) {
    if (!token.IsSymbol(';')) {
      if (empty) start = token.offset;
      empty = false;
      continue;
    }
    if (!empty) statements.emplace_back(text.substr(start, token.offset - start));
    empty = true;
  }
  if (!empty) statements.emplace_back(text.substr(start));
  return statements;
}

}  // namespace crannog::sql::engine
