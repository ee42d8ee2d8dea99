#include "sql/engine/metadata_rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "sql/engine/lake/types.h"
#include "table/iceberg/metadata_tables.h"

namespace crannog::sql::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;
using Row = std::vector<Value>;

const LogicalType kText = LogicalType::VARCHAR;
const LogicalType kLong = LogicalType::BIGINT;
const LogicalType kInt = LogicalType::INTEGER;
const LogicalType kTime = LogicalType::TIMESTAMP_TZ;

LogicalType TextMap() { return LogicalType::MAP(kText, kText); }

LogicalType SummaryType() {
  return LogicalType::LIST(LogicalType::STRUCT({{"contains_null", LogicalType::BOOLEAN},
                                                {"contains_nan", LogicalType::BOOLEAN},
                                                {"lower_bound", kText},
                                                {"upper_bound", kText}}));
}

Value Time(int64_t ms) { return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(ms * 1000)); }

template <typename T>
Value Long(const std::optional<T>& value) {
  return value ? Value::BIGINT(static_cast<int64_t>(*value)) : Value(kLong);
}

Value Text(const std::optional<std::string>& value) { return value ? Value(*value) : Value(kText); }

Value Map(const std::map<std::string, std::string>& map) {
  duckdb::vector<Value> keys;
  duckdb::vector<Value> values;
  for (const auto& [key, value] : map) {
    keys.emplace_back(key);
    values.emplace_back(value);
  }
  return Value::MAP(kText, kText, std::move(keys), std::move(values));
}

Value Counts(const std::vector<iceberg::FieldCount>& counts) {
  duckdb::vector<Value> keys;
  duckdb::vector<Value> values;
  for (const auto& count : counts) {
    keys.push_back(Value::INTEGER(count.field_id));
    values.push_back(Value::BIGINT(count.count));
  }
  return Value::MAP(kInt, kLong, std::move(keys), std::move(values));
}

// Bounds as people read them; columns that are gone are left out.
Value Bounds(const std::vector<iceberg::FieldBound>& bounds, const iceberg::TableMetadata& table) {
  duckdb::vector<Value> keys;
  duckdb::vector<Value> values;
  for (const auto& bound : bounds) {
    const auto schema = table.CurrentSchema();
    const auto* field = schema->FindById(bound.field_id);
    if (!field || field->type.is_nested()) continue;
    auto value = iceberg::DecodeBinary(field->type, bound.value);
    if (!value) continue;
    keys.push_back(Value::INTEGER(bound.field_id));
    values.emplace_back(value->ToString());
  }
  return Value::MAP(kInt, kText, std::move(keys), std::move(values));
}

EngineRows Snapshots(const iceberg::TableMetadata& table) {
  EngineRows rows;
  for (const auto& row : iceberg::SnapshotRows(table))
    rows.push_back({Time(row.committed_at_ms), Value::BIGINT(row.snapshot_id), Long(row.parent_id),
                    Value(row.operation), Value(row.manifest_list), Map(row.summary)});
  return rows;
}

EngineRows History(const iceberg::TableMetadata& table) {
  EngineRows rows;
  for (const auto& row : iceberg::HistoryRows(table))
    rows.push_back({Time(row.made_current_at_ms), Value::BIGINT(row.snapshot_id),
                    Long(row.parent_id), Value::BOOLEAN(row.is_current_ancestor)});
  return rows;
}

EngineRows Refs(const iceberg::TableMetadata& table) {
  EngineRows rows;
  for (const auto& row : iceberg::RefRows(table)) {
    const auto keep = row.min_snapshots_to_keep;
    rows.push_back({Value(row.name), Value(row.type), Value::BIGINT(row.snapshot_id),
                    Long(row.max_reference_age_in_ms), keep ? Value::INTEGER(*keep) : Value(kInt),
                    Long(row.max_snapshot_age_in_ms)});
  }
  return rows;
}

EngineRows Properties(const iceberg::TableMetadata& table) {
  EngineRows rows;
  for (const auto& row : iceberg::PropertyRows(table))
    rows.push_back({Value(row.key), Value(row.value)});
  return rows;
}

EngineRows MetadataLog(const iceberg::TableMetadata& table) {
  EngineRows rows;
  for (const auto& row : table.metadata_log)
    rows.push_back({Time(row.timestamp_ms), Value(row.metadata_file)});
  return rows;
}

Value Summaries(const std::vector<iceberg::PartitionSummaryRow>& summaries) {
  duckdb::vector<Value> values;
  for (const auto& summary : summaries) {
    const auto nan = summary.contains_nan;
    values.push_back(
        Value::STRUCT({{"contains_null", Value::BOOLEAN(summary.contains_null)},
                       {"contains_nan", nan ? Value::BOOLEAN(*nan) : Value(LogicalType::BOOLEAN)},
                       {"lower_bound", Text(summary.lower_bound)},
                       {"upper_bound", Text(summary.upper_bound)}}));
  }
  return Value::LIST(duckdb::ListType::GetChildType(SummaryType()), std::move(values));
}

Result<EngineRows> Manifests(const iceberg::TableMetadata& table, const Lake& lake) {
  EngineRows rows;
  const auto snapshot = table.CurrentSnapshot();
  CRANNOG_ASSIGN(auto found,
                 iceberg::ManifestRows(lake.files, lake.planning, table, snapshot.get()));
  for (const auto& row : found)
    rows.push_back({Value::INTEGER(row.content), Value(row.path), Value::BIGINT(row.length),
                    Value::INTEGER(row.partition_spec_id), Value::BIGINT(row.added_snapshot_id),
                    Long(row.added_data_files_count), Long(row.added_rows_count),
                    Long(row.existing_data_files_count), Long(row.existing_rows_count),
                    Long(row.deleted_data_files_count), Long(row.deleted_rows_count),
                    Summaries(row.partition_summaries)});
  return rows;
}

Row FileRow(const iceberg::EntryRow& row, const iceberg::TableMetadata& table) {
  const auto& file = row.file;
  return {Value::INTEGER(static_cast<int32_t>(file.content)),
          Value(file.file_path),
          Value(std::string(iceberg::FileFormatName(file.file_format))),
          Value::INTEGER(row.spec_id),
          Value(row.partition_path),
          Value::BIGINT(file.record_count),
          Value::BIGINT(file.file_size_in_bytes),
          Counts(file.column_sizes),
          Counts(file.value_counts),
          Counts(file.null_value_counts),
          Counts(file.nan_value_counts),
          Bounds(file.lower_bounds, table),
          Bounds(file.upper_bounds, table)};
}

Result<EngineRows> Files(const iceberg::TableMetadata& table, const Lake& lake) {
  EngineRows rows;
  const auto snapshot = table.CurrentSnapshot();
  CRANNOG_ASSIGN(auto found, iceberg::FileRows(lake.files, lake.planning, table, snapshot.get()));
  for (const auto& row : found) rows.push_back(FileRow(row, table));
  return rows;
}

Result<EngineRows> Entries(const iceberg::TableMetadata& table, const Lake& lake) {
  EngineRows rows;
  const auto snapshot = table.CurrentSnapshot();
  CRANNOG_ASSIGN(auto found, iceberg::EntryRows(lake.files, lake.planning, table, snapshot.get()));
  for (const auto& row : found)
    rows.push_back({Value::INTEGER(row.status), Value::BIGINT(row.snapshot_id),
                    Value::BIGINT(row.sequence_number), Value::BIGINT(row.file_sequence_number),
                    Value(row.file.file_path), Value::BIGINT(row.file.record_count),
                    Value::BIGINT(row.file.file_size_in_bytes)});
  return rows;
}

// One struct field for every partition field of any spec, so that all rows have one shape.
struct PartitionShape {
  std::vector<int32_t> field_ids;
  std::vector<iceberg::Type> types;
  duckdb::child_list_t<LogicalType> children;
};

PartitionShape ShapeOf(const iceberg::TableMetadata& table) {
  PartitionShape shape;
  const auto schema = table.CurrentSchema();
  for (const auto& spec : table.partition_specs) {
    const auto type = iceberg::PartitionType(*spec, *schema);
    for (const auto& field : type.fields()) {
      if (std::ranges::find(shape.field_ids, field.id) != shape.field_ids.end()) continue;
      shape.field_ids.push_back(field.id);
      shape.types.push_back(field.type);
      shape.children.emplace_back(field.name, ToEngineType(field.type));
    }
  }
  return shape;
}

Value PartitionStruct(const iceberg::PartitionRow& row, const PartitionShape& shape,
                      const iceberg::TableMetadata& table) {
  const auto spec = table.SpecById(row.spec_id);
  duckdb::child_list_t<Value> values;
  for (size_t i = 0; i < shape.field_ids.size(); ++i) {
    Value value(shape.children[i].second);
    for (size_t p = 0; spec && p < spec->fields.size() && p < row.partition.size(); ++p)
      if (spec->fields[p].field_id == shape.field_ids[i])
        value = ToEngineValue(row.partition[p], shape.types[i]);
    values.emplace_back(shape.children[i].first, std::move(value));
  }
  return Value::STRUCT(std::move(values));
}

Result<EngineRows> Partitions(const iceberg::TableMetadata& table, const Lake& lake) {
  EngineRows rows;
  const auto snapshot = table.CurrentSnapshot();
  CRANNOG_ASSIGN(auto found,
                 iceberg::PartitionRows(lake.files, lake.planning, table, snapshot.get()));
  const auto shape = ShapeOf(table);
  for (const auto& row : found) {
    Row values;
    if (!shape.children.empty()) values.push_back(PartitionStruct(row, shape, table));
    values.push_back(Long(std::optional(row.record_count)));
    values.push_back(Long(std::optional(row.file_count)));
    values.push_back(Long(std::optional(row.total_size)));
    values.emplace_back(row.partition_path);
    values.push_back(Value::INTEGER(row.spec_id));
    rows.push_back(std::move(values));
  }
  return rows;
}

std::vector<RowColumn> PartitionColumns(const iceberg::TableMetadata& table) {
  std::vector<RowColumn> columns;
  auto shape = ShapeOf(table);
  if (!shape.children.empty())
    columns.push_back({"partition", LogicalType::STRUCT(std::move(shape.children))});
  columns.insert(columns.end(), {{"record_count", kLong},
                                 {"file_count", kLong},
                                 {"total_size", kLong},
                                 {"partition_path", kText},
                                 {"spec_id", kInt}});
  return columns;
}

std::vector<RowColumn> FileColumns() {
  const auto counts = LogicalType::MAP(kInt, kLong);
  const auto bounds = LogicalType::MAP(kInt, kText);
  return {{"content", kInt},
          {"file_path", kText},
          {"file_format", kText},
          {"spec_id", kInt},
          {"partition", kText},
          {"record_count", kLong},
          {"file_size_in_bytes", kLong},
          {"column_sizes", counts},
          {"value_counts", counts},
          {"null_value_counts", counts},
          {"nan_value_counts", counts},
          {"lower_bounds", bounds},
          {"upper_bounds", bounds}};
}

std::vector<RowColumn> ManifestColumns() {
  return {{"content", kInt},
          {"path", kText},
          {"length", kLong},
          {"partition_spec_id", kInt},
          {"added_snapshot_id", kLong},
          {"added_data_files_count", kLong},
          {"added_rows_count", kLong},
          {"existing_data_files_count", kLong},
          {"existing_rows_count", kLong},
          {"deleted_data_files_count", kLong},
          {"deleted_rows_count", kLong},
          {"partition_summaries", SummaryType()}};
}

}  // namespace

std::vector<RowColumn> MetadataColumns(MetadataTableKind kind,
                                       const iceberg::TableMetadata& table) {
  switch (kind) {
    case MetadataTableKind::kSnapshots:
      return {{"committed_at", kTime}, {"snapshot_id", kLong},   {"parent_id", kLong},
              {"operation", kText},    {"manifest_list", kText}, {"summary", TextMap()}};
    case MetadataTableKind::kHistory:
      return {{"made_current_at", kTime},
              {"snapshot_id", kLong},
              {"parent_id", kLong},
              {"is_current_ancestor", LogicalType::BOOLEAN}};
    case MetadataTableKind::kRefs:
      return {{"name", kText},
              {"type", kText},
              {"snapshot_id", kLong},
              {"max_reference_age_in_ms", kLong},
              {"min_snapshots_to_keep", kInt},
              {"max_snapshot_age_in_ms", kLong}};
    case MetadataTableKind::kProperties:
      return {{"key", kText}, {"value", kText}};
    case MetadataTableKind::kMetadataLog:
      return {{"timestamp", kTime}, {"file", kText}};
    case MetadataTableKind::kManifests:
      return ManifestColumns();
    case MetadataTableKind::kFiles:
      return FileColumns();
    case MetadataTableKind::kEntries:
      return {{"status", kInt},
              {"snapshot_id", kLong},
              {"sequence_number", kLong},
              {"file_sequence_number", kLong},
              {"file_path", kText},
              {"record_count", kLong},
              {"file_size_in_bytes", kLong}};
    case MetadataTableKind::kPartitions:
      return PartitionColumns(table);
  }
  return {};
}

Result<EngineRows> MetadataRows(MetadataTableKind kind, const iceberg::TableMetadata& table,
                                const Lake& lake) {
  switch (kind) {
    case MetadataTableKind::kSnapshots:
      return Snapshots(table);
    case MetadataTableKind::kHistory:
      return History(table);
    case MetadataTableKind::kRefs:
      return Refs(table);
    case MetadataTableKind::kProperties:
      return Properties(table);
    case MetadataTableKind::kMetadataLog:
      return MetadataLog(table);
    case MetadataTableKind::kManifests:
      return Manifests(table, lake);
    case MetadataTableKind::kFiles:
      return Files(table, lake);
    case MetadataTableKind::kEntries:
      return Entries(table, lake);
    case MetadataTableKind::kPartitions:
      return Partitions(table, lake);
  }
  return EngineRows{};
}

}  // namespace crannog::sql::engine
