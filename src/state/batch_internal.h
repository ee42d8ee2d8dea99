// What a Batch holds, for the store that applies it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "state/batch.h"

namespace crannog::state {

enum class ChangeKind : uint8_t { kPut, kDelete, kDeleteRange };

struct Change {
  Table table;
  ChangeKind kind;
  size_t offset;      // of the key in Batch::Impl::bytes
  size_t key_size;    // for kDeleteRange: of `begin`
  size_t value_size;  // follows the key; for kDeleteRange: `end`
};

struct Batch::Impl {
  std::vector<Change> changes;
  std::string bytes;  // keys and values, one after the other

  std::string_view Key(const Change& change) const {
    return std::string_view(bytes).substr(change.offset, change.key_size);
  }
  std::string_view Value(const Change& change) const {
    return std::string_view(bytes).substr(change.offset + change.key_size, change.value_size);
  }
};

}  // namespace crannog::state
