#include "catalog/committer.h"

#include "base/check.h"
#include "catalog/limits.h"
#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

constexpr size_t kBranchesHeldMax = 1000;

Error NoSuchReference(std::string_view name) {
  return Error(Code::kNotFound, "reference '" + std::string(name) + "' does not exist");
}

Error UnexpectedHead(const Reference& reference, const CommitId& expected) {
  return Error(Code::kConflict, "reference '" + reference.name + "': its head is " +
                                    reference.head.ToHex() + ", not " + expected.ToHex());
}

}  // namespace

Committer::Committer(const CommitterParts& parts, uint64_t reflog_next)
    : parts_(parts), commits_(*parts.commits), nodes_(*parts.nodes), reflog_next_(reflog_next) {}

Committer::Waiter::Turn Committer::Waiter::Await() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return turn_ != Turn::kWaits; });
  return turn_;
}

void Committer::Waiter::Wake(Turn next) {
  {
    const std::lock_guard lock(mutex_);
    turn_ = next;
  }
  changed_.notify_one();
}

Result<ChangeAnswer> Committer::Submit(ChangeRequest request) {
  const auto waiter = std::make_shared<Waiter>();
  waiter->request = std::move(request);
  bool leads = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(waiter);
    leads = !led_;
    led_ = true;
  }
  if (leads || waiter->Await() == Waiter::Turn::kLeads) Lead();
  CRANNOG_CHECK(waiter->answer.has_value());
  return *std::move(waiter->answer);
}

// The leader stands first in the queue, so its own request is in the group it takes.
void Committer::Lead() {
  const std::vector<WaiterPtr> group = TakeGroup();
  Process(group);
  WaiterPtr next;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      led_ = false;
    } else {
      next = waiting_.front();
    }
  }
  // Answers go out first: who has one may come back in time for the next group, and a sync is
  // dearer than the moment until the next leader starts.
  for (size_t i = 1; i < group.size(); ++i) group[i]->Wake(Waiter::Turn::kAnswered);
  if (next != nullptr) next->Wake(Waiter::Turn::kLeads);
}

std::vector<Committer::WaiterPtr> Committer::TakeGroup() {
  const std::lock_guard lock(mutex_);
  std::vector<WaiterPtr> group;
  size_t operations = 0;
  while (!waiting_.empty() && group.size() < kGroupRequestsMax &&
         operations < kGroupOperationsMax) {
    const bool exclusive = waiting_.front()->request.kind == ChangeRequest::Kind::kExclusive;
    if (exclusive && !group.empty()) break;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    if (exclusive) break;
    for (const CommitStep& step : group.back()->request.steps) {
      operations += step.operations.size() + step.decided.size();
    }
  }
  return group;
}

void Committer::Process(const std::vector<WaiterPtr>& group) {
  if (group.front()->request.kind == ChangeRequest::Kind::kExclusive) {
    const Status status = group.front()->request.exclusive();
    if (status) {
      group.front()->answer.emplace(ChangeAnswer());
    } else {
      group.front()->answer.emplace(std::unexpected(status.error()));
    }
    return;
  }
  now_us_ = parts_.clock->NowMicros();
  std::vector<Result<ChangeAnswer>> answers;
  answers.reserve(group.size());
  for (const WaiterPtr& waiter : group) answers.push_back(Decide(waiter->request));
  const Status written = WriteGroup();
  for (size_t i = 0; i < group.size(); ++i) {
    // What was refused was refused beside changes that did not come to be: nobody's answer holds.
    if (written) {
      group[i]->answer.emplace(std::move(answers[i]));
    } else {
      group[i]->answer.emplace(std::unexpected(written.error()));
    }
  }
}

Status Committer::WriteGroup() {
  if (updates_.empty()) {
    nodes_.Clear();
    return {};
  }
  state::Batch batch;
  for (const auto& [id, node] : nodes_.nodes()) {
    batch.Put(state::Table::kCatalogNodes, id.bytes(), node->bytes());
    if (collector_.live != nullptr) collector_.live->Add(id.bytes());
  }
  for (const auto& [id, item] : commits_.items()) {
    batch.Put(state::Table::kCatalogCommits, id.bytes(), item.bytes);
    if (collector_.live != nullptr) collector_.live->Add(id.bytes());
  }
  for (const auto& [name, reference] : updates_) {
    if (reference) {
      batch.Put(state::Table::kCatalogRefs, name, EncodeReference(*reference));
    } else {
      batch.Delete(state::Table::kCatalogRefs, name);
    }
  }
  for (const ReflogEntry& entry : reflog_) {
    batch.Put(state::Table::kCatalogReflog, ReflogKey(entry.reference, entry.number),
              EncodeReflogEntry(entry));
  }
  std::string next;
  AppendVarint(next, reflog_next_);
  batch.Put(state::Table::kCatalogRefs, kReflogNextKey, next);
  if (const Status status = parts_.store->Commit(batch, state::Sync::kNow); !status) {
    Forget();
    return std::unexpected(status.error().Within("commit to the catalog"));
  }
  nodes_.Publish();
  commits_.Publish();
  parts_.references->Apply(updates_);
  updates_.clear();
  reflog_.clear();
  if (branches_.size() > kBranchesHeldMax) branches_.clear();
  return {};
}

void Committer::Forget() {
  nodes_.Clear();
  commits_.Clear();
  updates_.clear();
  reflog_.clear();
  branches_.clear();
}

std::optional<Reference> Committer::FindReference(std::string_view name) const {
  const auto updated = updates_.find(name);
  return updated != updates_.end() ? updated->second : parts_.references->Find(name);
}

Result<ChangeAnswer> Committer::Decide(ChangeRequest& request) {
  if (request.kind == ChangeRequest::Kind::kCreate) return Create(request);
  std::optional<Reference> reference = FindReference(request.reference);
  if (!reference) return std::unexpected(NoSuchReference(request.reference));
  if (request.expected && *request.expected != reference->head) {
    return std::unexpected(UnexpectedHead(*reference, *request.expected));
  }
  if (request.kind == ChangeRequest::Kind::kDrop) return Drop(request, *reference);
  if (reference->kind == ReferenceKind::kTag) {
    return Fail(Code::kInvalid, "reference '" + reference->name + "' is a tag: tags never move");
  }
  if (request.kind == ChangeRequest::Kind::kAssign) return Assign(request, *std::move(reference));
  return DecideSteps(request, *reference);
}

Result<BranchState*> Committer::FindBranch(const Reference& reference) {
  auto found = branches_.find(reference.name);
  if (found == branches_.end()) {
    CRANNOG_ASSIGN(BranchState branch,
                   BranchState::Load({&commits_, &nodes_, parts_.random}, reference.head));
    found = branches_.emplace(reference.name, std::move(branch)).first;
  }
  CRANNOG_CHECK(found->second.head_id() == reference.head);
  return &found->second;
}

Result<ChangeAnswer> Committer::DecideSteps(ChangeRequest& request, const Reference& reference) {
  CRANNOG_ASSIGN(BranchState* const branch, FindBranch(reference));
  if (request.steps.size() == 1) {
    auto answer = RunSteps(request, reference, *branch);
    // An error may have come half way: the next one starts from what is written.
    if (!answer) branches_.erase(reference.name);
    return answer;
  }
  BranchState trial = *branch;
  const size_t logged = reflog_.size();
  const uint64_t reflog_next = reflog_next_;
  auto answer = RunSteps(request, reference, trial);
  if (answer && answer->conflicts.empty()) {
    *branch = std::move(trial);
    return answer;
  }
  reflog_.resize(logged);
  reflog_next_ = reflog_next;
  return answer;
}

Result<ChangeAnswer> Committer::RunSteps(ChangeRequest& request, const Reference& reference,
                                         BranchState& branch) {
  ChangeAnswer answer;
  answer.reference = reference;
  answer.head_before = reference.head;
  answer.time_us = now_us_;
  const auto undo = [&] {
    for (const CommitId& id : answer.commits) commits_.Remove(id);
    answer.commits.clear();
  };
  for (size_t step = 0; step < request.steps.size(); ++step) {
    CommitStep& wanted = request.steps[step];
    CommitId from = branch.head_id();
    CRANNOG_ASSIGN(const PlanContext context,
                   branch.ContextFor(step == 0 ? request.base : std::nullopt));
    auto plan = wanted.is_decided ? PlanDecided(context, wanted.decided)
                                  : PlanOperations(context, wanted.operations);
    if (!plan) {
      undo();
      return std::unexpected(std::move(plan).error());
    }
    if (!plan->conflicts.empty()) {
      undo();
      answer.conflicts = std::move(plan->conflicts);
      answer.conflict_step = step;
      return answer;
    }
    for (auto& created : plan->created) answer.created.push_back(std::move(created));
    std::string who = wanted.meta.committer;
    auto commit = branch.Append({*std::move(plan), std::move(wanted.meta), wanted.merged, now_us_});
    if (!commit) {
      undo();
      return std::unexpected(std::move(commit).error());
    }
    answer.commits.push_back((*commit)->id);
    answer.time_us = (*commit)->commit_time_us;
    Log(request, from, (*commit)->id, who);
  }
  answer.reference.head = branch.head_id();
  updates_.insert_or_assign(reference.name, answer.reference);
  return answer;
}

Status Committer::CheckTarget(const CommitId& target) {
  if (target.IsRoot()) return {};
  CRANNOG_ASSIGN(const CommitPtr commit, commits_.Load(target));
  CRANNOG_RETURN_IF_ERROR(CheckTree(*commit));
  if (!collector_.may_refer_to) return {};
  CRANNOG_ASSIGN(const bool may, collector_.may_refer_to(target));
  if (may) return {};
  return Fail(Code::kNotFound,
              "commit " + target.ToHex() + " is in no reference's history and is being collected");
}

// Collect() may have dropped the tree of an old commit; a head must have one.
Status Committer::CheckTree(const CommitRecord& commit) {
  CRANNOG_ASSIGN(const auto bytes, parts_.store->Get(state::Table::kCatalogRefs, kHorizonKey));
  if (!bytes) return {};
  std::string_view from = *bytes;
  CRANNOG_ASSIGN(const int64_t horizon_us, tree::TakeSigned(from));
  if (commit.commit_time_us >= horizon_us) return {};
  const Status whole =
      tree::VisitNewNodes(nodes_, tree::NodeId(), commit.tree_root, [](const tree::NodeId&) {});
  if (whole || whole.error().code() != Code::kNotFound) return whole;
  return Fail(Code::kNotFound,
              "the keys of commit " + commit.id.ToHex() + " were dropped by garbage collection");
}

Result<ChangeAnswer> Committer::Create(const ChangeRequest& request) {
  if (FindReference(request.reference)) {
    return Fail(Code::kExists, "reference '" + request.reference + "' exists already");
  }
  if (parts_.references->size() + updates_.size() >= kReferencesMax) {
    return Fail(Code::kExhausted, "create reference '" + request.reference + "': there are " +
                                      std::to_string(kReferencesMax) + " already");
  }
  CRANNOG_RETURN_IF_ERROR(CheckTarget(request.target));
  ChangeAnswer answer;
  answer.reference = {request.reference, request.reference_kind, request.target, now_us_};
  answer.time_us = now_us_;
  updates_.insert_or_assign(request.reference, answer.reference);
  Log(request, CommitId(), request.target, request.who);
  return answer;
}

Result<ChangeAnswer> Committer::Assign(const ChangeRequest& request, Reference reference) {
  CRANNOG_RETURN_IF_ERROR(CheckTarget(request.target));
  ChangeAnswer answer;
  answer.head_before = reference.head;
  answer.time_us = now_us_;
  Log(request, reference.head, request.target, request.who);
  reference.head = request.target;
  branches_.erase(reference.name);
  updates_.insert_or_assign(reference.name, reference);
  answer.reference = std::move(reference);
  return answer;
}

Result<ChangeAnswer> Committer::Drop(const ChangeRequest& request, const Reference& reference) {
  ChangeAnswer answer;
  answer.reference = reference;
  answer.head_before = reference.head;
  answer.time_us = now_us_;
  Log(request, reference.head, CommitId(), request.who);
  branches_.erase(reference.name);
  updates_.insert_or_assign(reference.name, std::nullopt);
  return answer;
}

void Committer::Log(const ChangeRequest& request, const CommitId& from, const CommitId& to,
                    std::string_view who) {
  ReferenceChange change = request.change;
  if (request.kind == ChangeRequest::Kind::kCreate) change = ReferenceChange::kCreate;
  if (request.kind == ChangeRequest::Kind::kAssign) change = ReferenceChange::kAssign;
  if (request.kind == ChangeRequest::Kind::kDrop) change = ReferenceChange::kDrop;
  reflog_.push_back(
      {request.reference, reflog_next_++, change, from, to, std::string(who), now_us_});
}

}  // namespace crannog::catalog
