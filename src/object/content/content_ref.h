// Where an object's bytes are. For object/ only.
#pragma once

#include <cstdint>
#include <vector>

namespace crannog::object {

// Names one content, and the file of that content. Given out once, never again.
enum class ContentId : uint64_t {};

// The numbers are stored: never renumber.
enum class ContentKind : uint8_t {
  kEmpty = 0,     // no bytes, no rows
  kInline = 1,    // the bytes are a row in state
  kFile = 2,      // the bytes are one file
  kManifest = 3,  // a row lists the pieces, each inline or a file
};

struct ContentRef {
  ContentKind kind = ContentKind::kEmpty;
  ContentId id{};
  uint64_t size_bytes = 0;

  friend bool operator==(const ContentRef&, const ContentRef&) = default;
};

// The pieces of a manifest, in order; none is a manifest itself.
using Manifest = std::vector<ContentRef>;

}  // namespace crannog::object
