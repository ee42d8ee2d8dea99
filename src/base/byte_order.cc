#include "base/byte_order.h"

#include "base/check.h"

namespace crannog {
namespace {

template <typename T>
void AppendBig(std::string& to, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    to.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

template <typename T>
T ReadBig(std::string_view from) {
  CRANNOG_CHECK(from.size() >= sizeof(T));
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = value << 8 | static_cast<uint8_t>(from[i]);
  return static_cast<T>(value);
}

}  // namespace

void AppendBig16(std::string& to, uint16_t value) { AppendBig(to, value); }
void AppendBig32(std::string& to, uint32_t value) { AppendBig(to, value); }
void AppendBig64(std::string& to, uint64_t value) { AppendBig(to, value); }
uint16_t ReadBig16(std::string_view from) { return ReadBig<uint16_t>(from); }
uint32_t ReadBig32(std::string_view from) { return ReadBig<uint32_t>(from); }
uint64_t ReadBig64(std::string_view from) { return ReadBig<uint64_t>(from); }

}  // namespace crannog
