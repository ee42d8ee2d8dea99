#include "base/varint.h"

namespace crannog {

void AppendVarint(std::string& to, uint64_t value) {
  for (; value >= 0x80; value >>= 7) to.push_back(static_cast<char>((value & 0x7f) | 0x80));
  to.push_back(static_cast<char>(value));
}

void AppendSized(std::string& to, std::string_view bytes) {
  AppendVarint(to, bytes.size());
  to.append(bytes);
}

Result<uint64_t> TakeVarint(std::string_view& from) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (from.empty()) return Fail(Code::kCorrupt, "varint cut short");
    const auto byte = static_cast<uint8_t>(from.front());
    from.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return Fail(Code::kCorrupt, "varint beyond 64 bits");
}

Result<std::string_view> TakeSized(std::string_view& from) {
  CRANNOG_ASSIGN(const uint64_t size, TakeVarint(from));
  if (size > from.size()) return Fail(Code::kCorrupt, "sized bytes cut short");
  const std::string_view bytes = from.substr(0, size);
  from.remove_prefix(size);
  return bytes;
}

}  // namespace crannog
