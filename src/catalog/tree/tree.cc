#include "catalog/tree/tree.h"

#include "base/check.h"

namespace crannog::catalog::tree {

Result<NodePtr> LoadChild(NodeReader& reader, const Node& parent, size_t place) {
  const NodeId id = parent.child(place);
  CRANNOG_ASSIGN(NodePtr child, reader.Load(id));
  if (child->level() + 1 != parent.level() ||
      child->entries().front().key != parent.entries()[place].key) {
    return Fail(Code::kCorrupt, "tree node " + id.ToHex() + " is not what its parent says");
  }
  return child;
}

Result<std::optional<TreeValue>> FindInTree(NodeReader& reader, const NodeId& root,
                                            std::string_view key) {
  if (root.IsEmptyTree()) return std::nullopt;
  CRANNOG_ASSIGN(NodePtr node, reader.Load(root));
  while (node->level() > 0) {
    CRANNOG_ASSIGN(node, LoadChild(reader, *node, node->Find(key)));
  }
  const size_t place = node->LowerBound(key);
  if (place == node->entries().size() || node->entries()[place].key != key) return std::nullopt;
  const std::string_view value = node->entries()[place].value;
  return TreeValue{std::move(node), value};
}

Result<bool> TreeCursor::Seek(std::string_view key) {
  path_.clear();
  if (root_.IsEmptyTree()) return false;
  CRANNOG_ASSIGN(NodePtr node, reader_->Load(root_));
  while (node->level() > 0) {
    const size_t place = node->Find(key);
    CRANNOG_ASSIGN(NodePtr child, LoadChild(*reader_, *node, place));
    path_.push_back({std::move(node), place});
    node = std::move(child);
  }
  const size_t place = node->LowerBound(key);
  path_.push_back({std::move(node), place});
  return Settle();
}

Result<bool> TreeCursor::Next() {
  CRANNOG_CHECK(!path_.empty());
  ++path_.back().place;
  return Settle();
}

Result<bool> TreeCursor::Settle() {
  while (!path_.empty() && path_.back().place == path_.back().node->entries().size()) {
    path_.pop_back();
    if (!path_.empty()) ++path_.back().place;
  }
  if (path_.empty()) return false;
  while (path_.back().node->level() > 0) {
    CRANNOG_ASSIGN(NodePtr child, LoadChild(*reader_, *path_.back().node, path_.back().place));
    path_.push_back({std::move(child), 0});
  }
  return true;
}

}  // namespace crannog::catalog::tree
