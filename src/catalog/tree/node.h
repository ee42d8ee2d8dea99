// A node of the key tree: a sorted run of keys with their contents, or with their child nodes.
//
// Where runs end is decided by the keys alone (KeyRank), so the tree over a set of keys has one
// shape whatever happened before, and equal states have equal roots (docs/formats/catalog.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/tree/node_id.h"

namespace crannog::catalog::tree {

// In a leaf (level 0) the value is encoded content, above it the id of the node whose first key
// `key` is.
struct NodeEntry {
  std::string_view key;
  std::string_view value;
};

// Immutable; entries point into its own bytes.
class Node {
 public:
  // Entries must be sorted by key, each once, and not be empty.
  static std::string Encode(uint8_t level, std::span<const NodeEntry> entries);
  // As Decode() of Encode(), without reading what was just written.
  static std::shared_ptr<const Node> Make(uint8_t level, std::span<const NodeEntry> entries);
  // kCorrupt for bytes that are no node.
  static Result<std::shared_ptr<const Node>> Decode(std::string bytes);

  uint8_t level() const { return level_; }
  const std::vector<NodeEntry>& entries() const { return entries_; }
  // The place of the entry whose range holds `key`: the last one not after it; 0 when all are.
  size_t Find(std::string_view key) const;
  // The first entry not before `key`.
  size_t LowerBound(std::string_view key) const;
  // Above the leaves only.
  NodeId child(size_t place) const;
  const std::string& bytes() const { return bytes_; }
  size_t memory_bytes() const {
    return sizeof(Node) + bytes_.capacity() + entries_.capacity() * sizeof(NodeEntry);
  }

 private:
  Node() = default;

  std::string bytes_;
  uint8_t level_ = 0;
  std::vector<NodeEntry> entries_;
};

using NodePtr = std::shared_ptr<const Node>;

// A key of rank r starts a new node on the levels below r. One key in four has rank 1 or more, one
// in 64 rank 2 or more, each further rank one in 16 of the one before.
uint8_t KeyRank(std::string_view key);

// Where nodes are read from. Implementations are thread-safe unless they say otherwise.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  // kNotFound, kCorrupt (the bytes do not hash to `id`, or are no node), kIo.
  virtual Result<NodePtr> Load(const NodeId& id) = 0;
};

}  // namespace crannog::catalog::tree
