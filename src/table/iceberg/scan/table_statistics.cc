#include "table/iceberg/scan/table_statistics.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <unordered_map>

namespace crannog::table::iceberg {

namespace {

constexpr std::string_view kNdvProperty = "ndv";

void Widen(ColumnStatistics& column, const ColumnSummary& summary,
           std::optional<uint64_t> null_count, bool first) {
  column.may_be_null |= summary.may_be_null;
  column.may_be_nan |= summary.may_be_nan;
  if (first) {
    column.null_count = null_count;
    column.lower = summary.lower;
    column.upper = summary.upper;
    return;
  }
  if (column.null_count && null_count) {
    *column.null_count += *null_count;
  } else {
    column.null_count.reset();
  }
  const auto keep = [](std::optional<Value>& mine, const std::optional<Value>& theirs, int sign) {
    if (!mine) return;
    if (!theirs || !Comparable(mine->type_id(), theirs->type_id())) {
      mine.reset();
    } else if (CompareForSql(*theirs, *mine) * sign > 0) {
      mine = theirs;
    }
  };
  keep(column.lower, summary.lower, -1);
  keep(column.upper, summary.upper, 1);
}

// All nulls: such a file bounds nothing.
bool BoundsNothing(const ColumnSummary& summary) { return !summary.may_be_non_null; }

void AddFile(ColumnStatistics& column, ColumnSummary summary, std::optional<uint64_t> null_count,
             bool& first) {
  if (BoundsNothing(summary) && !first) {
    summary.lower = column.lower;
    summary.upper = column.upper;
  }
  Widen(column, summary, null_count, first);
  first = false;
}

// The newest statistics of this snapshot or of one it descends from.
const StatisticsFile* StatisticsOf(const TableMetadata& table, const Snapshot* snapshot) {
  for (SnapshotPtr at = snapshot == nullptr ? nullptr : table.SnapshotById(snapshot->snapshot_id);
       at != nullptr;
       at = at->parent_snapshot_id ? table.SnapshotById(*at->parent_snapshot_id) : nullptr) {
    for (const StatisticsFile& file : table.statistics) {
      if (file.snapshot_id == at->snapshot_id) return &file;
    }
  }
  return nullptr;
}

void AddDistinctCounts(const StatisticsFile& file, std::vector<ColumnStatistics>& columns) {
  for (const StatisticsBlob& blob : file.blob_metadata) {
    const auto ndv = blob.properties.find(std::string(kNdvProperty));
    if (blob.fields.size() != 1 || ndv == blob.properties.end()) continue;
    uint64_t count = 0;
    const char* end = ndv->second.data() + ndv->second.size();
    if (std::from_chars(ndv->second.data(), end, count).ptr != end) continue;
    for (ColumnStatistics& column : columns) {
      if (column.field_id == blob.fields[0]) column.distinct_count = count;
    }
  }
}

}  // namespace

TableStatistics CollectStatistics(const ScanPlan& plan, const TableMetadata& table,
                                  const Snapshot* snapshot, std::span<const int32_t> field_ids) {
  TableStatistics statistics;
  statistics.record_count = plan.record_count;
  statistics.size_bytes = plan.counts.bytes - plan.counts.bytes_skipped;
  statistics.file_count = plan.files.size();
  std::unordered_map<const ManifestIndex*, uint64_t> selected;
  for (const FileScan& scan : plan.files) ++selected[&scan.file.manifest()];
  for (const int32_t field_id : field_ids) {
    ColumnStatistics column;
    column.field_id = field_id;
    column.may_be_null = plan.files.empty();
    column.may_be_nan = false;
    bool first = true;
    bool partly = false;
    for (const auto& [manifest, count] : selected) {
      if (count != manifest->file_count()) {
        partly = true;
        continue;
      }
      AddFile(column, manifest->Column(field_id), manifest->NullCount(field_id), first);
    }
    for (const FileScan& scan : plan.files) {
      if (!partly) break;
      const ManifestIndex& manifest = scan.file.manifest();
      if (selected.at(&manifest) == manifest.file_count()) continue;
      AddFile(column, scan.file.column(field_id), scan.file.null_count(field_id), first);
    }
    statistics.columns.push_back(std::move(column));
  }
  if (const StatisticsFile* file = StatisticsOf(table, snapshot)) {
    AddDistinctCounts(*file, statistics.columns);
  }
  return statistics;
}

}  // namespace crannog::table::iceberg
