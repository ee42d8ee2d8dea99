#include "table/iceberg/metadata_cache.h"

#include <utility>
#include <vector>

#include "table/iceberg/format/table_metadata_json.h"

namespace crannog::table::iceberg {

namespace {

// Snapshots and schemas are shared between versions of a table, so a version costs little more than
// its pointers; the text is a fair upper bound for the first one.
uint64_t EstimateBytes(const TableMetadata& table) {
  constexpr uint64_t kPerSnapshot = 200;
  constexpr uint64_t kPerSchema = 2000;
  return sizeof(TableMetadata) + table.snapshots.size() * kPerSnapshot +
         table.snapshot_log.size() * sizeof(SnapshotLogEntry) + table.metadata_log.size() * 200 +
         table.schemas.size() * kPerSchema + table.properties.size() * 100;
}

}  // namespace

Result<TableMetadataPtr> MetadataCache::Load(object::Files& files, std::string_view location) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = by_location_.find(location); it != by_location_.end()) {
      entries_.splice(entries_.begin(), entries_, it->second);
      return it->second->table;
    }
  }
  auto bytes = object::ReadAll(files, location, kMetadataBytesMax);
  if (!bytes) {
    return std::unexpected(
        std::move(bytes.error()).Within("read table metadata " + std::string(location)));
  }
  CRANNOG_ASSIGN(TableMetadata parsed, ParseTableMetadata(*bytes, location));
  auto table = std::make_shared<const TableMetadata>(std::move(parsed));
  Put(location, table);
  return table;
}

void MetadataCache::Put(std::string_view location, TableMetadataPtr table) {
  std::vector<TableMetadataPtr> dropped;  // freed after the lock is
  const uint64_t bytes = EstimateBytes(*table) + 2 * location.size();
  const std::lock_guard lock(mutex_);
  if (by_location_.contains(location)) return;
  entries_.push_front({std::string(location), std::move(table), bytes});
  by_location_.emplace(entries_.front().location, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > bytes_max_ && entries_.size() > 1) {
    Entry& last = entries_.back();
    bytes_ -= last.bytes;
    by_location_.erase(last.location);
    dropped.push_back(std::move(last.table));
    entries_.pop_back();
  }
}

uint64_t MetadataCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace crannog::table::iceberg
