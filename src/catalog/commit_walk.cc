// Walks over history (commit_store.h).
//
// By first parents a commit knows its place (`sequence`) and one far ancestor (`skip`), chosen as
// in a skew-binary list, so that every ancestor is O(log n) jumps away. By any parents the
// `generation`, greater than that of every parent, orders walks: what is taken greatest first is
// taken after all its children, so each commit is seen once and only the frontier is remembered.
#include <map>

#include "catalog/commit_store.h"

namespace crannog::catalog {
namespace {

// Commits still to be visited, greatest generation first; each carries the marks of the sides that
// reach it.
class Frontier {
 public:
  explicit Frontier(CommitReader& reader) : reader_(&reader) {}

  Status Add(const CommitId& id, uint8_t marks) {
    if (id.IsRoot()) return {};
    CRANNOG_ASSIGN(CommitPtr commit, reader_->Load(id));
    const Place place{commit->generation, id};
    const auto item = items_.try_emplace(place, Item{std::move(commit), 0}).first;
    item->second.marks = static_cast<uint8_t>(item->second.marks | marks);
    return {};
  }

  struct Item {
    CommitPtr commit;
    uint8_t marks;
  };
  bool empty() const { return items_.empty(); }
  Item TakeGreatest() {
    auto node = items_.extract(std::prev(items_.end()));
    return std::move(node.mapped());
  }

 private:
  using Place = std::pair<uint64_t, CommitId>;
  CommitReader* reader_;  // not null
  std::map<Place, Item> items_;
};

}  // namespace

Result<uint64_t> SequenceOf(CommitReader& reader, const CommitId& id) {
  if (id.IsRoot()) return uint64_t{0};
  CRANNOG_ASSIGN(const CommitPtr commit, reader.Load(id));
  return commit->sequence;
}

Result<CommitId> AncestorAt(CommitReader& reader, const CommitId& id, uint64_t sequence) {
  CommitId at = id;
  while (!at.IsRoot()) {
    CRANNOG_ASSIGN(const CommitPtr commit, reader.Load(at));
    if (commit->sequence == sequence) return at;
    if (commit->sequence < sequence) {
      return Fail(Code::kNotFound, "commit " + id.ToHex() + " has no ancestor that far");
    }
    at = commit->skip_sequence >= sequence ? commit->skip : commit->parent();
  }
  if (sequence != 0) return Fail(Code::kNotFound, "the root has no descendants behind it");
  return at;
}

Result<CommitId> AncestorByTime(CommitReader& reader, const CommitId& id, int64_t time_us) {
  if (id.IsRoot()) return id;
  CRANNOG_ASSIGN(CommitPtr commit, reader.Load(id));
  while (commit->commit_time_us > time_us) {
    if (commit->parent().IsRoot()) return CommitId();
    if (!commit->skip.IsRoot()) {
      CRANNOG_ASSIGN(CommitPtr skip, reader.Load(commit->skip));
      if (skip->commit_time_us > time_us) {
        commit = std::move(skip);
        continue;
      }
    }
    CRANNOG_ASSIGN(commit, reader.Load(commit->parent()));
  }
  return commit->id;
}

Result<bool> IsOnLine(CommitReader& reader, const CommitId& ancestor, const CommitId& id) {
  if (ancestor.IsRoot() || ancestor == id) return true;
  CRANNOG_ASSIGN(const uint64_t wanted, SequenceOf(reader, ancestor));
  CRANNOG_ASSIGN(const uint64_t from, SequenceOf(reader, id));
  if (wanted >= from) return false;
  CRANNOG_ASSIGN(const CommitId found, AncestorAt(reader, id, wanted));
  return found == ancestor;
}

Status WalkHistory(CommitReader& reader, const std::vector<CommitId>& heads,
                   const std::function<Result<bool>(const CommitRecord&)>& visit,
                   const std::function<void(const CommitId&, const Error&)>& broken) {
  Frontier frontier(reader);
  const auto add = [&](const CommitId& id) -> Status {
    const Status added = frontier.Add(id, 1);
    if (added || !broken) return added;
    broken(id, added.error());
    return {};
  };
  for (const CommitId& head : heads) CRANNOG_RETURN_IF_ERROR(add(head));
  while (!frontier.empty()) {
    const Frontier::Item item = frontier.TakeGreatest();
    CRANNOG_ASSIGN(const bool more, visit(*item.commit));
    if (!more) break;
    for (const CommitId& parent : item.commit->parents) {
      CRANNOG_RETURN_IF_ERROR(add(parent));
    }
  }
  return {};
}

Result<CommitId> FindMergeBase(CommitReader& reader, const CommitId& a, const CommitId& b) {
  CRANNOG_ASSIGN(const bool a_first, IsOnLine(reader, a, b));
  if (a_first) return a;
  CRANNOG_ASSIGN(const bool b_first, IsOnLine(reader, b, a));
  if (b_first) return b;
  Frontier frontier(reader);
  CRANNOG_RETURN_IF_ERROR(frontier.Add(a, 1));
  CRANNOG_RETURN_IF_ERROR(frontier.Add(b, 2));
  while (!frontier.empty()) {
    const Frontier::Item item = frontier.TakeGreatest();
    if (item.marks == 3) return item.commit->id;
    for (const CommitId& parent : item.commit->parents) {
      CRANNOG_RETURN_IF_ERROR(frontier.Add(parent, item.marks));
    }
  }
  return CommitId();
}

Result<bool> IsInHistory(CommitReader& reader, const CommitId& ancestor, const CommitId& id) {
  CRANNOG_ASSIGN(const bool on_line, IsOnLine(reader, ancestor, id));
  if (on_line) return true;
  CRANNOG_ASSIGN(const CommitPtr wanted, reader.Load(ancestor));
  bool found = false;
  CRANNOG_RETURN_IF_ERROR(
      WalkHistory(reader, {id}, [&](const CommitRecord& commit) -> Result<bool> {
        found = commit.id == ancestor;
        return !found && commit.generation > wanted->generation;
      }));
  return found;
}

}  // namespace crannog::catalog
