#include "catalog/branch_state.h"

#include <algorithm>

#include "base/check.h"
#include "catalog/limits.h"

namespace crannog::catalog {
namespace {

constexpr size_t kRecentMax = 8192;

}  // namespace

Result<BranchState> BranchState::Load(const CommitterContext& context, const CommitId& head) {
  BranchState branch(context);
  if (head.IsRoot()) return branch;
  CRANNOG_ASSIGN(branch.head_, context.commits->Load(head));
  CRANNOG_ASSIGN(branch.state_, LoadKeyState(*context.commits, head));
  branch.recent_after_ = branch.head_->sequence;
  branch.recent_ids_.emplace(head, branch.head_->sequence);
  return branch;
}

Status BranchState::CheckBase(const CommitId& base) {
  if (recent_ids_.contains(base)) return {};
  CRANNOG_ASSIGN(const bool on_line, IsOnLine(*context_.commits, base, head_id()));
  if (on_line) return {};
  return Fail(Code::kNotFound,
              "commit " + base.ToHex() + " is not in the history of " + head_id().ToHex());
}

Result<PlanContext> BranchState::ContextFor(const std::optional<CommitId>& base) {
  PlanContext plan;
  plan.head = &state_;
  plan.nodes = context_.nodes;
  plan.random = context_.random;
  if (!base || *base == head_id()) {
    plan.changed_since_base = [](const ContentKey&, const std::optional<Content>&) {
      return Result<bool>(false);
    };
    return plan;
  }
  CRANNOG_RETURN_IF_ERROR(CheckBase(*base));
  const auto recent = recent_ids_.find(*base);
  uint64_t sequence = 0;
  if (recent != recent_ids_.end()) {
    sequence = recent->second;
  } else {
    CRANNOG_ASSIGN(sequence, SequenceOf(*context_.commits, *base));
  }
  plan.changed_since_base = [this, from = *base, sequence](const ContentKey& key,
                                                           const std::optional<Content>& current) {
    return ChangedSince(from, sequence, key, current);
  };
  return plan;
}

Result<bool> BranchState::ChangedSince(const CommitId& base, uint64_t base_sequence,
                                       const ContentKey& key,
                                       const std::optional<Content>& current) {
  if (base_sequence >= recent_after_) {
    const auto changed = recent_keys_.find(key.encoded());
    if (changed == recent_keys_.end() || changed->second <= base_sequence) return false;
  }
  CRANNOG_ASSIGN(const auto then, GetAt(*context_.commits, *context_.nodes, base, key));
  return then != current;
}

Status BranchState::Link(CommitRecord& commit, const std::optional<CommitId>& merged) {
  commit.parents.push_back(head_id());
  commit.sequence = head_ == nullptr ? 1 : head_->sequence + 1;
  commit.generation = head_ == nullptr ? 1 : head_->generation + 1;
  if (merged && !merged->IsRoot()) {
    CRANNOG_ASSIGN(const CommitPtr other, context_.commits->Load(*merged));
    commit.parents.push_back(*merged);
    commit.generation = std::max(commit.generation, other->generation + 1);
  }
  if (head_ == nullptr) return {};
  // Skew-binary: when the last two jumps were of one length, jump over both; else to the parent.
  commit.skip = head_->id;
  commit.skip_sequence = head_->sequence;
  if (head_->skip.IsRoot()) return {};
  CRANNOG_ASSIGN(const CommitPtr skip, context_.commits->Load(head_->skip));
  if (head_->sequence - head_->skip_sequence == skip->sequence - skip->skip_sequence) {
    commit.skip = skip->skip;
    commit.skip_sequence = skip->skip_sequence;
  }
  return {};
}

Status BranchState::PlantTree(const std::shared_ptr<CommitRecord>& commit) {
  const uint32_t lag = head_ == nullptr ? 0 : head_->tree_lag;
  const size_t lag_changes = head_ == nullptr ? 0 : head_->tree_lag_changes;
  state_.overlay.Add(commit);
  commit->tree_root = state_.tree_root;
  commit->tree_lag = lag + 1;
  commit->tree_lag_changes = static_cast<uint32_t>(lag_changes + commit->changes.size());
  if (commit->tree_lag < kTreeLagMax && commit->tree_lag_changes <= kTreeLagOperationsMax) {
    return {};
  }
  CRANNOG_ASSIGN(commit->tree_root, state_.Materialize(*context_.nodes));
  commit->tree_lag = 0;
  commit->tree_lag_changes = 0;
  state_.overlay.Clear();
  state_.tree_root = commit->tree_root;
  return {};
}

Result<CommitPtr> BranchState::Append(NewCommit next) {
  CRANNOG_CHECK(next.plan.conflicts.empty());
  auto commit = std::make_shared<CommitRecord>();
  CRANNOG_RETURN_IF_ERROR(Link(*commit, next.merged));
  commit->commit_time_us = next.now_us;
  if (head_ != nullptr) commit->commit_time_us = std::max(next.now_us, head_->commit_time_us);
  commit->meta = std::move(next.meta);
  if (commit->meta.authors.empty()) commit->meta.authors.push_back(commit->meta.committer);
  if (!commit->meta.author_time_us) commit->meta.author_time_us = commit->commit_time_us;
  commit->changes = std::move(next.plan.changes);
  CRANNOG_RETURN_IF_ERROR(PlantTree(commit));
  const std::string bytes = EncodeCommit(*commit);
  if (bytes.size() > kCommitBytesMax) {
    return Fail(Code::kTooLarge, "commit: " + std::to_string(bytes.size()) +
                                     " bytes are more than " + std::to_string(kCommitBytesMax));
  }
  commit->id = CommitId(Hash::Of(bytes));
  context_.commits->Add(commit, bytes);
  Note(commit);
  head_ = std::move(commit);
  return head_;
}

void BranchState::Note(const CommitPtr& commit) {
  if (recent_keys_.size() + commit->changes.size() > kRecentMax ||
      recent_ids_.size() > kRecentMax) {
    recent_keys_.clear();
    recent_ids_.clear();
    recent_after_ = commit->sequence;
  } else {
    for (const KeyChange& change : commit->changes) {
      recent_keys_[change.key.encoded()] = commit->sequence;
    }
  }
  recent_ids_[commit->id] = commit->sequence;
}

}  // namespace crannog::catalog
