// The name of a key tree's node: the hash of its bytes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog::catalog::tree {

// The first 20 bytes of the SHA-256 of a node: trees hold millions of these, and 160 bits are
// beyond any collision. A value; the default, all zeros, is the empty tree.
class NodeId {
 public:
  static constexpr size_t kSizeBytes = 20;

  constexpr NodeId() = default;
  static NodeId Of(std::string_view node_bytes);
  // kCorrupt unless exactly kSizeBytes long.
  static Result<NodeId> FromBytes(std::string_view bytes);

  bool IsEmptyTree() const { return *this == NodeId(); }
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  std::string ToHex() const;

  friend bool operator==(const NodeId&, const NodeId&) = default;
  friend std::strong_ordering operator<=>(const NodeId&, const NodeId&) = default;

 private:
  std::array<uint8_t, kSizeBytes> bytes_{};
};

}  // namespace crannog::catalog::tree

template <>
struct std::hash<crannog::catalog::tree::NodeId> {
  size_t operator()(const crannog::catalog::tree::NodeId& id) const noexcept {
    size_t first = 0;
    std::memcpy(&first, id.bytes().data(), sizeof(first));
    return first;
  }
};
