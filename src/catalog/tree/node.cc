#include "catalog/tree/node.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/fast_hash.h"
#include "base/hash.h"
#include "base/hex.h"
#include "catalog/tree/encoding.h"
#include "catalog/tree/limits.h"

namespace crannog::catalog::tree {
namespace {

constexpr uint8_t kVersion = 1;
constexpr int kLeafBits = 2;
constexpr int kInnerBits = 4;

// How many bytes AppendVarint() takes.
size_t VarintSize(uint64_t value) {
  return 1 + static_cast<size_t>(std::bit_width(value | 1) - 1) / 7;
}

}  // namespace

NodeId NodeId::Of(std::string_view node_bytes) {
  const Hash hash = Hash::Of(node_bytes);
  NodeId id;
  std::memcpy(id.bytes_.data(), hash.bytes().data(), kSizeBytes);
  return id;
}

Result<NodeId> NodeId::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSizeBytes) return Fail(Code::kCorrupt, "node id: wrong length");
  NodeId id;
  std::memcpy(id.bytes_.data(), bytes.data(), kSizeBytes);
  return id;
}

std::string NodeId::ToHex() const { return HexEncode(bytes()); }

std::string Node::Encode(uint8_t level, std::span<const NodeEntry> entries) {
  CRANNOG_CHECK(!entries.empty());
  size_t size = 16;
  for (const NodeEntry& entry : entries) size += entry.key.size() + entry.value.size() + 6;
  std::string bytes;
  bytes.reserve(size);
  AppendByte(bytes, kVersion);
  AppendByte(bytes, level);
  AppendVarint(bytes, entries.size());
  for (const NodeEntry& entry : entries) {
    AppendSized(bytes, entry.key);
    if (level == 0) {
      AppendSized(bytes, entry.value);
    } else {
      CRANNOG_CHECK(entry.value.size() == NodeId::kSizeBytes);
      bytes += entry.value;
    }
  }
  return bytes;
}

NodePtr Node::Make(uint8_t level, std::span<const NodeEntry> entries) {
  std::shared_ptr<Node> node(new Node());
  node->bytes_ = Encode(level, entries);
  node->level_ = level;
  node->entries_.reserve(entries.size());
  const std::string_view bytes = node->bytes_;
  size_t at = 2 + VarintSize(entries.size());
  const auto take = [&](size_t size) {
    const std::string_view part = bytes.substr(at, size);
    at += size;
    return part;
  };
  for (const NodeEntry& entry : entries) {
    at += VarintSize(entry.key.size());
    const std::string_view key = take(entry.key.size());
    if (level == 0) at += VarintSize(entry.value.size());
    node->entries_.push_back({key, take(entry.value.size())});
  }
  CRANNOG_CHECK(at == bytes.size());
  return node;
}

Result<NodePtr> Node::Decode(std::string bytes) {
  if (bytes.size() > kNodeBytesMax) return Fail(Code::kCorrupt, "decode node: too large");
  // Not make_shared: the constructor is private, and entries point into the final place of bytes_.
  std::shared_ptr<Node> node(new Node());
  node->bytes_ = std::move(bytes);
  std::string_view from = node->bytes_;
  CRANNOG_ASSIGN(const uint8_t version, TakeByte(from));
  if (version != kVersion) return Fail(Code::kCorrupt, "decode node: unknown version");
  CRANNOG_ASSIGN(node->level_, TakeByte(from));
  if (node->level_ >= kTreeLevelsMax) return Fail(Code::kCorrupt, "decode node: level too high");
  CRANNOG_ASSIGN(const size_t count, TakeCount(from));
  if (count == 0) return Fail(Code::kCorrupt, "decode node: empty");
  node->entries_.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    NodeEntry entry;
    CRANNOG_ASSIGN(entry.key, TakeSized(from));
    if (i > 0 && node->entries_.back().key >= entry.key) {
      return Fail(Code::kCorrupt, "decode node: keys are not in order");
    }
    if (node->level_ == 0) {
      CRANNOG_ASSIGN(entry.value, TakeSized(from));
    } else {
      CRANNOG_ASSIGN(entry.value, TakeBytes(from, NodeId::kSizeBytes));
    }
    node->entries_.push_back(entry);
  }
  if (!from.empty()) return Fail(Code::kCorrupt, "decode node: bytes after the end");
  return NodePtr(std::move(node));
}

size_t Node::Find(std::string_view key) const {
  const auto after = std::upper_bound(
      entries_.begin(), entries_.end(), key,
      [](std::string_view wanted, const NodeEntry& entry) { return wanted < entry.key; });
  return after == entries_.begin() ? 0 : static_cast<size_t>(after - entries_.begin()) - 1;
}

size_t Node::LowerBound(std::string_view key) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), key,
      [](const NodeEntry& entry, std::string_view wanted) { return entry.key < wanted; });
  return static_cast<size_t>(found - entries_.begin());
}

NodeId Node::child(size_t place) const {
  CRANNOG_CHECK(level_ > 0 && place < entries_.size());
  return *NodeId::FromBytes(entries_[place].value);
}

uint8_t KeyRank(std::string_view key) {
  const int zeros = std::countr_zero(FastHash(key));
  if (zeros < kLeafBits) return 0;
  const int rank = 1 + (zeros - kLeafBits) / kInnerBits;
  return static_cast<uint8_t>(std::min<int>(rank, static_cast<int>(kTreeLevelsMax) - 1));
}

}  // namespace crannog::catalog::tree
