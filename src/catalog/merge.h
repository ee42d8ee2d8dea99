// Carrying changes from one line of history onto another: merge, transplant, revert.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/commit.h"
#include "catalog/conflict.h"

namespace crannog::catalog {

enum class KeyMergeMode : uint8_t {
  kNormal,  // the source's change, unless the target changed the key too: a conflict
  kForce,   // the source's change, whatever the target did
  kDrop,    // the target keeps what it has
};

// How one key is merged, other than by the default.
struct KeyMerge {
  ContentKey key;
  KeyMergeMode mode = KeyMergeMode::kNormal;
  // With kNormal or kForce: store this instead of the source's content (the caller merged by hand).
  std::optional<Content> resolved;
  // When set, the target's head must hold exactly this, else VALUE_DIFFERS.
  std::optional<Content> expected_target;
};

struct MergeOptions {
  KeyMergeMode default_mode = KeyMergeMode::kNormal;
  std::vector<KeyMerge> keys;
  bool dry_run = false;  // compute and answer; change nothing
  // The target's head as the caller saw it: keys that changed since then conflict. None: any.
  std::optional<CommitId> expected_head;
  CommitMeta meta;  // an empty message gets one that says what was done
};

struct MergeRequest {
  std::string branch;  // the target
  CommitId source;
  std::string source_name;  // for the message; may be empty
  MergeOptions options;
};

struct TransplantRequest {
  std::string branch;
  std::vector<CommitId> commits;  // oldest first; each is put on top of the one before
  // options.meta.message replaces the message only of a single commit; otherwise each keeps its
  // own.
  MergeOptions options;
};

struct RevertRequest {
  std::string branch;
  std::vector<CommitId> commits;  // newest first; their inverse becomes one commit
  MergeOptions options;
};

struct KeyMergeDetail {
  ContentKey key;
  KeyMergeMode mode = KeyMergeMode::kNormal;
  bool changed = false;              // the result differs from the target's head in this key
  std::optional<Conflict> conflict;  // set: this key could not be merged
};

struct MergeOutcome {
  bool successful = false;  // no conflicts
  bool applied = false;     // the branch moved; false on dry runs and when there was nothing to do
  CommitId head;            // of the target, afterwards
  CommitId head_before;
  CommitId common_ancestor;             // merge only; the root when there is none
  std::vector<CommitId> created;        // oldest first
  std::vector<KeyMergeDetail> details;  // by key
  std::vector<Conflict> conflicts;      // of all keys, and of namespaces
};

}  // namespace crannog::catalog
