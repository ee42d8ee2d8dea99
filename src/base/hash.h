// Content hashes: 32 bytes of SHA-256 that name what they were computed over.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

// A value; the default is all zeros, which stands for "none". Orders by its bytes.
class Hash {
 public:
  static constexpr size_t kSizeBytes = 32;

  constexpr Hash() = default;
  static Hash Of(std::string_view content);
  // kInvalid unless `bytes` are exactly kSizeBytes long.
  static Result<Hash> FromBytes(std::string_view bytes);
  // kInvalid unless 64 hexadecimal digits.
  static Result<Hash> FromHex(std::string_view hex);

  // Valid while this value lives.
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  std::string ToHex() const;
  bool IsZero() const { return *this == Hash(); }

  friend bool operator==(const Hash&, const Hash&) = default;
  friend std::strong_ordering operator<=>(const Hash&, const Hash&) = default;

 private:
  friend class Hasher;
  std::array<uint8_t, kSizeBytes> bytes_{};
};

// Hashes content that arrives in pieces. Not thread-safe.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void Update(std::string_view piece);
  // The hash of all pieces; afterwards the hasher is empty and may be used again.
  Hash Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace crannog

template <>
struct std::hash<crannog::Hash> {
  size_t operator()(const crannog::Hash& content) const noexcept {
    size_t first = 0;  // SHA-256 is uniform: any eight of its bytes make a good table hash
    std::memcpy(&first, content.bytes().data(), sizeof(first));
    return first;
  }
};
