// Randomness as a seam: the machine's, or a sequence that a seed repeats.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>

#include "base/uuid.h"

namespace crannog::io {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<uint8_t> to) = 0;

  uint64_t Next64();
  // Uniform in [0, bound); `bound` must not be 0.
  uint64_t Below(uint64_t bound);
};

// The kernel's generator: fit for secrets.
class SystemRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> to) override;
};

// The same seed gives the same sequence on every machine. Not for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void Fill(std::span<uint8_t> to) override;

 private:
  std::mutex mutex_;  // guards state_
  uint64_t state_;
};

Uuid NewUuidV4(Random& random);
// `now_ms` since the epoch; later ones sort after earlier ones, to the millisecond.
Uuid NewUuidV7(Random& random, int64_t now_ms);

}  // namespace crannog::io
