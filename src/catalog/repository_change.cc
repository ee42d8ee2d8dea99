// Commits, and what carries changes from one line of history to another.
#include <algorithm>

#include "catalog/limits.h"
#include "catalog/merge_plan.h"
#include "catalog/repository_internal.h"

namespace crannog::catalog {
namespace {

Status CheckSize(std::string_view what, size_t size, size_t size_max) {
  if (size <= size_max) return {};
  return Fail(Code::kTooLarge, "commit: " + std::string(what) + " of " + std::to_string(size) +
                                   " is beyond the limit of " + std::to_string(size_max));
}

// The target's keys as they will be after the changes decided so far.
class Simulation {
 public:
  Simulation(Repository::Impl& impl, const KeyState& state) : impl_(&impl), state_(&state) {}

  Result<std::optional<Content>> Get(const ContentKey& key) {
    const auto changed = changes_.find(key);
    if (changed != changes_.end()) return changed->second.content;
    return state_->Get(impl_->nodes, key);
  }
  void Apply(const DecidedChange& change) {
    const auto [at, is_new] = changes_.try_emplace(change.key, change);
    if (is_new) return;
    at->second.content = change.content;  // expects what the first one expected
    at->second.forced = at->second.forced || change.forced;
  }
  // All changes together, by key.
  std::vector<DecidedChange> Sum() const {
    std::vector<DecidedChange> sum;
    for (const auto& [key, change] : changes_) sum.push_back(change);
    return sum;
  }

 private:
  Repository::Impl* impl_;  // not null
  const KeyState* state_;   // not null
  std::map<ContentKey, DecidedChange> changes_;
};

// One attempt of a merge, transplant or revert against the head of the moment.
class CarryOver {
 public:
  CarryOver(Repository::Impl& impl, const Reference& target, const MergeOptions& options)
      : impl_(&impl), target_(target), options_(&options), plan_(options) {
    outcome_.head = target.head;
    outcome_.head_before = target.head;
  }

  Status Prepare() {
    CRANNOG_ASSIGN(state_, LoadKeyState(impl_->commits, target_.head));
    simulation_.emplace(*impl_, state_);
    if (options_->expected_head && *options_->expected_head != target_.head) {
      CRANNOG_ASSIGN(const bool there,
                     IsOnLine(impl_->commits, *options_->expected_head, target_.head));
      if (!there) {
        return Fail(Code::kNotFound, "the expected head " + options_->expected_head->ToHex() +
                                         " is not in the history of " + target_.name);
      }
    }
    return {};
  }

  MergeOutcome& outcome() { return outcome_; }

  // Judges one key and remembers what is to be done, in `step` too.
  Status Carry(KeyCase key_case, CommitStep* step) {
    CRANNOG_ASSIGN(key_case.current, simulation_->Get(key_case.key));
    const std::optional<DecidedChange> change = plan_.Decide(key_case);
    if (!change) return {};
    if (options_->expected_head && *options_->expected_head != target_.head) {
      CRANNOG_ASSIGN(const auto seen,
                     GetAt(impl_->commits, impl_->nodes, *options_->expected_head, key_case.key));
      CRANNOG_ASSIGN(const auto now, state_.Get(impl_->nodes, key_case.key));
      if (seen != now) {
        plan_.AddConflict(key_case.key, ConflictReason::kValueDiffers, now,
                          "changed since the expected commit");
      }
    }
    simulation_->Apply(*change);
    if (step != nullptr) step->decided.push_back(*change);
    return {};
  }

  std::vector<DecidedChange> Sum() const { return simulation_->Sum(); }

  // Submits `steps`; true when the outcome stands, false when the head moved and it is worth
  // another attempt.
  Result<bool> Finish(ReferenceChange kind, std::vector<CommitStep> steps) {
    if (plan_.ok()) CRANNOG_RETURN_IF_ERROR(CheckNamespaces());
    const bool ok = plan_.ok();
    plan_.Report(outcome_);
    if (!ok || options_->dry_run || steps.empty()) return true;
    ChangeRequest request;
    request.reference = target_.name;
    request.change = kind;
    request.steps = std::move(steps);
    CRANNOG_ASSIGN(ChangeAnswer answer, impl_->Submit(std::move(request)));
    outcome_.head_before = answer.head_before;
    outcome_.head = answer.reference.head;
    if (!answer.conflicts.empty()) {
      outcome_.successful = false;
      outcome_.conflicts = std::move(answer.conflicts);
      return answer.head_before == target_.head;
    }
    outcome_.applied = true;
    outcome_.created = std::move(answer.commits);
    return true;
  }

 private:
  // The same rules that the committer will apply, so that a dry run tells the truth.
  Status CheckNamespaces() {
    PlanContext context;
    context.head = &state_;
    context.nodes = &impl_->nodes;
    context.random = impl_->random;
    CRANNOG_ASSIGN(const StepPlan checked, PlanDecided(context, Sum()));
    for (const Conflict& conflict : checked.conflicts) {
      plan_.AddConflict(conflict.key, conflict.reason, conflict.current, conflict.message);
    }
    return {};
  }

  Repository::Impl* impl_;  // not null
  Reference target_;
  const MergeOptions* options_;  // not null
  MergePlan plan_;
  KeyState state_;
  std::optional<Simulation> simulation_;
  MergeOutcome outcome_;
};

// All differences; kTooLarge beyond kOperationsMax.
Result<std::vector<DiffEntry>> WholeDiff(const Repository& repository, const CommitId& from,
                                         const CommitId& to) {
  DiffRequest request;
  request.limit = kPageEntriesMax;
  CRANNOG_ASSIGN(DiffPage page, repository.Diff(from, to, request));
  if (page.next) CRANNOG_RETURN_IF_ERROR(CheckSize("a merge", kOperationsMax + 1, kOperationsMax));
  return std::move(page.entries);
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// Plays `attempt` again while other commits win the race for the head.
template <typename Attempt>
Result<MergeOutcome> Repeat(Repository::Impl& impl, const std::string& branch,
                            const MergeOptions& options, const Attempt& attempt) {
  for (int round = 1;; ++round) {
    CRANNOG_ASSIGN(const Reference target, impl.FindReference(branch));
    if (target.kind == ReferenceKind::kTag) {
      return Fail(Code::kInvalid, "reference '" + branch + "' is a tag: tags never move");
    }
    CarryOver carry(impl, target, options);
    CRANNOG_RETURN_IF_ERROR(carry.Prepare());
    CRANNOG_ASSIGN(const bool stands, attempt(carry, target));
    if (stands || round == kMergeAttemptsMax) return std::move(carry.outcome());
  }
}

}  // namespace

Status Repository::Impl::CompleteMeta(CommitMeta& meta) const {
  if (meta.committer.empty()) meta.committer = options.default_user;
  CRANNOG_RETURN_IF_ERROR(CheckSize("a message", meta.message.size(), kMessageBytesMax));
  CRANNOG_RETURN_IF_ERROR(CheckSize("a number of authors", meta.authors.size(), kMetaEntriesMax));
  CRANNOG_RETURN_IF_ERROR(
      CheckSize("a number of signatures", meta.signed_off_by.size(), kMetaEntriesMax));
  return CheckSize("a number of properties", meta.properties.size(), kMetaEntriesMax);
}

Result<CommitOutcome> Repository::Commit(const CommitRequest& request) {
  CRANNOG_RETURN_IF_ERROR(
      CheckSize("a number of operations", request.operations.size(), kOperationsMax));
  for (const Operation& operation : request.operations) {
    if (operation.kind != OperationKind::kPut) continue;
    const size_t size = EncodeContent(operation.content).size();
    CRANNOG_RETURN_IF_ERROR(CheckSize("a content", size, kContentBytesMax));
  }
  CommitStep step;
  step.operations = request.operations;
  step.meta = request.meta;
  CRANNOG_RETURN_IF_ERROR(impl_->CompleteMeta(step.meta));
  ChangeRequest change;
  change.reference = request.branch;
  change.base = request.base;
  change.steps.push_back(std::move(step));
  CRANNOG_ASSIGN(ChangeAnswer answer, impl_->Submit(std::move(change)));
  CommitOutcome outcome;
  outcome.id = answer.reference.head;
  outcome.head_before = answer.head_before;
  outcome.commit_time_us = answer.time_us;
  outcome.created = std::move(answer.created);
  outcome.conflicts = std::move(answer.conflicts);
  return outcome;
}

Result<MergeOutcome> Repository::Merge(const MergeRequest& request) {
  CommitMeta meta = request.options.meta;
  CRANNOG_RETURN_IF_ERROR(impl_->CompleteMeta(meta));
  if (meta.message.empty()) {
    meta.message = "Merge " +
                   (request.source_name.empty() ? request.source.Short() : request.source_name) +
                   " into " + request.branch;
  }
  return Repeat(
      *impl_, request.branch, request.options,
      [&](CarryOver& carry, const Reference& target) -> Result<bool> {
        CRANNOG_ASSIGN(const CommitId base,
                       FindMergeBase(impl_->commits, target.head, request.source));
        carry.outcome().common_ancestor = base;
        carry.outcome().successful = true;
        if (base == request.source) return true;
        CRANNOG_ASSIGN(std::vector<DiffEntry> changes, WholeDiff(*this, base, request.source));
        for (DiffEntry& change : changes) {
          KeyCase key_case{change.key, std::move(change.from), std::move(change.to), std::nullopt};
          CRANNOG_RETURN_IF_ERROR(carry.Carry(std::move(key_case), nullptr));
        }
        CommitStep step;
        step.is_decided = true;
        step.decided = carry.Sum();
        step.meta = meta;
        step.merged = request.source;
        std::vector<CommitStep> steps;
        steps.push_back(std::move(step));
        return carry.Finish(ReferenceChange::kMerge, std::move(steps));
      });
}

Result<MergeOutcome> Repository::Transplant(const TransplantRequest& request) {
  CRANNOG_RETURN_IF_ERROR(
      CheckSize("a number of commits", request.commits.size(), kTransplantCommitsMax));
  if (request.commits.empty()) return Fail(Code::kInvalid, "transplant: no commits");
  CommitMeta given = request.options.meta;
  CRANNOG_RETURN_IF_ERROR(impl_->CompleteMeta(given));
  return Repeat(*impl_, request.branch, request.options,
                [&](CarryOver& carry, const Reference&) -> Result<bool> {
                  std::vector<CommitStep> steps;
                  for (const CommitId& id : request.commits) {
                    CRANNOG_ASSIGN(const CommitPtr commit, impl_->commits.Load(id));
                    CommitStep step;
                    step.is_decided = true;
                    step.meta = commit->meta;
                    step.meta.committer = given.committer;
                    if (request.commits.size() == 1 && !given.message.empty()) {
                      step.meta.message = given.message;
                    }
                    for (const KeyChange& change : commit->changes) {
                      KeyCase key_case{change.key, std::nullopt, change.content, std::nullopt};
                      CRANNOG_ASSIGN(key_case.before, GetAt(impl_->commits, impl_->nodes,
                                                            commit->parent(), change.key));
                      CRANNOG_RETURN_IF_ERROR(carry.Carry(std::move(key_case), &step));
                    }
                    // What is there already needs no commit.
                    if (!step.decided.empty()) steps.push_back(std::move(step));
                  }
                  return carry.Finish(ReferenceChange::kTransplant, std::move(steps));
                });
}

Result<MergeOutcome> Repository::Revert(const RevertRequest& request) {
  CRANNOG_RETURN_IF_ERROR(
      CheckSize("a number of commits", request.commits.size(), kTransplantCommitsMax));
  if (request.commits.empty()) return Fail(Code::kInvalid, "revert: no commits");
  CommitMeta meta = request.options.meta;
  CRANNOG_RETURN_IF_ERROR(impl_->CompleteMeta(meta));
  return Repeat(*impl_, request.branch, request.options,
                [&](CarryOver& carry, const Reference& target) -> Result<bool> {
                  CommitMeta step_meta = meta;
                  for (const CommitId& id : request.commits) {
                    CRANNOG_ASSIGN(const CommitPtr commit, impl_->commits.Load(id));
                    CRANNOG_ASSIGN(const bool there, IsInHistory(impl_->commits, id, target.head));
                    if (!there) {
                      return Fail(Code::kNotFound, "revert: commit " + id.ToHex() +
                                                       " is not in the history of " + target.name);
                    }
                    if (step_meta.message.empty()) {
                      step_meta.message = "Revert \"" + FirstLine(commit->meta.message) +
                                          "\"\n\nThis reverts commit " + id.ToHex() + ".";
                    }
                    for (const KeyChange& change : commit->changes) {
                      KeyCase key_case{change.key, change.content, std::nullopt, std::nullopt};
                      CRANNOG_ASSIGN(key_case.wanted, GetAt(impl_->commits, impl_->nodes,
                                                            commit->parent(), change.key));
                      CRANNOG_RETURN_IF_ERROR(carry.Carry(std::move(key_case), nullptr));
                    }
                  }
                  CommitStep step;
                  step.is_decided = true;
                  step.decided = carry.Sum();
                  step.meta = std::move(step_meta);
                  std::vector<CommitStep> steps;
                  if (!step.decided.empty()) steps.push_back(std::move(step));
                  return carry.Finish(ReferenceChange::kRevert, std::move(steps));
                });
}

}  // namespace crannog::catalog
