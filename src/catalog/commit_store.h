// Commits in the state store, with a cache, and the walks over history.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

#include "catalog/commit.h"
#include "catalog/tree/byte_cache.h"
#include "state/store.h"

namespace crannog::catalog {

using CommitPtr = std::shared_ptr<const CommitRecord>;

// Where commits are read from.
class CommitReader {
 public:
  virtual ~CommitReader() = default;
  // kNotFound (the root too), kCorrupt (the bytes do not hash to `id`, or are no commit), kIo.
  virtual Result<CommitPtr> Load(const CommitId& id) = 0;
};

// Thread-safe.
class CommitStore final : public CommitReader {
 public:
  CommitStore(const state::Store& store, size_t cache_bytes)
      : store_(&store), cache_(cache_bytes) {}

  Result<CommitPtr> Load(const CommitId& id) override;
  Result<CommitPtr> LoadUncached(const CommitId& id);
  // The one commit whose id starts with these hexadecimal digits (8 to 64, lower case).
  //   kNotFound  there is none    kInvalid  there are several
  Result<CommitPtr> FindByPrefix(std::string_view hex_prefix);
  void Remember(CommitPtr commit);
  void Forget(const CommitId& id) { cache_.Erase(id); }

 private:
  const state::Store* store_;  // not null
  tree::ByteCache<CommitId, CommitRecord> cache_;
};

// Commits that were made but are not durable yet. Not thread-safe.
class CommitStage final : public CommitReader {
 public:
  struct Item {
    CommitPtr commit;
    std::string bytes;
  };

  explicit CommitStage(CommitStore& beneath) : beneath_(&beneath) {}

  Result<CommitPtr> Load(const CommitId& id) override;
  void Add(CommitPtr commit, std::string bytes);
  // As if it had never been added.
  void Remove(const CommitId& id) { items_.erase(id); }
  const std::unordered_map<CommitId, Item>& items() const { return items_; }
  // To be called once the commits are in the store: from now on everybody may have them.
  void Publish();
  void Clear() { items_.clear(); }

 private:
  CommitStore* beneath_;  // not null
  std::unordered_map<CommitId, Item> items_;
};

// Steps from `id` to the root by first parents; 0 for the root.
Result<uint64_t> SequenceOf(CommitReader& reader, const CommitId& id);
// The ancestor of `id` by first parents with this sequence; 0 gives the root. O(log n) reads.
// kNotFound when `id` itself has a smaller one.
Result<CommitId> AncestorAt(CommitReader& reader, const CommitId& id, uint64_t sequence);
// The newest of `id` and its ancestors by first parents whose time is at or before `time_us`; the
// root when all are later. O(log n) reads.
Result<CommitId> AncestorByTime(CommitReader& reader, const CommitId& id, int64_t time_us);
// True when `ancestor` is `id`, the root, or an ancestor by first parents. O(log n) reads.
Result<bool> IsOnLine(CommitReader& reader, const CommitId& ancestor, const CommitId& id);

// Every commit that `heads` reach by any parents, each once, children before their parents. Holds
// only the frontier in memory. `visit` answers whether to go on. A commit that cannot be read ends
// the walk, or is told to `broken` and passed over.
Status WalkHistory(CommitReader& reader, const std::vector<CommitId>& heads,
                   const std::function<Result<bool>(const CommitRecord&)>& visit,
                   const std::function<void(const CommitId&, const Error&)>& broken = {});
// The common ancestor of the greatest generation; the root when there is none.
Result<CommitId> FindMergeBase(CommitReader& reader, const CommitId& a, const CommitId& b);
// True when `ancestor` is `id`, the root, or an ancestor by any parents.
Result<bool> IsInHistory(CommitReader& reader, const CommitId& ancestor, const CommitId& id);

}  // namespace crannog::catalog
