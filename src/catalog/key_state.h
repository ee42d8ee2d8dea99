// All keys as of one commit: a stored tree, and the changes of the few commits since.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/commit_store.h"
#include "catalog/tree/tree.h"
#include "catalog/tree/tree_edit.h"

namespace crannog::catalog {

// The latest change of each key in some commits, by encoded key. Entries keep their commits alive
// and point into them.
class Overlay {
 public:
  struct Item {
    CommitPtr commit;
    const KeyChange* change;
  };
  using Items = std::map<std::string_view, Item>;

  // `commit` comes after all that was added before.
  void Add(const CommitPtr& commit);
  void Clear() { items_.clear(); }
  // Null when no commit here changed it.
  const KeyChange* Find(std::string_view encoded_key) const;
  const Items& items() const { return items_; }

 private:
  Items items_;
};

// Safe to read from several threads while nobody changes `overlay`.
struct KeyState {
  tree::NodeId tree_root;
  Overlay overlay;

  Result<std::optional<Content>> Get(tree::NodeReader& nodes, const ContentKey& key) const;
  // The root of the tree that holds all of this; its new nodes are in `stage`.
  Result<tree::NodeId> Materialize(tree::NodeStage& stage) const;
};

// Reads the commits since the last stored tree. kNotFound when `id` does not exist.
Result<KeyState> LoadKeyState(CommitReader& commits, const CommitId& id);
// One key without building the whole state.
Result<std::optional<Content>> GetAt(CommitReader& commits, tree::NodeReader& nodes,
                                     const CommitId& id, const ContentKey& key);

// Walks all keys of a state in order. Not thread-safe.
class KeyCursor {
 public:
  // Both must outlive the cursor.
  KeyCursor(tree::NodeReader& nodes, const KeyState& state)
      : state_(&state), tree_(nodes, state.tree_root), change_(state.overlay.items().end()) {}

  // Moves to the first key not before `encoded_key`. False when there is none.
  Result<bool> Seek(std::string_view encoded_key);
  // After a true Seek() or Next() only.
  Result<bool> Next();
  // Valid until the next move.
  std::string_view key() const { return at_change_ ? change_->first : tree_.key(); }
  Result<Content> content() const;
  Result<ContentKind> kind() const;

 private:
  // Picks the lesser of both sides, passing over what was deleted.
  Result<bool> Settle();

  const KeyState* state_;  // not null
  tree::TreeCursor tree_;
  bool in_tree_ = false;  // tree_ stands on a key
  Overlay::Items::const_iterator change_;
  bool at_change_ = false;  // the present key is change_'s, not tree_'s
};

}  // namespace crannog::catalog
