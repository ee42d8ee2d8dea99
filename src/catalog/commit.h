// One step of history: who changed which keys, when and why.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/content.h"
#include "catalog/content_key.h"
#include "catalog/names/commit_id.h"
#include "catalog/tree/node_id.h"

namespace crannog::catalog {

// What the author of a commit says about it.
struct CommitMeta {
  std::string message;
  std::vector<std::string> authors;  // empty: the committer is taken
  std::string committer;             // who carried it in; the server's user when empty
  std::vector<std::string> signed_off_by;
  std::optional<int64_t> author_time_us;  // none: the commit time
  std::map<std::string, std::vector<std::string>> properties;
  friend bool operator==(const CommitMeta&, const CommitMeta&) = default;
};

// One stored change: new content, or none when the key was deleted.
struct KeyChange {
  ContentKey key;
  std::optional<Content> content;
  friend bool operator==(const KeyChange&, const KeyChange&) = default;
};

// A commit is immutable; its id is the SHA-256 of its encoding (docs/formats/catalog.md, Commits),
// so it vouches for everything below and, through the parents, for all history.
struct CommitRecord {
  CommitId id;
  // The first is the commit this one was put on top of (the root for a first commit), the second,
  // when there is one, what was merged.
  std::vector<CommitId> parents;
  CommitMeta meta;             // authors, committer and author_time_us are filled in
  int64_t commit_time_us = 0;  // never before the first parent's
  uint64_t sequence = 0;       // steps to the root by first parents: 1 for a first commit
  uint64_t generation = 0;     // 1 + the greatest of all parents': bounds searches for merge bases
  std::vector<KeyChange> changes;  // by key, each once

  // The rest is how the state of all keys at this commit is found.
  // An ancestor by first parents, far away: any ancestor is O(log n) steps off.
  CommitId skip;
  uint64_t skip_sequence = 0;
  // The state is the tree at `tree_root` plus the changes of the last `tree_lag` commits, this one
  // included; 0 means that the tree is this commit's own.
  tree::NodeId tree_root;
  uint32_t tree_lag = 0;
  uint32_t tree_lag_changes = 0;  // number of changes in those commits

  const CommitId& parent() const { return parents.front(); }
  friend bool operator==(const CommitRecord&, const CommitRecord&) = default;
};

// The bytes that are hashed and stored; `id` is not among them.
std::string EncodeCommit(const CommitRecord& commit);
// Sets `id` to the hash of `bytes`. kCorrupt for bytes that are no commit.
Result<CommitRecord> DecodeCommit(std::string_view bytes);

}  // namespace crannog::catalog
