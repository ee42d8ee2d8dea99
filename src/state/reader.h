// Reading the state: points and ranges, at one instant.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "state/table.h"

namespace crannog::state {

struct ScanOptions {
  std::string begin;  // inclusive
  std::string end;    // exclusive; empty means to the end of the table
  bool reverse = false;
  // Long scans that nobody will repeat need not push everything else out of the cache.
  bool fill_cache = true;

  // Every key that starts with `prefix`.
  static ScanOptions Prefix(std::string_view prefix);
};

// Walks a range in key order (or backwards). It sees the state as of its creation, whatever is
// committed meanwhile; do not keep one for hours, since it holds old data on disk. Not thread-safe;
// must be dropped before the store is.
//
//   while (true) {
//     CRANNOG_ASSIGN(const bool more, cursor->Next());
//     if (!more) break;
//     ... cursor->key(), cursor->value() ...
//   }
class Cursor {
 public:
  virtual ~Cursor() = default;
  // Moves to the first, later to the next entry; false when there is none. kCorrupt, kIo.
  virtual Result<bool> Next() = 0;
  // Moves to the first entry at or after `key` (reverse: at or before), within the bounds.
  virtual Result<bool> Seek(std::string_view key) = 0;
  // Valid after a true Next() or Seek(), until the next call of either.
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
};

// The store itself (each call sees the latest commit) or a Snapshot of it. Thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  // Nothing when there is no such key. kCorrupt, kIo.
  virtual Result<std::optional<std::string>> Get(Table table, std::string_view key) const = 0;
  // The values of `keys` in their order, all at one instant; faster than one by one.
  virtual Result<std::vector<std::optional<std::string>>> GetMany(
      Table table, std::span<const std::string_view> keys) const = 0;
  virtual Result<std::unique_ptr<Cursor>> Scan(Table table, const ScanOptions& options) const = 0;
};

// All tables as of one instant. Must be dropped before the store is.
class Snapshot : public Reader {};

}  // namespace crannog::state
