// Changing a key tree: a new tree that shares with the old one whatever did not change.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "catalog/tree/node_store.h"

namespace crannog::catalog::tree {

struct TreeEdit {
  std::string_view key;
  std::optional<std::string_view> value;  // encoded content; none removes the key
};

// The root of the tree that results; its new nodes are in `stage`. `edits` must be sorted by key,
// each key once, and their bytes must live until this returns. Removing what is not there is fine.
// Costs about a path from the root to a leaf for each edit.
Result<NodeId> EditTree(NodeStage& stage, const NodeId& root, std::span<const TreeEdit> edits);

}  // namespace crannog::catalog::tree
