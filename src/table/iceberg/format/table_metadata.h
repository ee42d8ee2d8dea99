// The whole metadata of a table at one moment: what one metadata.json holds.
//
// Plain data, copied to be changed; schemas, specs, orders and snapshots are immutable and shared
// between copies, so that a copy costs a pointer for each. Specification: "Table Metadata". The
// JSON is in table_metadata_json.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/format/sort_order.h"
#include "table/iceberg/format/statistics_file.h"

namespace crannog::table::iceberg {

inline constexpr int kFormatVersionMax = 3;

struct TableMetadata {
  int format_version = 2;
  std::string table_uuid;  // "" only in v1
  std::string location;    // without a trailing slash
  int64_t last_sequence_number = 0;
  int64_t last_updated_ms = 0;
  int32_t last_column_id = 0;
  std::vector<SchemaPtr> schemas;
  int32_t current_schema_id = 0;
  std::vector<PartitionSpecPtr> partition_specs;
  int32_t default_spec_id = 0;
  int32_t last_partition_id = kPartitionFieldIdFirst - 1;
  std::vector<SortOrderPtr> sort_orders;
  int32_t default_sort_order_id = 0;
  std::map<std::string, std::string> properties;
  std::optional<int64_t> current_snapshot_id;  // nullopt for an empty table (-1 in old files)
  std::vector<SnapshotPtr> snapshots;
  std::vector<SnapshotLogEntry> snapshot_log;
  std::vector<MetadataLogEntry> metadata_log;
  std::map<std::string, SnapshotRef, std::less<>> refs;  // "main" whenever there is a current one
  std::vector<StatisticsFile> statistics;
  std::vector<PartitionStatisticsFile> partition_statistics;
  int64_t next_row_id = 0;  // v3
  std::vector<EncryptedKey> encryption_keys;

  // Null when there is none.
  SchemaPtr SchemaById(int32_t schema_id) const;
  PartitionSpecPtr SpecById(int32_t spec_id) const;
  SortOrderPtr SortOrderById(int32_t order_id) const;
  SnapshotPtr SnapshotById(int64_t snapshot_id) const;
  // The head of a branch or tag; null when there is no such reference (or main of an empty table).
  SnapshotPtr SnapshotByRef(std::string_view name) const;
  // What was current at that time by the snapshot log; null before the first.
  SnapshotPtr SnapshotAsOf(int64_t timestamp_ms) const;
  SnapshotPtr CurrentSnapshot() const;

  // These exist in every valid table; checked.
  SchemaPtr CurrentSchema() const;
  PartitionSpecPtr DefaultSpec() const;
  SortOrderPtr DefaultSortOrder() const;
  // The schema a snapshot was written with, else the current one.
  SchemaPtr SchemaOf(const Snapshot& snapshot) const;

  // The property, or `otherwise`.
  std::string_view Property(std::string_view key, std::string_view otherwise) const;
  // The property as a number; `otherwise` when it is absent or no number.
  int64_t PropertyNumber(std::string_view key, int64_t otherwise) const;
};

// That every id refers to something, refs and logs agree, specs and orders fit the schemas.
// Run on what is about to be written.
//   kInvalid  names the first thing wrong
Status CheckTableMetadata(const TableMetadata& metadata);

}  // namespace crannog::table::iceberg
