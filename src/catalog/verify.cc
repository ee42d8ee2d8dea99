// Proving the catalog's invariants (docs/formats/catalog.md, Invariants).
//
// Each commit is compared with its parent; by induction that proves all of history. Nodes that no
// reference reaches are garbage, not damage: only their bytes are looked at.
#include <set>

#include "catalog/repository_internal.h"
#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

using state::Table;

class Verifier {
 public:
  Verifier(Repository::Impl& impl, const VerifyOptions& options)
      : impl_(&impl), options_(&options) {}

  Result<VerifyReport> Run() {
    CRANNOG_RETURN_IF_ERROR(ReadHorizon());
    CRANNOG_ASSIGN(const std::vector<CommitId> heads, CheckReferences());
    CRANNOG_RETURN_IF_ERROR(CheckReflog());
    CRANNOG_RETURN_IF_ERROR(CheckNodes());
    CRANNOG_RETURN_IF_ERROR(WalkHistory(
        impl_->commits, heads,
        [&](const CommitRecord& commit) -> Result<bool> {
          CheckCommit(commit);
          ++report_.commits;
          if (options_->progress && report_.commits % 10'000 == 0) {
            options_->progress(report_.commits);
          }
          return !Full();
        },
        [&](const CommitId& id, const Error& error) {
          Add("commit " + id.ToHex(), error.ToString());
        }));
    for (const CommitId& head : std::set<CommitId>(heads.begin(), heads.end())) CheckKeys(head);
    return std::move(report_);
  }

 private:
  bool Full() const { return report_.problems.size() >= options_->problems_max; }

  void Add(std::string what, std::string problem) {
    if (!Full()) report_.problems.push_back({std::move(what), std::move(problem)});
  }

  Status ReadHorizon() {
    CRANNOG_ASSIGN(const auto bytes, impl_->store->Get(Table::kCatalogRefs, kHorizonKey));
    if (!bytes) return {};
    std::string_view from = *bytes;
    CRANNOG_ASSIGN(horizon_us_, tree::TakeSigned(from));
    return {};
  }

  // Calls `check` with every entry of a table.
  template <typename Check>
  Status ForEach(Table table, const Check& check) {
    state::ScanOptions scan;
    scan.fill_cache = false;
    CRANNOG_ASSIGN(auto cursor, impl_->store->Scan(table, scan));
    while (!Full()) {
      CRANNOG_ASSIGN(const bool more, cursor->Next());
      if (!more) break;
      check(cursor->key(), cursor->value());
    }
    return {};
  }

  Result<std::vector<CommitId>> CheckReferences() {
    std::vector<CommitId> heads;
    bool main_there = false;
    CRANNOG_RETURN_IF_ERROR(
        ForEach(Table::kCatalogRefs, [&](std::string_view key, std::string_view value) {
          if (key.starts_with('\0')) return;
          const auto reference = DecodeReference(key, value);
          if (!reference) return Add("reference " + std::string(key), reference.error().ToString());
          ++report_.references;
          main_there = main_there || key == kDefaultBranch;
          heads.push_back(reference->head);
          if (reference->head.IsRoot()) return;
          const auto commit = impl_->commits.LoadUncached(reference->head);
          if (!commit) Add("reference " + std::string(key), commit.error().ToString());
        }));
    if (!main_there) Add("reference main", "the default branch is missing");
    return heads;
  }

  Status CheckReflog() {
    return ForEach(Table::kCatalogReflog, [&](std::string_view key, std::string_view value) {
      const auto entry = DecodeReflogEntry(key, value);
      if (!entry) Add("a reflog entry", entry.error().ToString());
    });
  }

  Status CheckNodes() {
    return ForEach(Table::kCatalogNodes, [&](std::string_view key, std::string_view value) {
      ++report_.nodes;
      const auto id = tree::NodeId::FromBytes(key);
      if (!id) return Add("a tree node", "its key is no hash");
      if (tree::NodeId::Of(value) != *id) {
        return Add("tree node " + id->ToHex(), "its bytes have another hash");
      }
      const auto node = tree::Node::Decode(std::string(value));
      if (!node) Add("tree node " + id->ToHex(), node.error().ToString());
    });
  }

  // Against its parent, which proved itself or will.
  void CheckCommit(const CommitRecord& commit) {
    const std::string what = "commit " + commit.id.ToHex();
    CommitRecord root;  // stands for the parent of a first commit
    const CommitRecord* parent = &root;
    CommitPtr loaded;
    if (!commit.parent().IsRoot()) {
      auto found = impl_->commits.Load(commit.parent());
      if (!found) return;  // the walk names it
      loaded = *std::move(found);
      parent = loaded.get();
    }
    if (commit.sequence != parent->sequence + 1) Add(what, "its sequence does not follow");
    if (!commit.parent().IsRoot() && commit.commit_time_us < parent->commit_time_us) {
      Add(what, "is older than its parent");
    }
    uint64_t generation = parent->generation + 1;
    if (commit.parents.size() > 1) {
      const auto merged = impl_->commits.Load(commit.parents[1]);
      if (merged) generation = std::max(generation, (*merged)->generation + 1);
    }
    if (commit.generation != generation) Add(what, "its generation does not follow");
    CheckSkip(commit, what);
    if (const Status tree = CheckTree(commit, *parent); !tree) {
      const bool dropped =
          tree.error().code() == Code::kNotFound && parent->commit_time_us < horizon_us_;
      if (!dropped) Add(what, tree.error().ToString());
    }
  }

  void CheckSkip(const CommitRecord& commit, const std::string& what) {
    const auto found = AncestorAt(impl_->commits, commit.parent(), commit.skip_sequence);
    if (!found) return Add(what, "its skip: " + found.error().ToString());
    if (*found != commit.skip) Add(what, "its skip is not its ancestor");
  }

  Status CheckTree(const CommitRecord& commit, const CommitRecord& parent) {
    if (commit.tree_lag > 0) {
      if (commit.tree_root != parent.tree_root || commit.tree_lag != parent.tree_lag + 1 ||
          commit.tree_lag_changes != parent.tree_lag_changes + commit.changes.size()) {
        return Fail(Code::kCorrupt, "its way to a tree does not follow from its parent's");
      }
      return {};
    }
    CRANNOG_ASSIGN(KeyState state, LoadKeyState(impl_->commits, commit.parent()));
    state.overlay.Add(std::make_shared<const CommitRecord>(commit));
    tree::NodeStage stage(impl_->nodes);  // thrown away
    CRANNOG_ASSIGN(const tree::NodeId expected, state.Materialize(stage));
    if (expected == commit.tree_root) return {};
    return Fail(Code::kCorrupt, "its tree is not its parent's with its changes");
  }

  // Every key at a head: whole, sorted, readable, and beneath namespaces.
  void CheckKeys(const CommitId& head) {
    const std::string what = "keys at commit " + head.ToHex();
    const auto state = LoadKeyState(impl_->commits, head);
    if (!state) return;  // the walk names it
    KeyCursor cursor(impl_->nodes, *state);
    auto more = cursor.Seek({});
    std::vector<std::pair<ContentKey, bool>> above;  // keys over the present one; is it a namespace
    std::string last;
    while (more && *more && !Full()) {
      ++report_.keys;
      const auto key = ContentKey::Decode(cursor.key());
      if (!key) return Add(what, key.error().ToString());
      if (key->encoded() <= last) Add(what, key->ToString() + " is out of order");
      last = key->encoded();
      while (!above.empty() && !key->IsBeneath(above.back().first)) above.pop_back();
      const auto content = cursor.content();
      if (!content) Add(what, key->ToString() + ": " + content.error().ToString());
      const bool parent_there =
          key->parent().IsRoot() || (!above.empty() && above.back().first == key->parent());
      if (!parent_there) {
        Add(what, "namespace " + key->parent().ToString() + " is missing");
      } else if (!above.empty() && !above.back().second) {
        Add(what, key->parent().ToString() + " has keys beneath it but is no namespace");
      }
      if (content && content->id.IsNil()) Add(what, key->ToString() + " has no content id");
      above.emplace_back(*key, content && content->IsNamespace());
      more = cursor.Next();
    }
    if (!more) Add(what, more.error().ToString());
  }

  Repository::Impl* impl_;        // not null
  const VerifyOptions* options_;  // not null
  int64_t horizon_us_ = INT64_MIN;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> Repository::Verify(const VerifyOptions& options) const {
  return Verifier(*impl_, options).Run();
}

}  // namespace crannog::catalog
