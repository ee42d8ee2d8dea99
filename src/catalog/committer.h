// Group commit: every change of a reference passes here, one after the other, many in one sync.
//
// Whoever comes while nobody leads, leads: it takes all that wait, decides each against the heads
// as those before it left them, writes everything as one durable batch and hands out the answers.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "catalog/branch_state.h"
#include "catalog/history.h"
#include "catalog/operation.h"
#include "catalog/reference_store.h"
#include "catalog/tree/live_filter.h"
#include "io/clock.h"
#include "io/random.h"
#include "state/store.h"

namespace crannog::catalog {

// One commit to make: operations to be judged, or changes that were decided already.
struct CommitStep {
  std::vector<Operation> operations;
  std::vector<DecidedChange> decided;
  bool is_decided = false;  // take `decided`, not `operations`
  CommitMeta meta;          // with a committer
  std::optional<CommitId> merged;
};

struct ChangeRequest {
  enum class Kind : uint8_t { kSteps, kCreate, kAssign, kDrop, kExclusive };
  Kind kind = Kind::kSteps;
  std::string reference;
  ReferenceKind reference_kind = ReferenceKind::kBranch;  // kCreate
  CommitId target;                                        // kCreate, kAssign
  std::optional<CommitId> expected;                       // kAssign, kDrop
  std::string who;
  // kSteps: all or none, one commit each.
  ReferenceChange change = ReferenceChange::kCommit;
  std::optional<CommitId> base;  // of the first step; later ones follow it at once
  std::vector<CommitStep> steps;
  // kExclusive: runs while nothing else changes. Must not submit anything itself.
  std::function<Status()> exclusive;
};

struct ChangeAnswer {
  Reference reference;  // afterwards; for kDrop: what was dropped
  CommitId head_before;
  int64_t time_us = 0;
  std::vector<CommitId> commits;
  std::vector<std::pair<ContentKey, ContentId>> created;
  std::vector<Conflict> conflicts;  // nothing changed when there are any
  size_t conflict_step = 0;         // the step that met them
};

struct CommitterParts {
  state::Store* store;
  io::Clock* clock;
  io::Random* random;
  ReferenceStore* references;
  CommitStore* commits;
  tree::NodeStore* nodes;
};

// While it is set, garbage is being collected: what is written counts as in use, and references
// may only be put on what stays.
struct CollectorHooks {
  tree::LiveFilter* live = nullptr;
  std::function<Result<bool>(const CommitId&)> may_refer_to;
};

// Thread-safe.
class Committer {
 public:
  // `reflog_next` is the number of the next reflog entry.
  Committer(const CommitterParts& parts, uint64_t reflog_next);

  // Durable when this returns well and without conflicts.
  Result<ChangeAnswer> Submit(ChangeRequest request);
  // Within an exclusive request only.
  void SetCollector(CollectorHooks hooks) { collector_ = std::move(hooks); }

 private:
  // One that waits sleeps on a lock of its own: woken together, many would queue up for a shared
  // one.
  struct Waiter {
    enum class Turn : uint8_t { kWaits, kLeads, kAnswered };

    Turn Await();
    void Wake(Turn next);

    ChangeRequest request;
    std::optional<Result<ChangeAnswer>> answer;  // the leader's until `turn` is kAnswered

   private:
    std::mutex mutex_;  // guards turn_
    std::condition_variable changed_;
    Turn turn_ = Turn::kWaits;
  };
  // Shared by who waits and the leader that answers: either may be done with it first.
  using WaiterPtr = std::shared_ptr<Waiter>;

  void Lead();
  std::vector<WaiterPtr> TakeGroup();
  void Process(const std::vector<WaiterPtr>& group);
  Status WriteGroup();
  void Forget();

  Result<ChangeAnswer> Decide(ChangeRequest& request);
  Result<ChangeAnswer> DecideSteps(ChangeRequest& request, const Reference& reference);
  Result<ChangeAnswer> RunSteps(ChangeRequest& request, const Reference& reference,
                                BranchState& branch);
  Result<ChangeAnswer> Create(const ChangeRequest& request);
  Result<ChangeAnswer> Assign(const ChangeRequest& request, Reference reference);
  Result<ChangeAnswer> Drop(const ChangeRequest& request, const Reference& reference);
  Status CheckTarget(const CommitId& target);
  Status CheckTree(const CommitRecord& commit);

  std::optional<Reference> FindReference(std::string_view name) const;
  Result<BranchState*> FindBranch(const Reference& reference);
  void Log(const ChangeRequest& request, const CommitId& from, const CommitId& to,
           std::string_view who);

  const CommitterParts parts_;

  std::mutex mutex_;  // guards waiting_ and led_
  std::deque<WaiterPtr> waiting_;
  bool led_ = false;

  // The rest belongs to the leader.
  CommitStage commits_;
  tree::NodeStage nodes_;
  std::map<std::string, BranchState, std::less<>> branches_;
  ReferenceUpdates updates_;
  std::vector<ReflogEntry> reflog_;
  uint64_t reflog_next_;
  int64_t now_us_ = 0;
  CollectorHooks collector_;
};

}  // namespace crannog::catalog
