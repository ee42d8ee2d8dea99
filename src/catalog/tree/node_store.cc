#include "catalog/tree/node_store.h"

namespace crannog::catalog::tree {

Result<NodePtr> NodeStore::Load(const NodeId& id) {
  if (NodePtr cached = cache_.Find(id)) return cached;
  CRANNOG_ASSIGN(NodePtr node, LoadUncached(id));
  Remember(id, node);
  return node;
}

Result<NodePtr> NodeStore::LoadUncached(const NodeId& id) {
  CRANNOG_ASSIGN(auto bytes, store_->Get(state::Table::kCatalogNodes, id.bytes()));
  if (!bytes) return Fail(Code::kNotFound, "tree node " + id.ToHex() + " is missing");
  if (NodeId::Of(*bytes) != id) {
    return Fail(Code::kCorrupt, "tree node " + id.ToHex() + ": its bytes have another hash");
  }
  auto node = Node::Decode(std::move(*bytes));
  if (!node) return std::unexpected(std::move(node).error().Within("tree node " + id.ToHex()));
  return *std::move(node);
}

void NodeStore::Remember(const NodeId& id, NodePtr node) {
  const size_t bytes = node->memory_bytes();
  cache_.Put(id, std::move(node), bytes);
}

Result<NodePtr> NodeStage::Load(const NodeId& id) {
  const auto found = nodes_.find(id);
  if (found != nodes_.end()) return found->second;
  return beneath_->Load(id);
}

NodeId NodeStage::Add(NodePtr node) {
  const NodeId id = NodeId::Of(node->bytes());
  const size_t bytes = node->bytes().size();
  if (nodes_.try_emplace(id, std::move(node)).second) size_bytes_ += bytes;
  return id;
}

void NodeStage::Publish() {
  for (const NodeId& id : superseded_) beneath_->Forget(id);
  for (const auto& [id, node] : nodes_) beneath_->Remember(id, node);
  Clear();
}

void NodeStage::Clear() {
  nodes_.clear();
  superseded_.clear();
  size_bytes_ = 0;
}

}  // namespace crannog::catalog::tree
