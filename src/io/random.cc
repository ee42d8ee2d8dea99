#include "io/random.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace crannog::io {
namespace {

// SplitMix64: any state, zero too, starts a full-period sequence.
uint64_t NextOf(uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

Uuid::Bytes RandomBytes(Random& random) {
  Uuid::Bytes bytes;
  random.Fill(bytes);
  return bytes;
}

}  // namespace

uint64_t Random::Next64() {
  std::array<uint8_t, 8> bytes;
  Fill(bytes);
  uint64_t number = 0;
  for (const uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

uint64_t Random::Below(uint64_t bound) {
  CRANNOG_CHECK(bound != 0);
  // Numbers past the last whole multiple of `bound` would favour the small results.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t number = Next64();
  while (number >= limit) number = Next64();
  return number % bound;
}

void SystemRandom::Fill(std::span<uint8_t> to) {
  while (!to.empty()) {
    const ssize_t count = getrandom(to.data(), to.size(), 0);
    CRANNOG_CHECK(count > 0 || errno == EINTR);
    if (count > 0) to = to.subspan(static_cast<size_t>(count));
  }
}

void SeededRandom::Fill(std::span<uint8_t> to) {
  const std::lock_guard lock(mutex_);
  while (!to.empty()) {
    const uint64_t number = NextOf(state_);
    const size_t count = std::min(to.size(), sizeof(number));
    for (size_t i = 0; i < count; ++i) to[i] = static_cast<uint8_t>(number >> (56 - 8 * i));
    to = to.subspan(count);
  }
}

Uuid NewUuidV4(Random& random) { return Uuid::V4(RandomBytes(random)); }
Uuid NewUuidV7(Random& random, int64_t now_ms) { return Uuid::V7(now_ms, RandomBytes(random)); }

}  // namespace crannog::io
