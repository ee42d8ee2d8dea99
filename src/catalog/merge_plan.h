// Which changes carry over, key by key: the three-way rule of merge, transplant and revert.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "catalog/merge.h"
#include "catalog/step_plan.h"

namespace crannog::catalog {

// One key: what it was before the change, what the change wants, and what the target has now.
struct KeyCase {
  ContentKey key;
  std::optional<Content> before;
  std::optional<Content> wanted;
  std::optional<Content> current;
};

// Collects decisions, and what there is to say about each key. Not thread-safe.
class MergePlan {
 public:
  explicit MergePlan(const MergeOptions& options);

  // The change to make; none when the target keeps what it has, or when there is a conflict.
  std::optional<DecidedChange> Decide(const KeyCase& key_case);
  // The target's key changed since the caller looked.
  void AddConflict(const ContentKey& key, ConflictReason reason,
                   const std::optional<Content>& current, std::string message);
  bool ok() const { return conflicts_.empty(); }
  // Moves everything into the outcome.
  void Report(MergeOutcome& outcome);

 private:
  KeyMergeDetail& DetailOf(const ContentKey& key);

  const MergeOptions* options_;  // not null
  std::map<ContentKey, const KeyMerge*> keys_;
  std::map<ContentKey, KeyMergeDetail> details_;
  std::vector<Conflict> conflicts_;
};

}  // namespace crannog::catalog
