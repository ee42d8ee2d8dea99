// What a commit is asked to do to one content key.
#pragma once

#include <cstdint>
#include <optional>

#include "catalog/content.h"
#include "catalog/content_key.h"

namespace crannog::catalog {

enum class OperationKind : uint8_t {
  kPut = 0,
  kDelete = 1,
  kUnchanged = 2,  // checked, not stored: "what I read here must still be so"
  kRename = 3,     // stored as a delete and a put of the same content
};

// Within one commit a key may occur once, except that a Delete and a Put of the same key make new
// content (a new content id) under an old name.
struct Operation {
  OperationKind kind = OperationKind::kPut;
  ContentKey key;
  // kPut: what to store. A nil id creates: the key must not exist. An id updates: the key must
  // hold content of that id and kind (or a Delete in the same commit gives the id up: a rename).
  Content content;
  // kRename: where to. `key` must exist, this must not.
  ContentKey to;
  // kPut, kDelete, kUnchanged: when set, what the key must hold at the head, beside every other
  // rule; anything else conflicts with VALUE_DIFFERS.
  std::optional<Content> expected;

  static Operation Put(ContentKey key, Content content);
  // Creates: Put with a nil content id.
  static Operation Create(ContentKey key, ContentBody body);
  static Operation Delete(ContentKey key);
  static Operation Unchanged(ContentKey key);
  static Operation Rename(ContentKey from, ContentKey to);
};

}  // namespace crannog::catalog
