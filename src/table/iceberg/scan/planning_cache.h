// Decoded manifest lists and manifests, shared by every query and writer of the process.
//
// Keyed by the paths of immutable files (and what they inherit from the manifest list), so nothing
// in it is ever stale and it is never an authority: dropping it costs time only.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "object/files.h"
#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/scan/manifest_index.h"

namespace crannog::table::iceberg {

using ManifestListPtr = std::shared_ptr<const std::vector<ManifestFile>>;

struct PlanningCacheOptions {
  uint64_t bytes_max = uint64_t{1} << 30;
  uint32_t threads = 0;  // that decode at once for one caller; 0: one a core
};

// Thread-safe.
class PlanningCache {
 public:
  struct Counters {
    uint64_t bytes = 0;
    uint64_t entries = 0;
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t evictions = 0;
  };

  explicit PlanningCache(const PlanningCacheOptions& options = {});

  // The manifests of a snapshot; v1 snapshots without a manifest list too.
  //   kNotFound, kIo   the file cannot be read      kCorrupt  names the file
  Result<ManifestListPtr> ManifestList(object::Files& files, const Snapshot& snapshot);
  // The indexes of those manifests, in that order; what is missing is decoded in parallel.
  Result<std::vector<ManifestIndexPtr>> Manifests(object::Files& files, const TableMetadata& table,
                                                  std::span<const ManifestFile* const> manifests);

  // What a writer just made, so that nobody has to read it back.
  void PutManifestList(std::string_view path, ManifestListPtr manifests);
  void PutManifest(const ManifestFile& manifest, ManifestIndexPtr index);

  Counters counters() const;
  void Clear();

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const void> content;
    uint64_t bytes;
  };
  static std::string ManifestKey(const ManifestFile& manifest);
  std::shared_ptr<const void> Find(std::string_view key);
  void Put(std::string key, std::shared_ptr<const void> content, uint64_t bytes);

  const PlanningCacheOptions options_;
  mutable std::mutex mutex_;  // guards what follows
  std::list<Entry> entries_;  // last used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  Counters counters_;
};

// A manifest decoded whole, entries as inherited: for rewriting and for metadata tables.
//   kCorrupt  names the file
Result<std::vector<ManifestEntry>> ReadManifestFile(object::Files& files,
                                                    const ManifestFile& manifest);

}  // namespace crannog::table::iceberg
