// References in the state store and in memory, and the encodings of references and the reflog.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/history.h"
#include "catalog/reference.h"
#include "state/store.h"

namespace crannog::catalog {

// The name is not among the bytes: it is the key.
std::string EncodeReference(const Reference& reference);
// kCorrupt.
Result<Reference> DecodeReference(std::string_view name, std::string_view bytes);

// The reflog's keys: all entries of one reference together, by number.
std::string ReflogPrefix(std::string_view reference);
std::string ReflogKey(std::string_view reference, uint64_t number);
std::string EncodeReflogEntry(const ReflogEntry& entry);
// kCorrupt.
Result<ReflogEntry> DecodeReflogEntry(std::string_view key, std::string_view bytes);

// Keys of kCatalogRefs that are no references: no name starts with a zero byte.
inline constexpr std::string_view kFormatKey{"\0format", 7};
inline constexpr std::string_view kReflogNextKey{"\0reflog", 7};
inline constexpr std::string_view kHorizonKey{"\0horizon", 8};
inline constexpr uint64_t kFormatVersion = 1;

// One movement: the new state, or none when the reference was dropped.
using ReferenceUpdates = std::map<std::string, std::optional<Reference>, std::less<>>;

// Thread-safe. Holds all references in memory: what is here is durable.
class ReferenceStore {
 public:
  // Replaces what is held by what the store says. kCorrupt, kIo.
  Status Load(const state::Reader& store);
  std::optional<Reference> Find(std::string_view name) const;
  size_t size() const;
  // In name order, from the first name not before `begin`, until `visit` answers false.
  void Visit(std::string_view begin, const std::function<bool(const Reference&)>& visit) const;
  std::vector<Reference> All() const;
  // To be called once `updates` are durable.
  void Apply(const ReferenceUpdates& updates);

 private:
  mutable std::shared_mutex mutex_;  // guards references_
  std::map<std::string, Reference, std::less<>> references_;
};

}  // namespace crannog::catalog
