// Branches and tags: names for commits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/names/commit_id.h"
#include "catalog/names/reference_name.h"  // what others want with it

namespace crannog::catalog {

// Stored as numbers: never change or reuse one.
enum class ReferenceKind : uint8_t { kBranch = 0, kTag = 1 };

// "BRANCH", "TAG".
inline std::string_view ReferenceKindName(ReferenceKind kind) {
  return kind == ReferenceKind::kTag ? "TAG" : "BRANCH";
}

struct Reference {
  std::string name;
  ReferenceKind kind = ReferenceKind::kBranch;
  CommitId head;
  int64_t created_us = 0;
  friend bool operator==(const Reference&, const Reference&) = default;
};

}  // namespace crannog::catalog
