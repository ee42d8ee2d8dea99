// Changes that become visible and durable together.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "state/table.h"

namespace crannog::state {

// An ordered list of changes; a later one to the same key wins. Copies what it is given. Not
// thread-safe. Moved from, it is empty and may be used again.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&& other) noexcept;
  Batch& operator=(Batch&& other) noexcept;

  void Put(Table table, std::string_view key, std::string_view value);
  // Fine when there is no such key.
  void Delete(Table table, std::string_view key);
  // Every key in [begin, end); an empty `end` means to the end of the table. Cheap however many
  // keys there are, but slows scans over the range until compaction: not for single keys.
  void DeleteRange(Table table, std::string_view begin, std::string_view end);
  // Adds the changes of `other` after those here.
  void Append(const Batch& other);
  void Clear();

  bool empty() const { return count() == 0; }
  size_t count() const;
  size_t size_bytes() const;

  struct Impl;

 private:
  friend class Store;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crannog::state
