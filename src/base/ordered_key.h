// Parts of composite keys whose encoding sorts, byte by byte, as the parts do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

// One length byte and the number's significant bytes, big-endian: 1 to 9 bytes.
void AppendOrderedUint(std::string& key, uint64_t value);
// Any bytes: 0x00 becomes 0x00 0xff, and 0x00 0x01 ends the part, so that "a" sorts before "a\0"
// and both before "aa", whatever part follows.
void AppendOrderedString(std::string& key, std::string_view part);

// Each takes its part off the front of `from`. kCorrupt for bytes the functions above never write.
Result<uint64_t> TakeOrderedUint(std::string_view& from);
Result<std::string> TakeOrderedString(std::string_view& from);

// The least key greater than every key that starts with `prefix`; empty when there is none.
std::string PrefixEnd(std::string_view prefix);

}  // namespace crannog
