#include "cli/statement/statement_end.h"

#include <cctype>
#include <cstddef>

namespace crannog::cli {
namespace {

constexpr size_t kOpen = std::string_view::npos;  // the text ends before the closing mark

// Past the closing quote; a doubled quote stands for itself.
size_t SkipQuoted(std::string_view text, size_t start) {
  const char quote = text[start];
  for (size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] != quote) continue;
    if (i + 1 < text.size() && text[i + 1] == quote) {
      ++i;
      continue;
    }
    return i + 1;
  }
  return kOpen;
}

// Past E'..', where a backslash escapes.
size_t SkipEscaped(std::string_view text, size_t quote) {
  for (size_t i = quote + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '\'') {
      return i + 1;
    }
  }
  return kOpen;
}

size_t SkipBlockComment(std::string_view text, size_t start) {
  const size_t end = text.find("*/", start + 2);
  return end == std::string_view::npos ? kOpen : end + 2;
}

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Past $tag$ .. $tag$; `start` + 1 when the dollar opens nothing ($1).
size_t SkipDollarQuoted(std::string_view text, size_t start) {
  size_t end = start + 1;
  while (end < text.size() && IsWord(text[end])) ++end;
  const bool digit = std::isdigit(static_cast<unsigned char>(text[start + 1])) != 0;
  if (end >= text.size() || text[end] != '$' || digit) return start + 1;
  const std::string_view tag = text.substr(start, end + 1 - start);
  const size_t close = text.find(tag, end + 1);
  return close == std::string_view::npos ? kOpen : close + tag.size();
}

}  // namespace

TextEnd FindTextEnd(std::string_view text) {
  TextEnd end;
  size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    const bool more = i + 1 < text.size();
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++i;
      continue;
    }
    if (more && c == '-' && text[i + 1] == '-') {
      end.has_line_comment = true;
      const size_t line = text.find('\n', i);
      if (line == std::string_view::npos) break;
      i = line + 1;
      continue;
    }
    size_t next = i + 1;
    const bool comment = more && c == '/' && text[i + 1] == '*';
    if (comment) {
      next = SkipBlockComment(text, i);
    } else if (c == '\'' || c == '"') {
      const bool escapes = c == '\'' && i > 0 && (text[i - 1] == 'e' || text[i - 1] == 'E') &&
                           (i == 1 || !IsWord(text[i - 2]));
      next = escapes ? SkipEscaped(text, i) : SkipQuoted(text, i);
    } else if (c == '$' && more && (i == 0 || !IsWord(text[i - 1]))) {
      next = SkipDollarQuoted(text, i);
    }
    if (!comment || next == kOpen) {
      end.empty = false;
      end.complete = c == ';';
    }
    if (next == kOpen) {
      end.in_quote = true;
      return end;
    }
    i = next;
  }
  return end;
}

}  // namespace crannog::cli
