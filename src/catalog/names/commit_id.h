// The name of a commit: the SHA-256 of what it says.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace crannog::catalog {

// A value. The default, all zeros, is the root: the empty state before every first commit. It is
// no commit itself, and every history ends in it.
class CommitId {
 public:
  constexpr CommitId() = default;
  explicit CommitId(const Hash& hash) : hash_(hash) {}
  // kInvalid unless 64 hexadecimal digits. Short ids are resolved by Repository::Resolve().
  static Result<CommitId> FromHex(std::string_view hex);

  bool IsRoot() const { return hash_.IsZero(); }
  const Hash& hash() const { return hash_; }
  std::string_view bytes() const { return hash_.bytes(); }
  std::string ToHex() const { return hash_.ToHex(); }
  // The first 12 digits, for people.
  std::string Short() const { return hash_.ToHex().substr(0, 12); }

  friend bool operator==(const CommitId&, const CommitId&) = default;
  friend auto operator<=>(const CommitId&, const CommitId&) = default;

 private:
  Hash hash_;
};

inline Result<CommitId> CommitId::FromHex(std::string_view hex) {
  CRANNOG_ASSIGN(const Hash hash, Hash::FromHex(hex));
  return CommitId(hash);
}

}  // namespace crannog::catalog

template <>
struct std::hash<crannog::catalog::CommitId> {
  size_t operator()(const crannog::catalog::CommitId& id) const noexcept {
    return std::hash<crannog::Hash>()(id.hash());
  }
};
