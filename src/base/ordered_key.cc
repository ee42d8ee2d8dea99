#include "base/ordered_key.h"

namespace crannog {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xff';
constexpr char kEnd = '\x01';

}  // namespace

void AppendOrderedUint(std::string& key, uint64_t value) {
  int size = 0;
  while (size < 8 && (value >> (8 * size)) != 0) ++size;
  key.push_back(static_cast<char>(size));
  for (int i = size - 1; i >= 0; --i) key.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

void AppendOrderedString(std::string& key, std::string_view part) {
  for (const char c : part) {
    key.push_back(c);
    if (c == kEscape) key.push_back(kEscapedZero);
  }
  key.push_back(kEscape);
  key.push_back(kEnd);
}

Result<uint64_t> TakeOrderedUint(std::string_view& from) {
  if (from.empty()) return Fail(Code::kCorrupt, "ordered number cut short");
  const auto size = static_cast<uint8_t>(from.front());
  from.remove_prefix(1);
  if (size > 8 || size > from.size()) return Fail(Code::kCorrupt, "ordered number cut short");
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<uint8_t>(from[i]);
  // A leading zero byte would be a second spelling of the same number.
  if (size > 0 && from.front() == '\0') return Fail(Code::kCorrupt, "ordered number padded");
  from.remove_prefix(size);
  return value;
}

Result<std::string> TakeOrderedString(std::string_view& from) {
  std::string part;
  while (true) {
    const size_t zero = from.find(kEscape);
    if (zero == std::string_view::npos || zero + 1 >= from.size()) {
      return Fail(Code::kCorrupt, "ordered text without its end");
    }
    part.append(from.substr(0, zero));
    const char next = from[zero + 1];
    from.remove_prefix(zero + 2);
    if (next == kEnd) return part;
    if (next != kEscapedZero) return Fail(Code::kCorrupt, "ordered text with a wrong escape");
    part.push_back('\0');
  }
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

}  // namespace crannog
