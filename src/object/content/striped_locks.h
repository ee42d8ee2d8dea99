// Many mutexes by hash. For object/ only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <vector>

namespace crannog::object {

// Two things may share a mutex; one thing always has the same. Thread-safe.
class StripedLocks {
 public:
  static constexpr size_t kStripeCount = 1024;
  // Dropped in any order.
  using Held = std::vector<std::unique_lock<std::mutex>>;

  // All of `hashes` at once, always in one order, so that callers cannot block each other.
  Held Lock(std::initializer_list<uint64_t> hashes) {
    std::vector<size_t> stripes;
    for (const uint64_t hash : hashes) stripes.push_back(hash % kStripeCount);
    std::sort(stripes.begin(), stripes.end());
    stripes.erase(std::unique(stripes.begin(), stripes.end()), stripes.end());
    Held held;
    for (const size_t stripe : stripes) held.emplace_back(mutexes_[stripe]);
    return held;
  }

 private:
  std::array<std::mutex, kStripeCount> mutexes_;
};

}  // namespace crannog::object
