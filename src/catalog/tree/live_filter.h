// The set of hashes that are in use, in a fixed amount of memory.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace crannog::catalog::tree {

// A Bloom filter: may take a hash for present that is not (some garbage then stays until the next
// collection), never the other way round. Thread-safe.
class LiveFilter {
 public:
  explicit LiveFilter(size_t bytes_max)
      : words_(std::bit_floor(bytes_max < 1024 ? size_t{1024} : bytes_max) / sizeof(uint64_t)) {}

  // `hash` is any part of a SHA-256 of 16 bytes at least.
  void Add(std::string_view hash) {
    for (const uint64_t bit : Bits(hash)) {
      words_[bit / 64].fetch_or(uint64_t{1} << (bit % 64), std::memory_order_relaxed);
    }
  }
  bool Contains(std::string_view hash) const {
    for (const uint64_t bit : Bits(hash)) {
      if ((words_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) == 0) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kProbes = 8;

  std::array<uint64_t, kProbes> Bits(std::string_view hash) const {
    CRANNOG_CHECK(hash.size() >= 16);
    uint64_t first = 0;
    uint64_t second = 0;
    std::memcpy(&first, hash.data(), 8);
    std::memcpy(&second, hash.data() + 8, 8);
    std::array<uint64_t, kProbes> bits{};
    for (size_t i = 0; i < kProbes; ++i) {
      bits[i] = (first + i * (second | 1)) & (words_.size() * 64 - 1);
    }
    return bits;
  }

  std::vector<std::atomic<uint64_t>> words_;
};

}  // namespace crannog::catalog::tree
