#include "sql/engine/lake/append_queue.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "sql/engine/lake/lake.h"

namespace crannog::sql::engine {
namespace {

constexpr size_t kGroupMax = 256;
constexpr int kAttemptsMax = 100;

struct Head {
  catalog::CommitId commit;
  catalog::Content content;
  iceberg::TableBase base;
};

Result<Head> HeadOf(const Lake& lake, const Append& append) {
  Head head;
  CRANNOG_ASSIGN(auto reference, lake.repository.GetReference(append.branch));
  head.commit = reference.head;
  std::optional<catalog::Content> content;
  if (!head.commit.IsRoot()) {
    CRANNOG_ASSIGN(content, lake.repository.Get(head.commit, append.key));
  }
  const auto* table = content ? content->As<catalog::IcebergTable>() : nullptr;
  if (!table || content->id != append.table)
    return Fail(Code::kConflict, "append to " + append.key.ToString() + " on " + append.branch +
                                     ": the table was dropped or replaced meanwhile");
  head.base.location = table->metadata_location;
  CRANNOG_ASSIGN(head.base.table, lake.LoadTable(head.base.location));
  if (head.base.table->current_schema_id != append.change.base.current_schema_id)
    return Fail(Code::kConflict, "append to " + append.key.ToString() + " on " + append.branch +
                                     ": its columns were changed meanwhile");
  head.content = std::move(*content);
  return head;
}

Status PutOnHead(const Lake& lake, const Append& append, const iceberg::TableChange& change) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    CRANNOG_ASSIGN(auto head, HeadOf(lake, append));
    auto prepared = iceberg::Prepare(lake.environment(), head.base, change);
    if (!prepared)
      return std::unexpected(
          std::move(prepared).error().Within("append to " + append.key.ToString()));
    catalog::CommitRequest request;
    request.branch = append.branch;
    request.base = head.commit;
    request.meta.message = append.message;
    request.operations.push_back(
        catalog::Operation::Put(append.key, ToContent(head.content.id, *prepared)));
    CRANNOG_ASSIGN(auto outcome, lake.repository.Commit(request));
    if (outcome.ok()) return {};
    iceberg::Abandon(lake.environment(), *prepared);
  }
  return Fail(Code::kConflict,
              "append to " + append.key.ToString() + ": others kept changing it; try again");
}

}  // namespace

// Those that fit together with the first; the caller holds the lock.
AppendQueue::Group AppendQueue::Take(Line& line) {
  Group group;
  while (!line.waiting.empty() && group.size() < kGroupMax) {
    Waiter* next = line.waiting.front();
    if (!group.empty() && (next->append.table != group.front()->append.table ||
                           !iceberg::CanCombine(group.front()->append.change, next->append.change)))
      break;
    group.push_back(next);
    line.waiting.pop_front();
  }
  return group;
}

std::vector<Status> AppendQueue::CommitGroup(const Lake& lake, const Group& group) {
  if (group.size() > 1) {
    std::vector<iceberg::TableChange> changes;
    for (const auto* waiter : group) changes.push_back(waiter->append.change);
    auto combined = iceberg::Combine(std::move(changes));
    const auto status = combined ? PutOnHead(lake, group.front()->append, *combined)
                                 : Status(std::unexpected(combined.error()));
    // One bad append must not take the others with it; what may have happened is not repeated.
    if (status || status.error().code() == Code::kUnknown)
      return std::vector<Status>(group.size(), status);
  }
  std::vector<Status> outcomes;
  for (const auto* waiter : group)
    outcomes.push_back(PutOnHead(lake, waiter->append, waiter->append.change));
  return outcomes;
}

Status AppendQueue::Commit(const Lake& lake, Append append) {
  Waiter self{std::move(append), std::nullopt};
  const std::string name = self.append.branch + '\n' + self.append.key.encoded();
  std::unique_lock lock(mutex_);
  auto& place = lines_[name];
  if (!place) place = std::make_shared<Line>();
  const auto line = place;
  line->waiting.push_back(&self);
  while (true) {
    changed_.wait(lock, [&] { return self.outcome || !line->led; });
    if (self.outcome) break;
    line->led = true;
    const Group group = Take(*line);
    lock.unlock();
    std::vector<Status> outcomes;
    try {
      outcomes = CommitGroup(lake, group);
    } catch (const std::exception& exception) {  // out of memory: those that wait must not hang
      outcomes.assign(group.size(), Fail(Code::kUnknown, exception.what()));
    }
    lock.lock();
    for (size_t i = 0; i < group.size(); ++i) group[i]->outcome = std::move(outcomes[i]);
    line->led = false;
    changed_.notify_all();
  }
  auto found = lines_.find(name);
  if (found != lines_.end() && found->second == line && line->waiting.empty() && !line->led)
    lines_.erase(found);
  return *self.outcome;
}

}  // namespace crannog::sql::engine
