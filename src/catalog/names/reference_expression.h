// How people and clients say which commit they mean: `main~2`, `dev@1a2b3c4d`, `@1a2b3c4d^2`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::catalog {

struct RelativeStep {
  enum class Kind : uint8_t {
    kAncestor,  // ~N: N commits back by first parents
    kParent,    // ^N: the Nth parent; 2 is what was merged
    kTime,      // *T: the newest commit at or before T
  };
  Kind kind = Kind::kAncestor;
  uint64_t count = 1;   // kAncestor, kParent
  int64_t time_us = 0;  // kTime
  friend bool operator==(const RelativeStep&, const RelativeStep&) = default;
};

// `name`, `name@hash`, `@hash` or a bare hash that is no name, then any number of steps. `-` is the
// default branch. A hash has 8 to 64 hexadecimal digits; T is ISO-8601 with Z or an offset, or
// milliseconds since the epoch.
struct ReferenceExpression {
  std::string name;  // empty: detached, the hash alone
  std::string hash;  // lower case, perhaps short; empty: the head
  std::vector<RelativeStep> steps;

  // kInvalid.
  static Result<ReferenceExpression> Parse(std::string_view text);
  // What Parse() reads as this.
  std::string ToString() const;
  friend bool operator==(const ReferenceExpression&, const ReferenceExpression&) = default;
};

}  // namespace crannog::catalog
