// A fast 64-bit hash for tables, filters and checks against accident (not against malice).
#pragma once

#include <cstdint>
#include <string_view>

namespace crannog {

// XXH3-64: equal on every machine and in every release, so it may be stored.
uint64_t FastHash(std::string_view bytes, uint64_t seed = 0);

}  // namespace crannog
