// Rows of the metadata tables ("orders$snapshots", ...), with the column names of Trino. The SQL
// engine turns them into columns.
//
// Thread-safe: functions over immutable inputs. Those that read manifests fail as PlanScan does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "object/files.h"
#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/format/value.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/scan/planning_cache.h"

namespace crannog::table::iceberg {

// $snapshots
struct SnapshotRow {
  int64_t committed_at_ms = 0;  // committed_at, timestamp with time zone
  int64_t snapshot_id = 0;
  std::optional<int64_t> parent_id;
  std::string operation;
  std::string manifest_list;
  std::map<std::string, std::string> summary;
};
std::vector<SnapshotRow> SnapshotRows(const TableMetadata& table);

// $history
struct HistoryRow {
  int64_t made_current_at_ms = 0;  // made_current_at
  int64_t snapshot_id = 0;
  std::optional<int64_t> parent_id;
  bool is_current_ancestor = false;
};
std::vector<HistoryRow> HistoryRows(const TableMetadata& table);

// $refs
struct RefRow {
  std::string name;
  std::string type;  // BRANCH, TAG
  int64_t snapshot_id = 0;
  std::optional<int64_t> max_reference_age_in_ms;
  std::optional<int32_t> min_snapshots_to_keep;
  std::optional<int64_t> max_snapshot_age_in_ms;
};
std::vector<RefRow> RefRows(const TableMetadata& table);

// $properties
struct PropertyRow {
  std::string key;
  std::string value;
};
std::vector<PropertyRow> PropertyRows(const TableMetadata& table);

// $metadata_log_entries
struct MetadataLogRow {
  int64_t timestamp_ms = 0;  // timestamp
  std::string file;
  std::optional<int64_t> latest_snapshot_id;
  std::optional<int32_t> latest_schema_id;
  std::optional<int64_t> latest_sequence_number;
};
// `location` is the file of `table` itself, the last row.
std::vector<MetadataLogRow> MetadataLogRows(const TableMetadata& table,
                                            const std::string& location);

// $manifests
struct PartitionSummaryRow {
  bool contains_null = false;
  std::optional<bool> contains_nan;
  std::optional<std::string> lower_bound;  // as people read them
  std::optional<std::string> upper_bound;
};
struct ManifestRow {
  int32_t content = 0;  // 0 data, 1 deletes
  std::string path;
  int64_t length = 0;
  int32_t partition_spec_id = 0;
  int64_t added_snapshot_id = 0;
  std::optional<int64_t> added_data_files_count;
  std::optional<int64_t> added_rows_count;
  std::optional<int64_t> existing_data_files_count;
  std::optional<int64_t> existing_rows_count;
  std::optional<int64_t> deleted_data_files_count;
  std::optional<int64_t> deleted_rows_count;
  std::vector<PartitionSummaryRow> partition_summaries;
};
Result<std::vector<ManifestRow>> ManifestRows(object::Files& files, PlanningCache& cache,
                                              const TableMetadata& table, const Snapshot* snapshot);

// $files: live data and delete files; $entries: deleted ones too.
struct EntryRow {
  int32_t status = 0;  // 0 existing, 1 added, 2 deleted
  int64_t snapshot_id = 0;
  int64_t sequence_number = 0;
  int64_t file_sequence_number = 0;
  int32_t spec_id = 0;
  std::string partition_path;  // "day=2026-01-14/id_bucket=3"
  DataFile file;               // content, file_path, file_format, record_count, ...
};
Result<std::vector<EntryRow>> FileRows(object::Files& files, PlanningCache& cache,
                                       const TableMetadata& table, const Snapshot* snapshot);
Result<std::vector<EntryRow>> EntryRows(object::Files& files, PlanningCache& cache,
                                        const TableMetadata& table, const Snapshot* snapshot);

// $partitions: one row for each spec and partition tuple with live data files.
struct PartitionColumnRow {
  int32_t field_id = 0;
  Value min;  // null: not known
  Value max;
  std::optional<uint64_t> null_count;
};
struct PartitionRow {
  int32_t spec_id = 0;
  std::vector<Value> partition;  // one for each field of that spec
  std::string partition_path;
  uint64_t record_count = 0;
  uint64_t file_count = 0;
  uint64_t total_size = 0;
  std::vector<PartitionColumnRow>
      data;  // columns of the current schema that are no partition source
};
Result<std::vector<PartitionRow>> PartitionRows(object::Files& files, PlanningCache& cache,
                                                const TableMetadata& table,
                                                const Snapshot* snapshot);

}  // namespace crannog::table::iceberg
