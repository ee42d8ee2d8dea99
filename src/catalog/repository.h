// The versioned catalog: content keys and what they stand for, on branches, with all history.
//
// State lives in the state store alone; whatever a call acknowledged is synced. All content is
// immutable and named by hashes, so readers never wait for writers: resolve a reference once, and
// everything asked of that CommitId is one consistent state for as long as a reference reaches it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/commit.h"
#include "catalog/commit_request.h"
#include "catalog/entry.h"
#include "catalog/history.h"
#include "catalog/maintenance.h"
#include "catalog/merge.h"
#include "catalog/reference.h"
#include "io/clock.h"
#include "io/random.h"
#include "state/store.h"

namespace crannog::catalog {

struct RepositoryOptions {
  size_t node_cache_bytes = 64 << 20;
  size_t commit_cache_bytes = 32 << 20;
  bool create_if_missing = true;         // a new repository has the branch main at the root
  bool read_only = false;                // for `check`: every change answers kUnsupported
  std::string default_user = "crannog";  // committer where none is given
};

// What a reference expression stands for.
struct ResolvedReference {
  // The reference that was named; for a detached hash a nameless one whose head is the commit.
  Reference reference;
  CommitId commit;
  bool hash_given = false;  // `main@1a2b3c4d` or `@1a2b3c4d`
  bool relative = false;    // had steps: `main~1` depends on when it is asked
};

struct ReferencesPage {
  std::vector<Reference> references;  // by name
  std::optional<std::string> next;    // set when there may be more: pass it as `after`
};

struct ListReferencesRequest {
  std::string prefix;
  std::optional<ReferenceKind> kind;
  std::optional<std::string> after;
  size_t limit = 1000;
};

// Thread-safe. Every call may also fail with kCorrupt or kIo (the store's own troubles), every
// change with kExhausted (disk full; nothing changed, and works again once there is room), kUnknown
// (the sync failed: it may be there once the lake is opened again; reread the reference before a
// retry), kIo (the disk failed earlier: nothing changed, and nothing will until the lake is opened
// again; reads go on) or kUnsupported (read-only).
class Repository {
 public:
  // `store`, `clock` and `random` must outlive the repository.
  //   kNotFound     nothing there and create_if_missing is off
  //   kUnsupported  of a newer format; the message names it
  static Result<std::unique_ptr<Repository>> Open(state::Store& store, io::Clock& clock,
                                                  io::Random& random,
                                                  const RepositoryOptions& options);
  ~Repository();

  // --- References ---------------------------------------------------------------------------
  // kNotFound.
  Result<Reference> GetReference(std::string_view name) const;
  Result<ReferencesPage> ListReferences(const ListReferencesRequest& request) const;
  // `head` is the root or any commit there is.
  //   kInvalid   the name breaks the rules (CheckReferenceName)
  //   kExists    a reference of that name, branch or tag, is there
  //   kNotFound  no such commit
  Result<Reference> CreateReference(std::string_view name, ReferenceKind kind, const CommitId& head,
                                    std::string_view who = {});
  // Moves a branch to any commit.
  //   kNotFound  no such reference or commit
  //   kConflict  the head is not `expected`; nothing changed
  //   kInvalid   a tag: tags never move
  Result<Reference> AssignReference(std::string_view name, const CommitId& expected,
                                    const CommitId& head, std::string_view who = {});
  // `expected` none: whatever the head is. Answers what was dropped. The default branch stays
  // (kInvalid). kNotFound, kConflict as above.
  Result<Reference> DropReference(std::string_view name, const std::optional<CommitId>& expected,
                                  std::string_view who = {});
  // Reads and follows an expression (reference_expression.h).
  //   kInvalid   no expression, or a short hash that fits several commits
  //   kNotFound  no such reference, no such commit, the hash is not in the named reference's
  //              history, or a step leads past the root
  Result<ResolvedReference> Resolve(std::string_view expression) const;

  // --- Reading ------------------------------------------------------------------------------
  // kNotFound; the root is no commit and never found.
  Result<CommitRecord> GetCommit(const CommitId& id) const;
  // The content of `key` as of `commit`; nothing when there is none. The root holds no keys.
  //   kNotFound  no such commit, or its keys were dropped by Collect()
  Result<std::optional<Content>> Get(const CommitId& commit, const ContentKey& key) const;
  // In the order of `keys`.
  Result<std::vector<std::optional<Content>>> GetMany(const CommitId& commit,
                                                      std::span<const ContentKey> keys) const;
  Result<EntriesPage> ListEntries(const CommitId& commit, const ListEntriesRequest& request) const;
  // What would have to change to get from `from` to `to`; costs what differs, not what is there.
  Result<DiffPage> Diff(const CommitId& from, const CommitId& to, const DiffRequest& request) const;
  Result<LogPage> Log(const LogRequest& request) const;
  // The latest first.
  Result<std::vector<ReflogEntry>> Reflog(const ReflogRequest& request) const;
  // The best common ancestor; the root when histories share nothing.
  Result<CommitId> MergeBase(const CommitId& a, const CommitId& b) const;
  // True when `ancestor` is `descendant`, the root, or in its history by any parents.
  Result<bool> IsAncestor(const CommitId& ancestor, const CommitId& descendant) const;
  // The hash of all keys and contents at `commit`: equal states have equal hashes, whatever the
  // order in which they came about. Computed when the commit stores no tree of its own.
  Result<tree::NodeId> TreeHash(const CommitId& commit) const;

  // --- Changing -----------------------------------------------------------------------------
  // One commit on top of the branch, durable when this returns; commits that arrive together share
  // one sync. Conflicts are an outcome, not an error (CommitOutcome::ok).
  //   kNotFound  no such branch, or the base is not in its history
  //   kInvalid   a tag; no operations; the same key twice; a bad name; a reference that is no
  //              branch
  //   kTooLarge  limits.h
  Result<CommitOutcome> Commit(const CommitRequest& request);
  // Three-way merge of `source` into the branch as one commit with two parents. A source that the
  // branch already contains gives successful and not applied. Errors as Commit().
  Result<MergeOutcome> Merge(const MergeRequest& request);
  // The changes of each commit again, one commit each, all or none.
  Result<MergeOutcome> Transplant(const TransplantRequest& request);
  // The opposite of the commits' changes as one commit on top. A key that changed since conflicts.
  Result<MergeOutcome> Revert(const RevertRequest& request);

  // --- Maintenance --------------------------------------------------------------------------
  // Drops what no reference reaches. Safe beside everything else; one at a time (kUnavailable).
  // While it runs, a reference to an otherwise unreachable commit may be refused with kNotFound.
  Result<CollectResult> Collect(const CollectOptions& options);
  // Proves every invariant of what is on disk: references lead to commits, hashes match bytes,
  // parents exist, trees are sorted, complete and canonical, every commit's tree follows from its
  // parent's and its changes, namespaces are there. An Error only when it could not run.
  Result<VerifyReport> Verify(const VerifyOptions& options) const;

  struct Impl;

 private:
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crannog::catalog
