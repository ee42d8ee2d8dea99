// Two trees side by side, skipping what they share (tree.h, DiffTrees and VisitNewNodes).
//
// At each level both sides are lists of sibling nodes in key order. Since both trees decide by the
// keys alone where nodes begin, the lists fall back into step soon after a difference.
#include <algorithm>

#include "catalog/tree/tree.h"

namespace crannog::catalog::tree {
namespace {

// A sibling not loaded yet, and its key range [first key, next sibling's first key).
struct Sibling {
  std::string key;
  NodeId id;
};
using Siblings = std::vector<Sibling>;

class TreeDiffer {
 public:
  TreeDiffer(NodeReader& reader, std::string_view begin, const DifferenceVisitor* visit_key,
             const std::function<void(const NodeId&)>* visit_node)
      : reader_(&reader), begin_(begin), visit_key_(visit_key), visit_node_(visit_node) {}

  Status Run(const NodeId& from, const NodeId& to) {
    if (from == to) return {};
    CRANNOG_ASSIGN(Top from_top, LoadTop(from));
    CRANNOG_ASSIGN(Top to_top, LoadTop(to));
    // The taller tree is opened until both stand on one level. An empty one stands nowhere.
    if (from != NodeId() && to != NodeId()) {
      while (from_top.level > to_top.level) CRANNOG_RETURN_IF_ERROR(Open(from_top, false));
      while (to_top.level > from_top.level) CRANNOG_RETURN_IF_ERROR(Open(to_top, true));
    }
    const int level = std::max(from_top.level, to_top.level);
    return Compare(level, from_top.siblings, to_top.siblings);
  }

 private:
  struct Top {
    int level = 0;
    Siblings siblings;
  };

  Result<Top> LoadTop(const NodeId& root) {
    Top top;
    top.level = -1;
    if (root.IsEmptyTree()) return top;
    CRANNOG_ASSIGN(const NodePtr node, reader_->Load(root));
    top.level = node->level();
    top.siblings.push_back({std::string(node->entries().front().key), root});
    return top;
  }

  Status Open(Top& top, bool is_new) {
    CRANNOG_ASSIGN(top.siblings, Children(top.siblings, is_new));
    --top.level;
    return {};
  }

  Result<NodePtr> Load(const Sibling& sibling, bool is_new) {
    if (is_new && visit_node_ != nullptr) (*visit_node_)(sibling.id);
    return reader_->Load(sibling.id);
  }

  Result<Siblings> Children(const Siblings& parents, bool is_new) {
    Siblings children;
    for (const Sibling& parent : parents) {
      CRANNOG_ASSIGN(const NodePtr node, Load(parent, is_new));
      for (size_t place = 0; node->level() > 0 && place < node->entries().size(); ++place) {
        children.push_back({std::string(node->entries()[place].key), node->child(place)});
      }
    }
    return children;
  }

  // Both lists hold nodes of `level` and together cover the same range of keys.
  Status Compare(int level, const Siblings& from, const Siblings& to) {
    size_t i = 0;
    size_t j = 0;
    while (!stopped_ && (i < from.size() || j < to.size())) {
      if (i < from.size() && j < to.size() && from[i].id == to[j].id) {
        ++i;
        ++j;
        continue;
      }
      const size_t from_begin = i;
      const size_t to_begin = j;
      const std::string* end = TakeRun(from, to, i, j);
      if (end != nullptr && *end <= begin_ && visit_node_ == nullptr) continue;
      const Siblings from_run(from.begin() + static_cast<ptrdiff_t>(from_begin),
                              from.begin() + static_cast<ptrdiff_t>(i));
      const Siblings to_run(to.begin() + static_cast<ptrdiff_t>(to_begin),
                            to.begin() + static_cast<ptrdiff_t>(j));
      if (level == 0) {
        CRANNOG_RETURN_IF_ERROR(CompareLeaves(from_run, to_run));
        continue;
      }
      CRANNOG_ASSIGN(const Siblings from_children, Children(from_run, false));
      CRANNOG_ASSIGN(const Siblings to_children, Children(to_run, true));
      CRANNOG_RETURN_IF_ERROR(Compare(level - 1, from_children, to_children));
    }
    return {};
  }

  // Takes the fewest siblings of both sides that end at the same key. The end; null when it is
  // that of the lists.
  static const std::string* TakeRun(const Siblings& from, const Siblings& to, size_t& i,
                                    size_t& j) {
    if (i < from.size()) ++i;
    if (j < to.size()) ++j;
    // Where one side has nothing at all, each sibling of the other stands for itself.
    if (from.empty()) return j < to.size() ? &to[j].key : nullptr;
    if (to.empty()) return i < from.size() ? &from[i].key : nullptr;
    while (true) {
      const std::string* from_end = i < from.size() ? &from[i].key : nullptr;
      const std::string* to_end = j < to.size() ? &to[j].key : nullptr;
      if (from_end == nullptr && to_end == nullptr) return nullptr;
      if (from_end != nullptr && to_end != nullptr && *from_end == *to_end) return from_end;
      if (to_end == nullptr || (from_end != nullptr && *from_end < *to_end)) {
        ++i;
      } else {
        ++j;
      }
    }
  }

  Status CompareLeaves(const Siblings& from, const Siblings& to) {
    std::vector<NodePtr> leaves;  // keep the entries alive
    CRANNOG_ASSIGN(const std::vector<NodeEntry> before, Entries(from, false, leaves));
    CRANNOG_ASSIGN(const std::vector<NodeEntry> after, Entries(to, true, leaves));
    if (visit_key_ == nullptr) return {};
    size_t i = 0;
    size_t j = 0;
    while (!stopped_ && (i < before.size() || j < after.size())) {
      TreeDifference difference;
      const bool take_from =
          j == after.size() || (i < before.size() && before[i].key <= after[j].key);
      const bool take_to =
          i == before.size() || (j < after.size() && after[j].key <= before[i].key);
      if (take_from) {
        difference.key = before[i].key;
        difference.from = before[i++].value;
      }
      if (take_to) {
        difference.key = after[j].key;
        difference.to = after[j++].value;
      }
      if (difference.key < begin_ || difference.from == difference.to) continue;
      CRANNOG_ASSIGN(const bool more, (*visit_key_)(difference));
      stopped_ = !more;
    }
    return {};
  }

  Result<std::vector<NodeEntry>> Entries(const Siblings& leaves, bool is_new,
                                         std::vector<NodePtr>& kept) {
    std::vector<NodeEntry> entries;
    for (const Sibling& leaf : leaves) {
      CRANNOG_ASSIGN(NodePtr node, Load(leaf, is_new));
      entries.insert(entries.end(), node->entries().begin(), node->entries().end());
      kept.push_back(std::move(node));
    }
    return entries;
  }

  NodeReader* reader_;  // not null
  std::string_view begin_;
  const DifferenceVisitor* visit_key_;                    // null: nobody asks
  const std::function<void(const NodeId&)>* visit_node_;  // null: nobody asks
  bool stopped_ = false;
};

}  // namespace

Status DiffTrees(NodeReader& reader, const NodeId& from, const NodeId& to, std::string_view begin,
                 const DifferenceVisitor& visit) {
  return TreeDiffer(reader, begin, &visit, nullptr).Run(from, to);
}

Status VisitNewNodes(NodeReader& reader, const NodeId& from, const NodeId& to,
                     const std::function<void(const NodeId&)>& visit) {
  return TreeDiffer(reader, {}, nullptr, &visit).Run(from, to);
}

}  // namespace crannog::catalog::tree
