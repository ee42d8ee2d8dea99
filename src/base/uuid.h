// UUIDs (RFC 9562) as values. io/random.h makes new ones from the random seam.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

// The default is the nil UUID. Orders by its bytes; version 7 thereby orders by time.
class Uuid {
 public:
  static constexpr size_t kSizeBytes = 16;
  using Bytes = std::array<uint8_t, kSizeBytes>;

  constexpr Uuid() = default;
  explicit constexpr Uuid(const Bytes& bytes) : bytes_(bytes) {}
  // Sets the version and variant bits over `random`.
  static Uuid V4(const Bytes& random);
  // `time_ms` since the epoch in the first 48 bits, `random` in the rest.
  static Uuid V7(int64_t time_ms, const Bytes& random);
  // "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", either case. kInvalid otherwise.
  static Result<Uuid> Parse(std::string_view text);

  std::string ToString() const;
  // Valid while this value lives.
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  friend bool operator==(const Uuid&, const Uuid&) = default;
  friend std::strong_ordering operator<=>(const Uuid&, const Uuid&) = default;

 private:
  Bytes bytes_{};
};

}  // namespace crannog

template <>
struct std::hash<crannog::Uuid> {
  size_t operator()(const crannog::Uuid& uuid) const noexcept {
    size_t last = 0;  // the random end, since version 7 starts with the time
    std::memcpy(&last, uuid.bytes().data() + 8, sizeof(last));
    return last;
  }
};
