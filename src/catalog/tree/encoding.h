// The few forms that the catalog's encodings share beside those of base/varint.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/varint.h"

namespace crannog::catalog::tree {

// Small magnitudes of either sign in few bytes (zigzag, then varint).
inline void AppendSigned(std::string& to, int64_t value) {
  AppendVarint(to, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

inline Result<int64_t> TakeSigned(std::string_view& from) {
  CRANNOG_ASSIGN(const uint64_t raw, TakeVarint(from));
  return static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
}

inline void AppendByte(std::string& to, uint8_t value) { to.push_back(static_cast<char>(value)); }

inline Result<uint8_t> TakeByte(std::string_view& from) {
  if (from.empty()) return Fail(Code::kCorrupt, "read a byte: nothing left");
  const auto value = static_cast<uint8_t>(from.front());
  from.remove_prefix(1);
  return value;
}

// Exactly `size` bytes. kCorrupt when there are fewer.
inline Result<std::string_view> TakeBytes(std::string_view& from, size_t size) {
  if (from.size() < size) return Fail(Code::kCorrupt, "read fixed bytes: too few left");
  const std::string_view taken = from.substr(0, size);
  from.remove_prefix(size);
  return taken;
}

// A count of things of which each takes a byte at least: a damaged one cannot make us allocate.
inline Result<size_t> TakeCount(std::string_view& from) {
  CRANNOG_ASSIGN(const uint64_t count, TakeVarint(from));
  if (count > from.size()) return Fail(Code::kCorrupt, "read a count: more than there are bytes");
  return static_cast<size_t>(count);
}

inline void AppendStrings(std::string& to, const std::vector<std::string>& values) {
  AppendVarint(to, values.size());
  for (const std::string& value : values) AppendSized(to, value);
}

inline Result<std::vector<std::string>> TakeStrings(std::string_view& from) {
  CRANNOG_ASSIGN(const size_t count, TakeCount(from));
  std::vector<std::string> values;
  for (size_t i = 0; i < count; ++i) {
    CRANNOG_ASSIGN(const std::string_view value, TakeSized(from));
    values.emplace_back(value);
  }
  return values;
}

}  // namespace crannog::catalog::tree
