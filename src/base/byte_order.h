// Fixed-width big-endian integers: bytes that sort as the unsigned numbers do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crannog {

void AppendBig16(std::string& to, uint16_t value);
void AppendBig32(std::string& to, uint32_t value);
void AppendBig64(std::string& to, uint64_t value);

// The number in the first bytes of `from`, which must be long enough (checked).
uint16_t ReadBig16(std::string_view from);
uint32_t ReadBig32(std::string_view from);
uint64_t ReadBig64(std::string_view from);

}  // namespace crannog
