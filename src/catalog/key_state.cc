#include "catalog/key_state.h"

#include <algorithm>

#include "base/check.h"

namespace crannog::catalog {
namespace {

const KeyChange* FindChange(const CommitRecord& commit, const ContentKey& key) {
  const auto found = std::lower_bound(
      commit.changes.begin(), commit.changes.end(), key,
      [](const KeyChange& change, const ContentKey& wanted) { return change.key < wanted; });
  return found != commit.changes.end() && found->key == key ? &*found : nullptr;
}

Result<std::optional<Content>> GetInTree(tree::NodeReader& nodes, const tree::NodeId& root,
                                         const ContentKey& key) {
  auto found = tree::FindInTree(nodes, root, key.encoded());
  if (!found) {
    return std::unexpected(std::move(found).error().Within(
        "read the key tree (a missing one was dropped by garbage collection)"));
  }
  if (!*found) return std::nullopt;
  CRANNOG_ASSIGN(Content content, DecodeContent((*found)->bytes));
  return content;
}

}  // namespace

void Overlay::Add(const CommitPtr& commit) {
  for (const KeyChange& change : commit->changes) {
    const std::string_view key = change.key.encoded();
    items_.erase(key);  // its key points into the older commit
    items_.emplace(key, Item{commit, &change});
  }
}

const KeyChange* Overlay::Find(std::string_view encoded_key) const {
  const auto found = items_.find(encoded_key);
  return found == items_.end() ? nullptr : found->second.change;
}

Result<std::optional<Content>> KeyState::Get(tree::NodeReader& nodes, const ContentKey& key) const {
  if (const KeyChange* change = overlay.Find(key.encoded())) return change->content;
  return GetInTree(nodes, tree_root, key);
}

Result<tree::NodeId> KeyState::Materialize(tree::NodeStage& stage) const {
  std::vector<std::string> values;
  values.reserve(overlay.items().size());  // edits point into it
  std::vector<tree::TreeEdit> edits;
  edits.reserve(overlay.items().size());
  for (const auto& [key, item] : overlay.items()) {
    tree::TreeEdit edit{key, std::nullopt};
    if (item.change->content) {
      edit.value = values.emplace_back(EncodeContent(*item.change->content));
    }
    edits.push_back(edit);
  }
  return tree::EditTree(stage, tree_root, edits);
}

Result<KeyState> LoadKeyState(CommitReader& commits, const CommitId& id) {
  KeyState state;
  if (id.IsRoot()) return state;
  CRANNOG_ASSIGN(CommitPtr commit, commits.Load(id));
  state.tree_root = commit->tree_root;
  std::vector<CommitPtr> since;  // newest first
  for (uint32_t lag = commit->tree_lag; lag > 0; --lag) {
    since.push_back(commit);
    if (lag == 1) break;
    CRANNOG_ASSIGN(commit, commits.Load(commit->parent()));
  }
  for (auto at = since.rbegin(); at != since.rend(); ++at) state.overlay.Add(*at);
  return state;
}

Result<std::optional<Content>> GetAt(CommitReader& commits, tree::NodeReader& nodes,
                                     const CommitId& id, const ContentKey& key) {
  if (id.IsRoot()) return std::nullopt;
  CRANNOG_ASSIGN(CommitPtr commit, commits.Load(id));
  const tree::NodeId root = commit->tree_root;
  for (uint32_t lag = commit->tree_lag; lag > 0; --lag) {
    if (const KeyChange* change = FindChange(*commit, key)) return change->content;
    if (lag == 1) break;
    CRANNOG_ASSIGN(commit, commits.Load(commit->parent()));
  }
  return GetInTree(nodes, root, key);
}

Result<bool> KeyCursor::Seek(std::string_view encoded_key) {
  CRANNOG_ASSIGN(in_tree_, tree_.Seek(encoded_key));
  change_ = state_->overlay.items().lower_bound(encoded_key);
  return Settle();
}

Result<bool> KeyCursor::Next() {
  if (at_change_) {
    ++change_;
  } else {
    CRANNOG_ASSIGN(in_tree_, tree_.Next());
  }
  return Settle();
}

Result<bool> KeyCursor::Settle() {
  const auto end = state_->overlay.items().end();
  while (true) {
    if (change_ == end) {
      at_change_ = false;
      return in_tree_;
    }
    if (in_tree_ && tree_.key() < change_->first) {
      at_change_ = false;
      return true;
    }
    if (in_tree_ && tree_.key() == change_->first) {
      CRANNOG_ASSIGN(in_tree_, tree_.Next());
      continue;
    }
    if (change_->second.change->content) {
      at_change_ = true;
      return true;
    }
    ++change_;
  }
}

Result<Content> KeyCursor::content() const {
  if (at_change_) return *change_->second.change->content;
  return DecodeContent(tree_.value());
}

Result<ContentKind> KeyCursor::kind() const {
  if (at_change_) return change_->second.change->content->kind();
  return DecodeContentKind(tree_.value());
}

}  // namespace crannog::catalog
