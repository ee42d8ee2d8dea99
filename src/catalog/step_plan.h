// The rules of commits: what a list of operations does to the head, or which conflicts it meets.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "catalog/conflict.h"
#include "catalog/key_state.h"
#include "catalog/operation.h"
#include "io/random.h"

namespace crannog::catalog {

// A change decided beforehand (by a merge, a transplant, a revert). Content keeps its id.
struct DecidedChange {
  ContentKey key;
  std::optional<Content> expected;  // what the key must hold at the head
  bool forced = false;              // `expected` does not matter
  std::optional<Content> content;   // what it shall hold; none deletes
};

struct PlanContext {
  const KeyState* head;     // not null
  tree::NodeReader* nodes;  // not null
  io::Random* random;       // not null; makes content ids
  // Whether the content of a key at the base differs from what it is now.
  std::function<Result<bool>(const ContentKey&, const std::optional<Content>& current)>
      changed_since_base;
};

struct StepPlan {
  std::vector<KeyChange> changes;  // by key, each once
  std::vector<std::pair<ContentKey, ContentId>> created;
  std::vector<Conflict> conflicts;  // changes is meaningless when there are any
};

// kInvalid: no operations, a key twice, the root as a key. Errors of reading besides.
Result<StepPlan> PlanOperations(const PlanContext& context,
                                const std::vector<Operation>& operations);
Result<StepPlan> PlanDecided(const PlanContext& context, const std::vector<DecidedChange>& changes);

// Why two contents of one key cannot both be: for a change that expected `wanted` and met
// `current`.
ConflictReason ReasonFor(const std::optional<Content>& wanted,
                         const std::optional<Content>& current);

}  // namespace crannog::catalog
