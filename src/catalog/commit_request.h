// Asking for a commit, and what came of it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/commit.h"
#include "catalog/conflict.h"
#include "catalog/operation.h"

namespace crannog::catalog {

struct CommitRequest {
  std::string branch;
  // The commit whose state the caller saw. A key of the operations that changed between it and the
  // head conflicts; other keys may change freely. None: the head as it is when the turn comes.
  // It must be the head or an ancestor of it (kNotFound otherwise).
  std::optional<CommitId> base;
  std::vector<Operation> operations;
  CommitMeta meta;
};

// `conflicts` empty: it happened and is durable. Otherwise nothing changed, and every conflict of
// every key is listed: rebase onto `head` and try again.
struct CommitOutcome {
  CommitId id;  // the new commit; the head that was in the way when there are conflicts
  CommitId head_before;
  int64_t commit_time_us = 0;
  // For each content that was created (Put with a nil id), in the order of the operations.
  std::vector<std::pair<ContentKey, ContentId>> created;
  std::vector<Conflict> conflicts;

  bool ok() const { return conflicts.empty(); }
};

}  // namespace crannog::catalog
