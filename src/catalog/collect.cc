// Garbage collection (docs/formats/catalog.md, Collection).
//
// Mark: history is walked from all references, children first, each commit once; trees are marked
// by what each adds to its predecessor's. Marks go into a Bloom filter, so memory is fixed.
// Sweep: what is in the tables and not in the filter is dropped, in small steps between commits.
// Whatever is written meanwhile is marked by the committer itself before it is written, and a
// reference may only be put where a walk has been or will be.
#include <atomic>
#include <mutex>

#include "catalog/repository_internal.h"
#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

using state::Table;

// Space is returned when more than one part in this many was garbage.
constexpr uint64_t kReturnSpaceShare = 4;
constexpr size_t kSweepStep = 500;

// What the collector and the committer's leader share.
struct Shared {
  explicit Shared(size_t memory_bytes_max) : live(memory_bytes_max) {}

  tree::LiveFilter live;
  std::mutex mutex;               // guards the rest
  std::vector<CommitId> to_walk;  // references were put on these while marking
  bool sweeping = false;
};

class Collector {
 public:
  Collector(Repository::Impl& impl, const CollectOptions& options)
      : impl_(&impl), options_(&options), shared_(options.memory_bytes_max) {}

  Result<CollectResult> Run() {
    std::vector<CommitId> heads;
    CRANNOG_RETURN_IF_ERROR(Exclusively([&]() -> Status {
      for (const Reference& reference : impl_->references.All()) heads.push_back(reference.head);
      impl_->committer->SetCollector(
          {&shared_.live, [this](const CommitId& id) { return MayReferTo(id); }});
      return {};
    }));
    const Status collected = Collect(std::move(heads));
    const Status released = Exclusively([&]() -> Status {
      impl_->committer->SetCollector({});
      return {};
    });
    CRANNOG_RETURN_IF_ERROR(collected);
    CRANNOG_RETURN_IF_ERROR(released);
    return result_;
  }

 private:
  Status Collect(std::vector<CommitId> heads) {
    CRANNOG_RETURN_IF_ERROR(Mark(heads));
    while (true) {
      std::vector<CommitId> more;
      {
        const std::lock_guard lock(shared_.mutex);
        more.swap(shared_.to_walk);
        shared_.sweeping = more.empty();
      }
      if (more.empty()) break;
      CRANNOG_RETURN_IF_ERROR(Mark(more));
    }
    // Written before the first tree goes: from then on its absence is no damage.
    if (options_->keep_since_us && !options_->dry_run) CRANNOG_RETURN_IF_ERROR(WriteHorizon());
    CRANNOG_RETURN_IF_ERROR(Sweep(Table::kCatalogCommits));
    CRANNOG_RETURN_IF_ERROR(Sweep(Table::kCatalogNodes));
    if (options_->reflog_keep_since_us) CRANNOG_RETURN_IF_ERROR(TrimReflog());
    if (options_->dry_run) return {};
    CRANNOG_RETURN_IF_ERROR(impl_->store->Flush());
    return ReturnSpace();
  }

  // The store gives the room of these tables back when it is told to (state/table.h). It reads and
  // writes all that lives, which pays when much of what was there is gone.
  Status ReturnSpace() {
    const uint64_t dropped = result_.dropped_commits + result_.dropped_nodes;
    const uint64_t live = result_.live_commits + result_.live_nodes;
    if (dropped == 0 || dropped * kReturnSpaceShare < live) return {};
    CRANNOG_RETURN_IF_ERROR(impl_->store->Compact(Table::kCatalogCommits));
    return impl_->store->Compact(Table::kCatalogNodes);
  }

  Status Exclusively(std::function<Status()> run) {
    ChangeRequest request;
    request.kind = ChangeRequest::Kind::kExclusive;
    request.exclusive = std::move(run);
    CRANNOG_RETURN_IF_ERROR(impl_->Submit(std::move(request)));
    return {};
  }

  // Called by the committer's leader.
  Result<bool> MayReferTo(const CommitId& id) {
    CRANNOG_ASSIGN(const CommitPtr commit, impl_->commits.Load(id));
    for (const Reference& reference : impl_->references.All()) {
      if (reference.head == id) return true;
      // Beneath a head everything stays, but for the trees before the cut-off.
      if (!IsKept(*commit)) continue;
      CRANNOG_ASSIGN(const bool there, IsOnLine(impl_->commits, id, reference.head));
      if (there) return true;
    }
    const std::lock_guard lock(shared_.mutex);
    if (shared_.sweeping) return false;
    shared_.to_walk.push_back(id);
    return true;
  }

  bool IsKept(const CommitRecord& commit) const {
    return !options_->keep_since_us || commit.commit_time_us >= *options_->keep_since_us;
  }

  Status Mark(const std::vector<CommitId>& heads) {
    UncachedNodes nodes(impl_->nodes);
    const auto mark_node = [&](const tree::NodeId& id) {
      shared_.live.Add(id.bytes());
      ++result_.live_nodes;
    };
    for (const CommitId& head : heads) {
      if (head.IsRoot()) continue;
      CRANNOG_ASSIGN(const CommitPtr commit, impl_->commits.Load(head));
      // A head keeps its tree whatever its age. Below, trees are marked along the lines.
      if (IsKept(*commit)) continue;
      CRANNOG_RETURN_IF_ERROR(
          tree::VisitNewNodes(nodes, tree::NodeId(), commit->tree_root, mark_node));
    }
    UncachedCommits commits(impl_->commits);
    return WalkHistory(commits, heads, [&](const CommitRecord& commit) -> Result<bool> {
      shared_.live.Add(commit.id.bytes());
      ++result_.live_commits;
      if (!IsKept(commit)) return true;
      tree::NodeId known;  // the tree whose nodes are marked when the parent is visited
      if (!commit.parent().IsRoot()) {
        CRANNOG_ASSIGN(const CommitPtr parent, commits.Load(commit.parent()));
        if (IsKept(*parent)) known = parent->tree_root;
      }
      CRANNOG_RETURN_IF_ERROR(tree::VisitNewNodes(nodes, known, commit.tree_root, mark_node));
      return true;
    });
  }

  Status WriteHorizon() {
    CRANNOG_ASSIGN(const auto bytes, impl_->store->Get(Table::kCatalogRefs, kHorizonKey));
    int64_t horizon_us = *options_->keep_since_us;
    if (bytes) {
      std::string_view from = *bytes;
      CRANNOG_ASSIGN(const int64_t before_us, tree::TakeSigned(from));
      horizon_us = std::max(horizon_us, before_us);
    }
    std::string value;
    tree::AppendSigned(value, horizon_us);
    state::Batch batch;
    batch.Put(Table::kCatalogRefs, kHorizonKey, value);
    return impl_->store->Commit(batch, state::Sync::kNow);
  }

  Status Sweep(Table table) {
    state::ScanOptions scan;
    scan.fill_cache = false;
    CRANNOG_ASSIGN(auto cursor, impl_->store->Scan(table, scan));
    std::vector<std::string> dead;
    while (true) {
      CRANNOG_ASSIGN(const bool more, cursor->Next());
      if (more && !shared_.live.Contains(cursor->key())) {
        dead.emplace_back(cursor->key());
        result_.dropped_bytes += cursor->key().size() + cursor->value().size();
        ++(table == Table::kCatalogNodes ? result_.dropped_nodes : result_.dropped_commits);
      }
      if (dead.size() == kSweepStep || (!more && !dead.empty())) {
        CRANNOG_RETURN_IF_ERROR(Drop(table, dead));
        dead.clear();
      }
      if (!more) return {};
    }
  }

  // What was written again since it was found dead is in the filter by now and stays.
  Status Drop(Table table, const std::vector<std::string>& keys) {
    if (options_->dry_run) return {};
    return Exclusively([&]() -> Status {
      state::Batch batch;
      for (const std::string& key : keys) {
        if (shared_.live.Contains(key)) continue;
        batch.Delete(table, key);
        if (table == Table::kCatalogNodes) {
          CRANNOG_ASSIGN(const tree::NodeId id, tree::NodeId::FromBytes(key));
          impl_->nodes.Forget(id);
        } else {
          CRANNOG_ASSIGN(const Hash hash, Hash::FromBytes(key));
          impl_->commits.Forget(CommitId(hash));
        }
      }
      return impl_->store->Commit(batch, state::Sync::kLater);
    });
  }

  Status TrimReflog() {
    CRANNOG_ASSIGN(auto cursor, impl_->store->Scan(Table::kCatalogReflog, state::ScanOptions()));
    state::Batch batch;
    while (true) {
      CRANNOG_ASSIGN(const bool more, cursor->Next());
      if (more) {
        CRANNOG_ASSIGN(const ReflogEntry entry, DecodeReflogEntry(cursor->key(), cursor->value()));
        if (entry.time_us >= *options_->reflog_keep_since_us) continue;
        batch.Delete(Table::kCatalogReflog, cursor->key());
        ++result_.dropped_reflog_entries;
      }
      if (!options_->dry_run && (batch.count() >= kSweepStep || !more)) {
        CRANNOG_RETURN_IF_ERROR(impl_->store->Commit(batch, state::Sync::kLater));
      }
      if (!more || batch.count() >= kSweepStep) batch.Clear();
      if (!more) return {};
    }
  }

  // Long walks must not push what others use out of the caches.
  class UncachedNodes final : public tree::NodeReader {
   public:
    explicit UncachedNodes(tree::NodeStore& store) : store_(&store) {}
    Result<tree::NodePtr> Load(const tree::NodeId& id) override { return store_->LoadUncached(id); }

   private:
    tree::NodeStore* store_;  // not null
  };
  class UncachedCommits final : public CommitReader {
   public:
    explicit UncachedCommits(CommitStore& store) : store_(&store) {}
    Result<CommitPtr> Load(const CommitId& id) override {
      // The walk asks for each parent twice in a row.
      if (last_ != nullptr && last_->id == id) return last_;
      CRANNOG_ASSIGN(last_, store_->LoadUncached(id));
      return last_;
    }

   private:
    CommitStore* store_;  // not null
    CommitPtr last_;
  };

  Repository::Impl* impl_;         // not null
  const CollectOptions* options_;  // not null
  Shared shared_;
  CollectResult result_;
};

}  // namespace

Result<CollectResult> Repository::Collect(const CollectOptions& options) {
  const std::unique_lock one(impl_->collecting, std::try_to_lock);
  if (!one.owns_lock()) {
    return Fail(Code::kUnavailable, "collect garbage in the catalog: a collection is running");
  }
  return Collector(*impl_, options).Run();
}

}  // namespace crannog::catalog
