#include "table/iceberg/metadata_tables.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "table/iceberg/scan/delete_index.h"
#include "table/iceberg/scan/pruning.h"

namespace crannog::table::iceberg {

std::vector<SnapshotRow> SnapshotRows(const TableMetadata& table) {
  std::vector<SnapshotRow> rows;
  rows.reserve(table.snapshots.size());
  for (const SnapshotPtr& snapshot : table.snapshots) {
    rows.push_back({snapshot->timestamp_ms, snapshot->snapshot_id, snapshot->parent_snapshot_id,
                    std::string(snapshot->operation()), snapshot->manifest_list,
                    snapshot->summary});
  }
  return rows;
}

std::vector<HistoryRow> HistoryRows(const TableMetadata& table) {
  std::unordered_map<int64_t, const Snapshot*> by_id;
  for (const SnapshotPtr& snapshot : table.snapshots) by_id[snapshot->snapshot_id] = snapshot.get();
  std::unordered_set<int64_t> ancestors;
  std::optional<int64_t> at = table.current_snapshot_id;
  while (at && by_id.contains(*at) && ancestors.insert(*at).second) {
    at = by_id[*at]->parent_snapshot_id;
  }
  std::vector<HistoryRow> rows;
  for (const SnapshotLogEntry& entry : table.snapshot_log) {
    HistoryRow row;
    row.made_current_at_ms = entry.timestamp_ms;
    row.snapshot_id = entry.snapshot_id;
    const auto it = by_id.find(entry.snapshot_id);
    if (it != by_id.end()) row.parent_id = it->second->parent_snapshot_id;
    row.is_current_ancestor = ancestors.contains(entry.snapshot_id);
    rows.push_back(row);
  }
  return rows;
}

std::vector<RefRow> RefRows(const TableMetadata& table) {
  std::vector<RefRow> rows;
  for (const auto& [name, ref] : table.refs) {
    rows.push_back({name, ref.type == SnapshotRefType::kTag ? "TAG" : "BRANCH", ref.snapshot_id,
                    ref.max_ref_age_ms, ref.min_snapshots_to_keep, ref.max_snapshot_age_ms});
  }
  return rows;
}

std::vector<PropertyRow> PropertyRows(const TableMetadata& table) {
  std::vector<PropertyRow> rows;
  for (const auto& [key, value] : table.properties) rows.push_back({key, value});
  return rows;
}

std::vector<MetadataLogRow> MetadataLogRows(const TableMetadata& table,
                                            const std::string& location) {
  std::vector<MetadataLogRow> rows;
  const auto add = [&](int64_t timestamp_ms, const std::string& file) {
    MetadataLogRow row;
    row.timestamp_ms = timestamp_ms;
    row.file = file;
    if (const SnapshotPtr snapshot = table.SnapshotAsOf(timestamp_ms)) {
      row.latest_snapshot_id = snapshot->snapshot_id;
      row.latest_schema_id = snapshot->schema_id;
      row.latest_sequence_number = snapshot->sequence_number;
    }
    rows.push_back(std::move(row));
  };
  for (const MetadataLogEntry& entry : table.metadata_log) {
    add(entry.timestamp_ms, entry.metadata_file);
  }
  add(table.last_updated_ms, location);
  return rows;
}

namespace {

std::optional<std::string> BoundText(const std::optional<std::string>& bound, const Type& type,
                                     const Transform& transform) {
  if (!bound || type.id() == TypeId::kUnknown) return std::nullopt;
  const auto value = DecodeBinary(type, *bound);
  if (!value) return std::nullopt;
  return transform.ToHumanString(*value);
}

std::vector<PartitionSummaryRow> PartitionSummaries(const ManifestFile& manifest,
                                                    const TableMetadata& table) {
  std::vector<PartitionSummaryRow> rows;
  const PartitionSpecPtr spec = table.SpecById(manifest.partition_spec_id);
  if (!manifest.partitions || spec == nullptr) return rows;
  const Type type = PartitionType(*spec, *table.CurrentSchema());
  for (size_t i = 0; i < manifest.partitions->size() && i < spec->fields.size(); ++i) {
    const FieldSummary& field = (*manifest.partitions)[i];
    const Type& field_type = type.fields()[i].type;
    const Transform& transform = spec->fields[i].transform;
    rows.push_back({field.contains_null, field.contains_nan,
                    BoundText(field.lower_bound, field_type, transform),
                    BoundText(field.upper_bound, field_type, transform)});
  }
  return rows;
}

Result<ManifestListPtr> ListOf(object::Files& files, PlanningCache& cache,
                               const Snapshot* snapshot) {
  if (snapshot == nullptr) return std::make_shared<const std::vector<ManifestFile>>();
  return cache.ManifestList(files, *snapshot);
}

Result<std::vector<EntryRow>> Entries(object::Files& files, PlanningCache& cache,
                                      const TableMetadata& table, const Snapshot* snapshot,
                                      bool live_only) {
  CRANNOG_ASSIGN(const ManifestListPtr list, ListOf(files, cache, snapshot));
  std::vector<EntryRow> rows;
  for (const ManifestFile& manifest : *list) {
    if (live_only && !manifest.has_live_files()) continue;
    CRANNOG_ASSIGN(std::vector<ManifestEntry> entries, ReadManifestFile(files, manifest));
    const PartitionSpecPtr spec = table.SpecById(manifest.partition_spec_id);
    for (ManifestEntry& entry : entries) {
      if (live_only && !entry.is_live()) continue;
      EntryRow row;
      row.status = static_cast<int32_t>(entry.status);
      row.snapshot_id = entry.snapshot_id.value_or(0);
      row.sequence_number = entry.sequence_number.value_or(0);
      row.file_sequence_number = entry.file_sequence_number.value_or(0);
      row.spec_id = manifest.partition_spec_id;
      if (spec != nullptr && spec->fields.size() == entry.data_file.partition.size()) {
        row.partition_path = PartitionPath(*spec, entry.data_file.partition);
      }
      row.file = std::move(entry.data_file);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace

Result<std::vector<ManifestRow>> ManifestRows(object::Files& files, PlanningCache& cache,
                                              const TableMetadata& table,
                                              const Snapshot* snapshot) {
  CRANNOG_ASSIGN(const ManifestListPtr list, ListOf(files, cache, snapshot));
  std::vector<ManifestRow> rows;
  for (const ManifestFile& manifest : *list) {
    ManifestRow row;
    row.content = static_cast<int32_t>(manifest.content);
    row.path = manifest.manifest_path;
    row.length = manifest.manifest_length;
    row.partition_spec_id = manifest.partition_spec_id;
    row.added_snapshot_id = manifest.added_snapshot_id;
    row.added_data_files_count = manifest.added_files_count;
    row.added_rows_count = manifest.added_rows_count;
    row.existing_data_files_count = manifest.existing_files_count;
    row.existing_rows_count = manifest.existing_rows_count;
    row.deleted_data_files_count = manifest.deleted_files_count;
    row.deleted_rows_count = manifest.deleted_rows_count;
    row.partition_summaries = PartitionSummaries(manifest, table);
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<EntryRow>> FileRows(object::Files& files, PlanningCache& cache,
                                       const TableMetadata& table, const Snapshot* snapshot) {
  return Entries(files, cache, table, snapshot, true);
}

Result<std::vector<EntryRow>> EntryRows(object::Files& files, PlanningCache& cache,
                                        const TableMetadata& table, const Snapshot* snapshot) {
  return Entries(files, cache, table, snapshot, false);
}

namespace {

// Columns whose values a partition tuple does not already tell.
std::vector<int32_t> DataColumns(const TableMetadata& table) {
  std::unordered_set<int32_t> sources;
  for (const PartitionSpecPtr& spec : table.partition_specs) {
    for (const PartitionField& field : spec->fields) {
      if (field.transform.kind() == TransformKind::kIdentity) sources.insert(field.source_id);
    }
  }
  std::vector<int32_t> ids;
  for (const NestedField& field : table.CurrentSchema()->fields()) {
    if (field.type.is_primitive() && !sources.contains(field.id)) ids.push_back(field.id);
  }
  return ids;
}

void Widen(PartitionColumnRow& column, const ColumnSummary& summary,
           std::optional<uint64_t> null_count, bool first) {
  const auto take = [&](Value& mine, const std::optional<Value>& theirs, int sign) {
    if (first) {
      if (theirs) mine = *theirs;
    } else if (!theirs || mine.is_null() || !Comparable(mine.type_id(), theirs->type_id())) {
      mine = Value();
    } else if (CompareForSql(*theirs, mine) * sign > 0) {
      mine = *theirs;
    }
  };
  take(column.min, summary.lower, -1);
  take(column.max, summary.upper, 1);
  if (first) {
    column.null_count = null_count;
  } else if (column.null_count && null_count) {
    *column.null_count += *null_count;
  } else {
    column.null_count.reset();
  }
}

void AddFile(PartitionRow& row, const ManifestIndex& manifest, uint32_t file) {
  const bool first = row.file_count == 0;
  ++row.file_count;
  row.record_count += manifest.RecordCount(file);
  row.total_size += manifest.FileSizeBytes(file);
  for (PartitionColumnRow& column : row.data) {
    Widen(column, manifest.Column(column.field_id, file), manifest.NullCount(column.field_id, file),
          first);
  }
}

}  // namespace

Result<std::vector<PartitionRow>> PartitionRows(object::Files& files, PlanningCache& cache,
                                                const TableMetadata& table,
                                                const Snapshot* snapshot) {
  CRANNOG_ASSIGN(const ManifestListPtr list, ListOf(files, cache, snapshot));
  std::vector<const ManifestFile*> manifests;
  for (const ManifestFile& manifest : *list) {
    if (manifest.content == ManifestContent::kData && manifest.has_live_files()) {
      manifests.push_back(&manifest);
    }
  }
  CRANNOG_ASSIGN(const auto indexes, cache.Manifests(files, table, manifests));
  const std::vector<int32_t> columns = DataColumns(table);
  std::vector<PartitionRow> rows;
  std::unordered_map<std::string, size_t> by_key;
  for (const ManifestIndexPtr& index : indexes) {
    const PartitionSpecPtr spec = table.SpecById(index->spec_id());
    for (uint32_t file = 0; file < index->file_count(); ++file) {
      std::vector<Value> partition = index->Partition(file);
      const auto [it, fresh] =
          by_key.try_emplace(PartitionKey(index->spec_id(), partition), rows.size());
      if (fresh) {
        PartitionRow row;
        row.spec_id = index->spec_id();
        if (spec != nullptr) row.partition_path = PartitionPath(*spec, partition);
        row.partition = std::move(partition);
        for (const int32_t id : columns) row.data.emplace_back().field_id = id;
        rows.push_back(std::move(row));
      }
      AddFile(rows[it->second], *index, file);
    }
  }
  return rows;
}

}  // namespace crannog::table::iceberg
