// Branches and tags: names for commits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/commit_id.h"

namespace crannog::catalog {

// Stored as numbers: never change or reuse one.
enum class ReferenceKind : uint8_t { kBranch = 0, kTag = 1 };

// "BRANCH", "TAG".
std::string_view ReferenceKindName(ReferenceKind kind);

struct Reference {
  std::string name;
  ReferenceKind kind = ReferenceKind::kBranch;
  CommitId head;
  int64_t created_us = 0;
  friend bool operator==(const Reference&, const Reference&) = default;
};

inline constexpr std::string_view kDefaultBranch = "main";

// Nessie's rule: a letter first, then letters, digits and . / _ -, no "..", no "." or "/" last;
// nothing that could be a hash (8 to 64 hexadecimal digits), nor HEAD or DETACHED. kInvalid.
Status CheckReferenceName(std::string_view name);

}  // namespace crannog::catalog
