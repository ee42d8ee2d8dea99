// Questions about the past: commits of a line of history, movements of a reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/commit.h"

namespace crannog::catalog {

struct LogRequest {
  CommitId from;                  // the newest commit to list; history follows first parents
  std::optional<CommitId> to;     // stop before this one
  std::optional<ContentKey> key;  // only commits that changed this key
  size_t limit = 100;
  size_t scan_max =
      0;  // look at so many commits at most; 0: no bound (but kPageEntriesMax entries)
};

struct LogPage {
  std::vector<CommitRecord> commits;  // newest first
  std::optional<CommitId> next;       // set when there may be more: pass it as `from`
};

// Stored as numbers: never change or reuse one.
enum class ReferenceChange : uint8_t {
  kCreate = 0,
  kCommit = 1,
  kMerge = 2,
  kTransplant = 3,
  kRevert = 4,
  kAssign = 5,
  kDrop = 6,
};

// "CREATE", "COMMIT", ...
std::string_view ReferenceChangeName(ReferenceChange change);

struct ReflogEntry {
  std::string reference;
  uint64_t number = 0;  // counts up over all references
  ReferenceChange change = ReferenceChange::kCommit;
  CommitId from;
  CommitId to;  // the root when dropped
  std::string who;
  int64_t time_us = 0;
  friend bool operator==(const ReflogEntry&, const ReflogEntry&) = default;
};

struct ReflogRequest {
  std::string reference;           // may name one that was dropped
  std::optional<uint64_t> before;  // only entries with a smaller number
  size_t limit = 100;
};

}  // namespace crannog::catalog
