#include "cli/output/text_width.h"

#include <fmt/format.h>

#include <cstdint>
#include <cwchar>

namespace crannog::cli {
namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 0;  // 0: not UTF-8
};

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
CodePoint Decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
  uint32_t value = first & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, bytes};
}

bool IsControl(uint32_t value) { return value < 0x20 || (value >= 0x7F && value < 0xA0); }

// Characters that reorder the text around them could make a value look like another one.
bool IsBidiControl(uint32_t value) {
  return (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
}

void AppendEscaped(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += fmt::format("\\x{:02x}", static_cast<uint8_t>(c));
    }
  }
}

size_t WidthOf(uint32_t value) {
  if (value < 0x7F) return 1;
  const int width = ::wcwidth(static_cast<wchar_t>(value));
  return width < 0 ? 1 : static_cast<size_t>(width);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = Decode(text);
    const size_t bytes = point.bytes == 0 ? 1 : point.bytes;
    if (point.bytes == 0 || IsControl(point.value) || IsBidiControl(point.value)) {
      AppendEscaped(out, text.substr(0, bytes));
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

size_t Utf8Length(std::string_view text) { return Decode(text).bytes; }

size_t DisplayWidth(std::string_view printable) {
  size_t width = 0;
  while (!printable.empty()) {
    const CodePoint point = Decode(printable);
    width += point.bytes == 0 ? 1 : WidthOf(point.value);
    printable.remove_prefix(point.bytes == 0 ? 1 : point.bytes);
  }
  return width;
}

std::string Fit(std::string_view printable, size_t width) {
  if (DisplayWidth(printable) <= width) return std::string(printable);
  if (width == 0) return {};
  size_t used = 0;
  size_t end = 0;
  while (end < printable.size()) {
    const CodePoint point = Decode(printable.substr(end));
    const size_t columns = point.bytes == 0 ? 1 : WidthOf(point.value);
    if (used + columns > width - 1) break;
    used += columns;
    end += point.bytes == 0 ? 1 : point.bytes;
  }
  return std::string(printable.substr(0, end)) + "…";
}

}  // namespace crannog::cli
