// Words of a statement, enough to tell our own statements from the engine's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crannog::sql::engine {

struct Token {
  enum class Kind : uint8_t { kWord, kQuoted, kString, kNumber, kSymbol };
  Kind kind = Kind::kSymbol;
  std::string text;   // unquoted
  size_t offset = 0;  // in the statement
  size_t end = 0;

  // An unquoted word, whatever its case.
  bool Is(std::string_view word) const;
  bool IsName() const { return kind == Kind::kWord || kind == Kind::kQuoted; }
  bool IsSymbol(char symbol) const { return kind == Kind::kSymbol && text[0] == symbol; }
};

// Comments are skipped; an unfinished quote or comment ends at the end of the text.
std::vector<Token> Tokenize(std::string_view text);

// The statements of a text, without their semicolons; empty ones are left out.
std::vector<std::string> SplitStatements(std::string_view text);

}  // namespace crannog::sql::engine
