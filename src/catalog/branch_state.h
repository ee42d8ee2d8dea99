// The head of a branch as the committer sees it, ahead of what is durable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "catalog/commit_store.h"
#include "catalog/key_state.h"
#include "catalog/step_plan.h"

namespace crannog::catalog {

// What the leader works with; all outlive the branch states.
struct CommitterContext {
  CommitStage* commits;
  tree::NodeStage* nodes;
  io::Random* random;
};

// Beside a plan, what a commit needs.
struct NewCommit {
  StepPlan plan;
  CommitMeta meta;
  std::optional<CommitId> merged;
  int64_t now_us = 0;
};

// Not thread-safe; belongs to the leader of the moment.
class BranchState {
 public:
  // kNotFound when the commit does not exist.
  static Result<BranchState> Load(const CommitterContext& context, const CommitId& head);

  CommitId head_id() const { return head_ == nullptr ? CommitId() : head_->id; }
  // Prepares the comparison with `base`: kNotFound unless it is the head or an ancestor of it.
  Result<PlanContext> ContextFor(const std::optional<CommitId>& base);
  // Puts a commit on top. After an error the state is spoilt: load it again.
  Result<CommitPtr> Append(NewCommit next);

 private:
  explicit BranchState(const CommitterContext& context) : context_(context) {}

  Status CheckBase(const CommitId& base);
  Result<bool> ChangedSince(const CommitId& base, uint64_t base_sequence, const ContentKey& key,
                            const std::optional<Content>& current);
  Status Link(CommitRecord& commit, const std::optional<CommitId>& merged);
  // Sets how the tree at `commit` is found; every so often that is a new stored tree.
  Status PlantTree(const std::shared_ptr<CommitRecord>& commit);
  void Note(const CommitPtr& commit);

  CommitterContext context_;
  CommitPtr head_;  // null: the root
  KeyState state_;
  // The last change of each key, and the ids, of all commits after the one with sequence
  // recent_after_: what most bases are compared with.
  std::unordered_map<std::string, uint64_t> recent_keys_;
  std::unordered_map<CommitId, uint64_t> recent_ids_;
  uint64_t recent_after_ = 0;
};

}  // namespace crannog::catalog
