#include "base/fast_hash.h"

#include <xxhash.h>

namespace crannog {

uint64_t FastHash(std::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace crannog
