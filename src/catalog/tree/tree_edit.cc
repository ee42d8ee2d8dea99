#include "catalog/tree/tree_edit.h"

#include <algorithm>
#include <array>
#include <deque>

#include "base/check.h"
#include "catalog/tree/limits.h"
#include "catalog/tree/tree.h"

namespace crannog::catalog::tree {
namespace {

// Takes entries in key order at any level and makes nodes of them: the one way trees come about.
//
// open_[l] holds the entries of the unfinished node at level l. Whatever lies left of them is
// finished, and stands as an entry one level higher.
class TreeBuilder {
 public:
  explicit TreeBuilder(NodeStage& stage) : stage_(&stage) {}

  bool empty() const { return empty_; }

  Status AppendKey(const NodeEntry& entry) { return Append(0, entry); }

  // A whole node of the old tree as an entry of `level` (at least 1). Its key must start a node on
  // every level below, unless nothing was appended yet.
  Status AppendSubtree(size_t level, const NodeEntry& entry) {
    for (size_t below = 0; below < level; ++below) CRANNOG_RETURN_IF_ERROR(Close(below));
    return Append(level, entry);
  }

  // Entries point into old nodes: those must live as long as the builder.
  void Keep(NodePtr node) { kept_.push_back(std::move(node)); }

  Result<NodeId> Finish() {
    if (empty_) return NodeId();
    for (size_t level = 0; level < open_.size(); ++level) {
      if (open_[level].empty()) continue;
      const bool top = std::all_of(open_.begin() + static_cast<ptrdiff_t>(level) + 1, open_.end(),
                                   [](const auto& entries) { return entries.empty(); });
      if (top && level > 0 && open_[level].size() == 1) {
        return Collapse(*NodeId::FromBytes(open_[level].front().value));
      }
      if (top) return stage_->Add(Node::Make(static_cast<uint8_t>(level), open_[level]));
      CRANNOG_RETURN_IF_ERROR(Close(level));
    }
    CRANNOG_CHECK(false);
    return NodeId();
  }

 private:
  Status Append(size_t level, const NodeEntry& entry) {
    if (level >= open_.size()) return Fail(Code::kCorrupt, "edit tree: too many levels");
    if (KeyRank(entry.key) > level) {
      CRANNOG_RETURN_IF_ERROR(Close(level));
    } else if (open_[level].empty() && !empty_) {
      CRANNOG_RETURN_IF_ERROR(Reopen(level));
    }
    CRANNOG_CHECK(open_[level].empty() || open_[level].back().key < entry.key);
    open_[level].push_back(entry);
    empty_ = false;
    return {};
  }

  // Makes a node of what is open at `level` and hands it to the level above.
  Status Close(size_t level) {
    if (open_[level].empty()) return {};
    const NodeId id = stage_->Add(Node::Make(static_cast<uint8_t>(level), open_[level]));
    const NodeEntry entry{open_[level].front().key, ids_.emplace_back(id).bytes()};
    open_[level].clear();
    return Append(level + 1, entry);
  }

  // The last node at `level` was finished too early: a key that began the next one is gone.
  Status Reopen(size_t level) {
    if (level + 1 >= open_.size()) return {};
    if (open_[level + 1].empty()) CRANNOG_RETURN_IF_ERROR(Reopen(level + 1));
    if (open_[level + 1].empty()) return {};
    CRANNOG_ASSIGN(NodePtr node, stage_->Load(*NodeId::FromBytes(open_[level + 1].back().value)));
    if (node->level() != level) return Fail(Code::kCorrupt, "edit tree: a node's level is wrong");
    open_[level + 1].pop_back();
    open_[level] = node->entries();
    Keep(std::move(node));
    return {};
  }

  // A tree is no taller than its keys need.
  Result<NodeId> Collapse(NodeId id) {
    while (true) {
      CRANNOG_ASSIGN(const NodePtr node, stage_->Load(id));
      if (node->level() == 0 || node->entries().size() > 1) return id;
      id = node->child(0);
    }
  }

  NodeStage* stage_;  // not null
  bool empty_ = true;
  std::array<std::vector<NodeEntry>, kTreeLevelsMax> open_;
  std::deque<NodeId> ids_;  // what the values of entries above the leaves point into
  std::vector<NodePtr> kept_;
};

using Edits = std::span<const TreeEdit>;

class TreeEditor {
 public:
  explicit TreeEditor(NodeStage& stage) : stage_(&stage), builder_(stage) {}

  Result<NodeId> Run(const NodeId& root, Edits edits) {
    if (root.IsEmptyTree()) {
      for (const TreeEdit& edit : edits) CRANNOG_RETURN_IF_ERROR(Add(edit));
    } else {
      CRANNOG_ASSIGN(NodePtr node, stage_->Load(root));
      stage_->Supersede(root);
      CRANNOG_RETURN_IF_ERROR(Walk(std::move(node), edits));
    }
    return builder_.Finish();
  }

 private:
  Status Add(const TreeEdit& edit) {
    if (!edit.value) return {};
    return builder_.AppendKey({edit.key, *edit.value});
  }

  Status Walk(NodePtr node, Edits edits) {
    const Node& old = *node;
    builder_.Keep(std::move(node));
    if (old.level() == 0) return Merge(old, edits);
    for (size_t place = 0; place < old.entries().size(); ++place) {
      const NodeEntry& entry = old.entries()[place];
      Edits mine = edits;
      if (place + 1 < old.entries().size()) {
        const std::string_view next = old.entries()[place + 1].key;
        const auto end = std::lower_bound(
            edits.begin(), edits.end(), next,
            [](const TreeEdit& edit, std::string_view wanted) { return edit.key < wanted; });
        mine = edits.first(static_cast<size_t>(end - edits.begin()));
      }
      edits = edits.subspan(mine.size());
      if (mine.empty() && (builder_.empty() || KeyRank(entry.key) >= old.level())) {
        CRANNOG_RETURN_IF_ERROR(builder_.AppendSubtree(old.level(), entry));
        continue;
      }
      CRANNOG_ASSIGN(NodePtr child, LoadChild(*stage_, old, place));
      stage_->Supersede(old.child(place));
      CRANNOG_RETURN_IF_ERROR(Walk(std::move(child), mine));
    }
    return {};
  }

  Status Merge(const Node& leaf, Edits edits) {
    for (const NodeEntry& entry : leaf.entries()) {
      for (; !edits.empty() && edits.front().key < entry.key; edits = edits.subspan(1)) {
        CRANNOG_RETURN_IF_ERROR(Add(edits.front()));
      }
      if (!edits.empty() && edits.front().key == entry.key) {
        CRANNOG_RETURN_IF_ERROR(Add(edits.front()));
        edits = edits.subspan(1);
      } else {
        CRANNOG_RETURN_IF_ERROR(builder_.AppendKey(entry));
      }
    }
    for (const TreeEdit& edit : edits) CRANNOG_RETURN_IF_ERROR(Add(edit));
    return {};
  }

  NodeStage* stage_;  // not null
  TreeBuilder builder_;
};

}  // namespace

Result<NodeId> EditTree(NodeStage& stage, const NodeId& root, std::span<const TreeEdit> edits) {
  if (edits.empty()) return root;
  return TreeEditor(stage).Run(root, edits);
}

}  // namespace crannog::catalog::tree
