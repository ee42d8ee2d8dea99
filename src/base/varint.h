// LEB128: unsigned numbers in one to ten bytes, for values. They do not sort as the numbers do:
// keys use ordered_key.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

void AppendVarint(std::string& to, uint64_t value);
// Length as a varint, then the bytes.
void AppendSized(std::string& to, std::string_view bytes);

// Each takes its part off the front of `from`. kCorrupt when `from` is too short or the number
// does not fit in 64 bits; `from` is then unspecified.
Result<uint64_t> TakeVarint(std::string_view& from);
Result<std::string_view> TakeSized(std::string_view& from);

}  // namespace crannog
