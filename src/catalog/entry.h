// Questions about the keys of a commit, and their answers page by page.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "catalog/content.h"
#include "catalog/content_key.h"

namespace crannog::catalog {

struct Entry {
  ContentKey key;
  Content content;
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct ListEntriesRequest {
  ContentKey beneath;               // only keys beneath this one; the root: all
  bool children_only = false;       // only keys exactly one element longer than `beneath`
  std::vector<ContentKind> kinds;   // empty: all
  std::optional<ContentKey> from;   // the first key that may be listed
  std::optional<ContentKey> to;     // the last key that may be listed
  std::optional<ContentKey> after;  // continue a page: its `next`
  size_t limit = 1000;              // at most kPageEntriesMax
};

struct EntriesPage {
  std::vector<Entry> entries;      // in key order
  std::optional<ContentKey> next;  // set when there may be more: pass it as `after`
};

struct DiffRequest {
  ContentKey beneath;  // the root: all keys; otherwise this key and those beneath it
  std::optional<ContentKey> from;
  std::optional<ContentKey> to;
  std::optional<ContentKey> after;
  size_t limit = 1000;
};

struct DiffEntry {
  ContentKey key;
  std::optional<Content> from;  // none: created
  std::optional<Content> to;    // none: deleted
  friend bool operator==(const DiffEntry&, const DiffEntry&) = default;
};

struct DiffPage {
  std::vector<DiffEntry> entries;  // in key order
  std::optional<ContentKey> next;
};

}  // namespace crannog::catalog
