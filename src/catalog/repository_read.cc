// What commits hold, and how they came to be.
#include <algorithm>
#include <set>

#include "base/ordered_key.h"
#include "catalog/limits.h"
#include "catalog/repository_internal.h"

namespace crannog::catalog {
namespace {

// Steps after which two commits count as far apart, and their trees are compared.
constexpr size_t kNearSteps = 2 * kTreeLagMax;

size_t Limit(size_t wanted) { return std::clamp<size_t>(wanted, 1, kPageEntriesMax); }

// The keys that commits changed between two near commits of one line, or of lines that meet
// nearby. Nothing when they do not.
Result<std::optional<std::set<std::string>>> NearChanges(CommitReader& commits, CommitId a,
                                                         CommitId b) {
  std::set<std::string> keys;
  uint64_t a_sequence = 0;
  uint64_t b_sequence = 0;
  CRANNOG_ASSIGN(a_sequence, SequenceOf(commits, a));
  CRANNOG_ASSIGN(b_sequence, SequenceOf(commits, b));
  for (size_t steps = 0; a != b; ++steps) {
    if (steps == kNearSteps) return std::nullopt;
    const bool back_a = a_sequence >= b_sequence;
    CRANNOG_ASSIGN(const CommitPtr commit, commits.Load(back_a ? a : b));
    for (const KeyChange& change : commit->changes) keys.insert(change.key.encoded());
    (back_a ? a : b) = commit->parent();
    --(back_a ? a_sequence : b_sequence);
  }
  return keys;
}

// Collects one page of a diff, fed with candidate keys in order.
class DiffCollector {
 public:
  DiffCollector(Repository::Impl& impl, const CommitId& from, const CommitId& to,
                const DiffRequest& request)
      : impl_(&impl), from_(from), to_(to), request_(&request), limit_(Limit(request.limit)) {
    begin_ = request.beneath.encoded();
    if (request.from) begin_ = std::max(begin_, request.from->encoded());
    if (request.after) begin_ = std::max(begin_, request.after->encoded() + '\0');
  }

  const std::string& begin() const { return begin_; }
  // Many keys are read faster from whole states, which must outlive the collector's use.
  void UseStates(const KeyState& from, const KeyState& to) {
    from_state_ = &from;
    to_state_ = &to;
  }

  // Whether to go on.
  Result<bool> Consider(std::string_view encoded_key) {
    if (encoded_key < begin_) return true;
    if (request_->to && encoded_key > request_->to->encoded()) return false;
    CRANNOG_ASSIGN(const ContentKey key, ContentKey::Decode(encoded_key));
    if (key != request_->beneath && !key.IsBeneath(request_->beneath)) return false;
    DiffEntry entry;
    CRANNOG_ASSIGN(entry.from, GetFrom(from_state_, from_, key));
    CRANNOG_ASSIGN(entry.to, GetFrom(to_state_, to_, key));
    if (entry.from == entry.to) return true;
    if (page_.entries.size() == limit_) {
      page_.next = page_.entries.back().key;
      return false;
    }
    entry.key = key;
    page_.entries.push_back(std::move(entry));
    return true;
  }

  DiffPage Take() { return std::move(page_); }

 private:
  Result<std::optional<Content>> GetFrom(const KeyState* state, const CommitId& commit,
                                         const ContentKey& key) {
    if (state != nullptr) return state->Get(impl_->nodes, key);
    return GetAt(impl_->commits, impl_->nodes, commit, key);
  }

  Repository::Impl* impl_;  // not null
  CommitId from_;
  CommitId to_;
  const DiffRequest* request_;  // not null
  size_t limit_;
  std::string begin_;
  const KeyState* from_state_ = nullptr;  // null: read key by key
  const KeyState* to_state_ = nullptr;
  DiffPage page_;
};

// Candidates are what the stored trees differ in, and what changed since either was stored.
Status DiffFar(Repository::Impl& impl, const CommitId& from, const CommitId& to,
               DiffCollector& collector) {
  CRANNOG_ASSIGN(const KeyState from_state, LoadKeyState(impl.commits, from));
  CRANNOG_ASSIGN(const KeyState to_state, LoadKeyState(impl.commits, to));
  collector.UseStates(from_state, to_state);
  std::set<std::string_view> changed;
  for (const auto& [key, item] : from_state.overlay.items()) changed.insert(key);
  for (const auto& [key, item] : to_state.overlay.items()) changed.insert(key);
  auto next = changed.lower_bound(collector.begin());
  bool more = true;
  const auto consider_until = [&](std::optional<std::string_view> end) -> Status {
    for (; more && next != changed.end() && (!end || *next < *end); ++next) {
      CRANNOG_ASSIGN(more, collector.Consider(*next));
    }
    return {};
  };
  const Status walked =
      tree::DiffTrees(impl.nodes, from_state.tree_root, to_state.tree_root, collector.begin(),
                      [&](const tree::TreeDifference& difference) -> Result<bool> {
                        CRANNOG_RETURN_IF_ERROR(consider_until(difference.key));
                        if (!more || changed.contains(difference.key)) return more;
                        CRANNOG_ASSIGN(more, collector.Consider(difference.key));
                        return more;
                      });
  CRANNOG_RETURN_IF_ERROR(walked);
  return consider_until(std::nullopt);
}

}  // namespace

Result<CommitRecord> Repository::GetCommit(const CommitId& id) const {
  CRANNOG_ASSIGN(const CommitPtr commit, impl_->commits.Load(id));
  return *commit;
}

Result<std::optional<Content>> Repository::Get(const CommitId& commit,
                                               const ContentKey& key) const {
  return GetAt(impl_->commits, impl_->nodes, commit, key);
}

Result<std::vector<std::optional<Content>>> Repository::GetMany(
    const CommitId& commit, std::span<const ContentKey> keys) const {
  CRANNOG_ASSIGN(const KeyState state, LoadKeyState(impl_->commits, commit));
  std::vector<std::optional<Content>> contents;
  contents.reserve(keys.size());
  for (const ContentKey& key : keys) {
    CRANNOG_ASSIGN(std::optional<Content> content, state.Get(impl_->nodes, key));
    contents.push_back(std::move(content));
  }
  return contents;
}

Result<EntriesPage> Repository::ListEntries(const CommitId& commit,
                                            const ListEntriesRequest& request) const {
  CRANNOG_ASSIGN(const KeyState state, LoadKeyState(impl_->commits, commit));
  const size_t limit = Limit(request.limit);
  const size_t depth = request.beneath.size() + 1;
  std::string begin = request.beneath.IsRoot() ? "" : request.beneath.encoded() + '\0';
  if (request.from) begin = std::max(begin, request.from->encoded());
  if (request.after) begin = std::max(begin, request.after->encoded() + '\0');
  EntriesPage page;
  KeyCursor cursor(impl_->nodes, state);
  CRANNOG_ASSIGN(bool more, cursor.Seek(begin));
  while (more) {
    CRANNOG_ASSIGN(ContentKey key, ContentKey::Decode(cursor.key()));
    if (!key.IsBeneath(request.beneath) || (request.to && key > *request.to)) break;
    if (request.children_only && key.size() > depth) {
      // Deep inside a child: on to the next one, past all that lies beneath it.
      while (key.size() > depth) key = key.parent();
      CRANNOG_ASSIGN(more, cursor.Seek(key.encoded() + '\x01'));
      continue;
    }
    CRANNOG_ASSIGN(const ContentKind kind, cursor.kind());
    const bool wanted =
        request.kinds.empty() ||
        std::find(request.kinds.begin(), request.kinds.end(), kind) != request.kinds.end();
    if (wanted && page.entries.size() == limit) {
      page.next = page.entries.back().key;
      break;
    }
    if (wanted) {
      CRANNOG_ASSIGN(Content content, cursor.content());
      page.entries.push_back({std::move(key), std::move(content)});
    }
    CRANNOG_ASSIGN(more, cursor.Next());
  }
  return page;
}

Result<DiffPage> Repository::Diff(const CommitId& from, const CommitId& to,
                                  const DiffRequest& request) const {
  DiffCollector collector(*impl_, from, to, request);
  CRANNOG_ASSIGN(const auto near, NearChanges(impl_->commits, from, to));
  if (!near) {
    CRANNOG_RETURN_IF_ERROR(DiffFar(*impl_, from, to, collector));
    return collector.Take();
  }
  for (const std::string& key : *near) {
    CRANNOG_ASSIGN(const bool more, collector.Consider(key));
    if (!more) break;
  }
  return collector.Take();
}

Result<LogPage> Repository::Log(const LogRequest& request) const {
  const size_t limit = Limit(request.limit);
  const size_t scan_max = request.scan_max == 0 ? SIZE_MAX : request.scan_max;
  LogPage page;
  CommitId at = request.from;
  for (size_t scanned = 0; !at.IsRoot() && at != request.to; ++scanned) {
    if (page.commits.size() == limit || scanned == scan_max) {
      page.next = at;
      break;
    }
    CRANNOG_ASSIGN(const CommitPtr commit, impl_->commits.Load(at));
    const bool wanted =
        !request.key ||
        std::binary_search(commit->changes.begin(), commit->changes.end(),
                           KeyChange{*request.key, std::nullopt},
                           [](const KeyChange& a, const KeyChange& b) { return a.key < b.key; });
    if (wanted) page.commits.push_back(*commit);
    at = commit->parent();
  }
  return page;
}

Result<std::vector<ReflogEntry>> Repository::Reflog(const ReflogRequest& request) const {
  state::ScanOptions scan = state::ScanOptions::Prefix(ReflogPrefix(request.reference));
  if (request.before) scan.end = ReflogKey(request.reference, *request.before);
  scan.reverse = true;
  CRANNOG_ASSIGN(auto cursor, impl_->store->Scan(state::Table::kCatalogReflog, scan));
  std::vector<ReflogEntry> entries;
  while (entries.size() < Limit(request.limit)) {
    CRANNOG_ASSIGN(const bool more, cursor->Next());
    if (!more) break;
    CRANNOG_ASSIGN(ReflogEntry entry, DecodeReflogEntry(cursor->key(), cursor->value()));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<CommitId> Repository::MergeBase(const CommitId& a, const CommitId& b) const {
  return FindMergeBase(impl_->commits, a, b);
}

Result<bool> Repository::IsAncestor(const CommitId& ancestor, const CommitId& descendant) const {
  return IsInHistory(impl_->commits, ancestor, descendant);
}

Result<tree::NodeId> Repository::TreeHash(const CommitId& commit) const {
  CRANNOG_ASSIGN(const KeyState state, LoadKeyState(impl_->commits, commit));
  tree::NodeStage stage(impl_->nodes);  // thrown away
  return state.Materialize(stage);
}

}  // namespace crannog::catalog
