// Keeps the values used last, up to a number of bytes.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace crannog::catalog::tree {

// Thread-safe: split into parts with a lock each. Values are shared, so one that is dropped lives
// on with whoever holds it. Keys must be hashes already (their std::hash is taken as uniform).
template <typename Key, typename Value>
class ByteCache {
 public:
  explicit ByteCache(size_t bytes_max) : part_bytes_max_(bytes_max / kParts) {}

  // Null when it is not here.
  std::shared_ptr<const Value> Find(const Key& key) {
    Part& part = PartOf(key);
    const std::lock_guard lock(part.mutex);
    const auto found = part.places.find(key);
    if (found == part.places.end()) return nullptr;
    part.items.splice(part.items.begin(), part.items, found->second);
    return found->second->value;
  }

  void Put(const Key& key, std::shared_ptr<const Value> value, size_t bytes) {
    Part& part = PartOf(key);
    const std::lock_guard lock(part.mutex);
    Remove(part, key);
    part.items.push_front(Item{key, std::move(value), bytes + kItemBytes});
    part.places.emplace(key, part.items.begin());
    part.bytes += bytes + kItemBytes;
    while (part.bytes > part_bytes_max_ && part.items.size() > 1)
      Remove(part, part.items.back().key);
  }

  void Erase(const Key& key) {
    Part& part = PartOf(key);
    const std::lock_guard lock(part.mutex);
    Remove(part, key);
  }

 private:
  static constexpr size_t kParts = 16;
  static constexpr size_t kItemBytes = 150;  // list and table overhead, roughly

  struct Item {
    Key key;
    std::shared_ptr<const Value> value;
    size_t bytes;
  };
  struct Part {
    std::mutex mutex;       // guards the rest
    std::list<Item> items;  // used last first
    std::unordered_map<Key, typename std::list<Item>::iterator> places;
    size_t bytes = 0;
  };

  Part& PartOf(const Key& key) { return parts_[(std::hash<Key>()(key) >> 20) % kParts]; }

  static void Remove(Part& part, const Key& wanted) {
    const auto found = part.places.find(wanted);
    if (found == part.places.end()) return;
    const auto item = found->second;
    part.bytes -= item->bytes;
    part.places.erase(found);
    part.items.erase(item);
  }

  size_t part_bytes_max_;
  std::array<Part, kParts> parts_;
};

}  // namespace crannog::catalog::tree
