// Reading a key tree: one key, a range, the difference between two.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/tree/node.h"

namespace crannog::catalog::tree {

// Content as it stands in a leaf; keeps the leaf alive.
struct TreeValue {
  NodePtr leaf;
  std::string_view bytes;
};

// Nothing when `key` is not there. kNotFound when a node is missing.
Result<std::optional<TreeValue>> FindInTree(NodeReader& reader, const NodeId& root,
                                            std::string_view key);

// The child at `place`, which must be one level below its parent. kCorrupt otherwise.
Result<NodePtr> LoadChild(NodeReader& reader, const Node& parent, size_t place);

// Walks the keys of one tree in order. Not thread-safe.
class TreeCursor {
 public:
  // `reader` must outlive the cursor.
  TreeCursor(NodeReader& reader, const NodeId& root) : reader_(&reader), root_(root) {}

  // Moves to the first key not before `key`. False when there is none.
  Result<bool> Seek(std::string_view key);
  // After a true Seek() or Next() only.
  Result<bool> Next();
  // Valid until the next move.
  std::string_view key() const { return path_.back().node->entries()[path_.back().place].key; }
  std::string_view value() const { return path_.back().node->entries()[path_.back().place].value; }

 private:
  struct Step {
    NodePtr node;
    size_t place;
  };
  // Goes up to the next entry that is there, then down to its first leaf entry.
  Result<bool> Settle();

  NodeReader* reader_;  // not null
  NodeId root_;
  std::vector<Step> path_;  // from the root to a leaf; empty at the end
};

// A key whose values differ; none where the tree has no such key. Valid during the call.
struct TreeDifference {
  std::string_view key;
  std::optional<std::string_view> from;
  std::optional<std::string_view> to;
};

// Answers whether to go on.
using DifferenceVisitor = std::function<Result<bool>(const TreeDifference&)>;

// Calls `visit` for every key not before `begin` whose values differ, in order. Parts that both
// trees share are not read: the cost follows the differences.
Status DiffTrees(NodeReader& reader, const NodeId& from, const NodeId& to, std::string_view begin,
                 const DifferenceVisitor& visit);

// Calls `visit` for the nodes of `to` that `from` does not share. Some that both have may be among
// them where trees moved against each other; none is left out.
Status VisitNewNodes(NodeReader& reader, const NodeId& from, const NodeId& to,
                     const std::function<void(const NodeId&)>& visit);

}  // namespace crannog::catalog::tree
