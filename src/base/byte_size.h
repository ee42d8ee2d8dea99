// Sizes as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

// "512 B", "1.5 KiB", "64.0 MiB".
std::string FormatByteSize(uint64_t size_bytes);
// "64MiB", "1.5 GB", "4096": binary units end in "iB", decimal ones in "B"; case does not matter.
// kInvalid otherwise or beyond 64 bits.
Result<uint64_t> ParseByteSize(std::string_view text);

}  // namespace crannog
