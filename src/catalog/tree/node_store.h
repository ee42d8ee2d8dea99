// The key tree's nodes in the state store, with a cache, and a stage for those not yet written.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/tree/byte_cache.h"
#include "catalog/tree/node.h"
#include "state/store.h"

namespace crannog::catalog::tree {

// Thread-safe.
class NodeStore final : public NodeReader {
 public:
  NodeStore(const state::Store& store, size_t cache_bytes) : store_(&store), cache_(cache_bytes) {}

  Result<NodePtr> Load(const NodeId& id) override;
  // Past the cache, without filling it.
  Result<NodePtr> LoadUncached(const NodeId& id);
  void Remember(const NodeId& id, NodePtr node);
  void Forget(const NodeId& id) { cache_.Erase(id); }

 private:
  const state::Store* store_;  // not null
  ByteCache<NodeId, Node> cache_;
};

// Nodes that were made but are not durable yet: found here first, then in the store beneath.
// Not thread-safe.
class NodeStage final : public NodeReader {
 public:
  explicit NodeStage(NodeStore& beneath) : beneath_(&beneath) {}

  Result<NodePtr> Load(const NodeId& id) override;
  NodeId Add(NodePtr node);
  // The node is not part of the newest tree any more. Old trees are read seldom: Publish() makes
  // room in the cache at once, lest nodes that nobody wants push out those of the newest tree.
  void Supersede(const NodeId& id) { superseded_.push_back(id); }
  const std::unordered_map<NodeId, NodePtr>& nodes() const { return nodes_; }
  size_t size_bytes() const { return size_bytes_; }
  // To be called once the nodes are in the store: from now on everybody may have them.
  void Publish();
  void Clear();

 private:
  NodeStore* beneath_;  // not null
  std::unordered_map<NodeId, NodePtr> nodes_;
  std::vector<NodeId> superseded_;
  size_t size_bytes_ = 0;
};

}  // namespace crannog::catalog::tree
