#include "table/iceberg/format/table_metadata_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codec/compression.h"
#include "table/iceberg/format/schema_json.h"
#include "table/iceberg/format/string_map_json.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;
using codec::JsonAt;

// A list that may be absent, each item read by `read`, handed to `keep`.
template <typename Read, typename Keep>
Status ReadList(const JsonAt& at, std::string_view key, Read read, Keep keep) {
  const auto list = at.MemberIfAny(key);
  if (!list) return {};
  CRANNOG_ASSIGN(const size_t size, list->ArraySize());
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto item, read(list->At(i)));
    keep(std::move(item));
  }
  return {};
}

template <typename T>
auto KeepIn(std::vector<T>& to) {
  return [&to](T item) { to.push_back(std::move(item)); };
}

template <typename T>
auto KeepShared(std::vector<std::shared_ptr<const T>>& to) {
  return [&to](T item) { to.push_back(std::make_shared<const T>(std::move(item))); };
}

Status ReadSchemas(const JsonAt& at, TableMetadata& metadata) {
  CRANNOG_RETURN_IF_ERROR(ReadList(at, "schemas", SchemaFromJson, KeepIn(metadata.schemas)));
  CRANNOG_ASSIGN(const auto current, at.IntIfAny("current-schema-id"));
  if (metadata.schemas.empty()) {
    // v1 may have only the one schema.
    if (metadata.format_version > 1) return at.Wrong("member \"schemas\" is missing or empty");
    CRANNOG_ASSIGN(const JsonAt only, at.Member("schema"));
    CRANNOG_ASSIGN(auto schema, SchemaFromJson(only));
    metadata.current_schema_id = schema->schema_id();
    metadata.schemas.push_back(std::move(schema));
    return {};
  }
  if (!current) return at.Wrong("member \"current-schema-id\" is missing");
  metadata.current_schema_id = *current;
  if (metadata.SchemaById(*current) == nullptr) {
    return at.Wrong(fmt::format("current schema {} is not among the schemas", *current));
  }
  return {};
}

Status ReadSpecs(const JsonAt& at, TableMetadata& metadata) {
  CRANNOG_RETURN_IF_ERROR(
      ReadList(at, "partition-specs", PartitionSpecFromJson, KeepShared(metadata.partition_specs)));
  CRANNOG_ASSIGN(const auto default_id, at.IntIfAny("default-spec-id"));
  if (metadata.partition_specs.empty()) {
    if (metadata.format_version > 1) return at.Wrong("member \"partition-specs\" is missing");
    CRANNOG_ASSIGN(const JsonAt fields, at.Member("partition-spec"));
    CRANNOG_ASSIGN(auto spec, PartitionFieldsFromJson(fields, 0));
    metadata.partition_specs.push_back(std::make_shared<const PartitionSpec>(std::move(spec)));
    metadata.default_spec_id = 0;
  } else {
    if (!default_id) return at.Wrong("member \"default-spec-id\" is missing");
    metadata.default_spec_id = *default_id;
    if (metadata.SpecById(*default_id) == nullptr) {
      return at.Wrong(fmt::format("default spec {} is not among the specs", *default_id));
    }
  }
  CRANNOG_ASSIGN(const auto last_id, at.IntIfAny("last-partition-id"));
  if (!last_id && metadata.format_version > 1) {
    return at.Wrong("member \"last-partition-id\" is missing");
  }
  // DuckDB says 0 where there are no fields; ids below the first are those of manifest columns.
  metadata.last_partition_id = std::max(last_id.value_or(0), kPartitionFieldIdFirst - 1);
  for (const PartitionSpecPtr& spec : metadata.partition_specs) {
    metadata.last_partition_id = std::max(metadata.last_partition_id, spec->highest_field_id());
  }
  return {};
}

Status ReadSortOrders(const JsonAt& at, TableMetadata& metadata) {
  CRANNOG_RETURN_IF_ERROR(
      ReadList(at, "sort-orders", SortOrderFromJson, KeepShared(metadata.sort_orders)));
  CRANNOG_ASSIGN(const auto default_id, at.IntIfAny("default-sort-order-id"));
  if (metadata.sort_orders.empty()) {
    // Required since v2, but DuckDB's COPY (FORMAT iceberg) leaves the list empty.
    metadata.sort_orders.push_back(std::make_shared<const SortOrder>());
  }
  metadata.default_sort_order_id = default_id.value_or(0);
  if (metadata.SortOrderById(metadata.default_sort_order_id) == nullptr) {
    return at.Wrong(fmt::format("default sort order {} is not among the orders",
                                metadata.default_sort_order_id));
  }
  return {};
}

Status ReadRefs(const JsonAt& at, TableMetadata& metadata) {
  CRANNOG_ASSIGN(metadata.current_snapshot_id, at.LongIfAny("current-snapshot-id"));
  if (metadata.current_snapshot_id == -1) metadata.current_snapshot_id.reset();
  if (metadata.current_snapshot_id && metadata.CurrentSnapshot() == nullptr) {
    return at.Wrong(fmt::format("current snapshot {} is not among the snapshots",
                                *metadata.current_snapshot_id));
  }
  if (const auto refs = at.MemberIfAny("refs")) {
    CRANNOG_RETURN_IF_ERROR(refs->ExpectObject());
    for (const Json::Member& member : refs->json().object()) {
      CRANNOG_ASSIGN(const JsonAt ref_at, refs->Member(member.first));
      CRANNOG_ASSIGN(const SnapshotRef ref, SnapshotRefFromJson(ref_at));
      if (metadata.SnapshotById(ref.snapshot_id) == nullptr) {
        return ref_at.Wrong(fmt::format("snapshot {} is not among the snapshots", ref.snapshot_id));
      }
      metadata.refs.insert_or_assign(member.first, ref);
    }
  }
  if (!metadata.current_snapshot_id) return {};
  const auto [main, added] = metadata.refs.try_emplace(
      std::string(kMainBranch), SnapshotRef{*metadata.current_snapshot_id, {}, {}, {}, {}});
  if (!added && main->second.snapshot_id != *metadata.current_snapshot_id) {
    return at.Wrong("the current snapshot is not the head of branch main");
  }
  return {};
}

Result<SnapshotLogEntry> SnapshotLogEntryFromJson(const JsonAt& at) {
  SnapshotLogEntry entry;
  CRANNOG_ASSIGN(entry.timestamp_ms, at.Long("timestamp-ms"));
  CRANNOG_ASSIGN(entry.snapshot_id, at.Long("snapshot-id"));
  return entry;
}

Result<MetadataLogEntry> MetadataLogEntryFromJson(const JsonAt& at) {
  MetadataLogEntry entry;
  CRANNOG_ASSIGN(entry.timestamp_ms, at.Long("timestamp-ms"));
  CRANNOG_ASSIGN(entry.metadata_file, at.String("metadata-file"));
  return entry;
}

// Required since v2, but DuckDB's COPY (FORMAT iceberg) leaves it out: what its snapshots have.
Status ReadSequenceNumber(const JsonAt& at, TableMetadata& metadata) {
  if (metadata.format_version == 1) return {};
  CRANNOG_ASSIGN(const auto number, at.LongIfAny("last-sequence-number"));
  if (number) {
    metadata.last_sequence_number = *number;
    return {};
  }
  for (const SnapshotPtr& snapshot : metadata.snapshots) {
    metadata.last_sequence_number =
        std::max(metadata.last_sequence_number, snapshot->sequence_number);
  }
  return {};
}

Status ReadLists(const JsonAt& at, TableMetadata& metadata) {
  const int version = metadata.format_version;
  CRANNOG_RETURN_IF_ERROR(ReadList(
      at, "snapshots", [version](const JsonAt& item) { return SnapshotFromJson(item, version); },
      KeepShared(metadata.snapshots)));
  CRANNOG_RETURN_IF_ERROR(ReadSequenceNumber(at, metadata));
  CRANNOG_RETURN_IF_ERROR(
      ReadList(at, "snapshot-log", SnapshotLogEntryFromJson, KeepIn(metadata.snapshot_log)));
  CRANNOG_RETURN_IF_ERROR(
      ReadList(at, "metadata-log", MetadataLogEntryFromJson, KeepIn(metadata.metadata_log)));
  CRANNOG_RETURN_IF_ERROR(
      ReadList(at, "statistics", StatisticsFileFromJson, KeepIn(metadata.statistics)));
  CRANNOG_RETURN_IF_ERROR(ReadList(at, "partition-statistics", PartitionStatisticsFileFromJson,
                                   KeepIn(metadata.partition_statistics)));
  return ReadList(at, "encryption-keys", EncryptedKeyFromJson, KeepIn(metadata.encryption_keys));
}

Status ReadScalars(const JsonAt& at, TableMetadata& metadata) {
  CRANNOG_ASSIGN(auto uuid, at.StringIfAny("table-uuid"));
  if (!uuid && metadata.format_version > 1) return at.Wrong("member \"table-uuid\" is missing");
  metadata.table_uuid = std::move(uuid).value_or("");
  CRANNOG_ASSIGN(metadata.location, at.String("location"));
  while (metadata.location.size() > 1 && metadata.location.ends_with('/')) {
    metadata.location.pop_back();
  }
  CRANNOG_ASSIGN(metadata.last_updated_ms, at.Long("last-updated-ms"));
  CRANNOG_ASSIGN(metadata.last_column_id, at.Int("last-column-id"));
  if (const auto properties = at.MemberIfAny("properties")) {
    CRANNOG_ASSIGN(metadata.properties, properties->AsStringMap());
  }
  if (metadata.format_version >= 3) {
    CRANNOG_ASSIGN(const auto next_row_id, at.LongIfAny("next-row-id"));
    if (!next_row_id) return at.Wrong("member \"next-row-id\" is missing");
    metadata.next_row_id = *next_row_id;
  }
  return {};
}

}  // namespace

Result<TableMetadata> TableMetadataFromJson(const JsonAt& at) {
  TableMetadata metadata;
  CRANNOG_ASSIGN(metadata.format_version, at.Int("format-version"));
  if (metadata.format_version < 1) return at.Wrong("no such format version");
  if (metadata.format_version > kFormatVersionMax) {
    return Fail(Code::kUnsupported,
                fmt::format("table format version {}; this build reads up to {}",
                            metadata.format_version, kFormatVersionMax));
  }
  CRANNOG_RETURN_IF_ERROR(ReadScalars(at, metadata));
  CRANNOG_RETURN_IF_ERROR(ReadSchemas(at, metadata));
  CRANNOG_RETURN_IF_ERROR(ReadSpecs(at, metadata));
  CRANNOG_RETURN_IF_ERROR(ReadSortOrders(at, metadata));
  CRANNOG_RETURN_IF_ERROR(ReadLists(at, metadata));
  CRANNOG_RETURN_IF_ERROR(ReadRefs(at, metadata));
  return metadata;
}

Result<TableMetadata> ParseTableMetadata(std::string_view bytes, std::string_view file) {
  const std::string context = fmt::format("table metadata {}", file);
  std::string plain;
  if (codec::LooksLikeGzip(bytes)) {
    auto done = codec::DecompressInto(codec::Compression::kGzip, bytes, kMetadataBytesMax, plain);
    if (!done) return std::unexpected(std::move(done).error().Within(context));
    bytes = plain;
  }
  auto json = codec::ParseJson(bytes, {.size_bytes_max = kMetadataBytesMax});
  if (!json) return std::unexpected(std::move(json).error().Within(context));
  auto metadata = TableMetadataFromJson(JsonAt(*json));
  if (!metadata) return std::unexpected(std::move(metadata).error().Within(context));
  return metadata;
}

namespace {

template <typename Items, typename ToJson>
Json ListOf(const Items& items, ToJson to_json) {
  Json::Array list;
  list.reserve(items.size());
  for (const auto& item : items) list.push_back(to_json(item));
  return Json::NewArray(std::move(list));
}

void WriteStructure(const TableMetadata& metadata, Json& json) {
  if (metadata.format_version == 1) json.Set("schema", SchemaToJson(*metadata.CurrentSchema()));
  json.Set("schemas", ListOf(metadata.schemas, [](const auto& s) { return SchemaToJson(*s); }));
  json.Set("current-schema-id", metadata.current_schema_id);
  if (metadata.format_version == 1) {
    json.Set("partition-spec", PartitionFieldsToJson(*metadata.DefaultSpec()));
  }
  json.Set("partition-specs",
           ListOf(metadata.partition_specs, [](const auto& s) { return PartitionSpecToJson(*s); }));
  json.Set("default-spec-id", metadata.default_spec_id);
  json.Set("last-partition-id", metadata.last_partition_id);
  json.Set("sort-orders",
           ListOf(metadata.sort_orders, [](const auto& o) { return SortOrderToJson(*o); }));
  json.Set("default-sort-order-id", metadata.default_sort_order_id);
}

void WriteHistory(const TableMetadata& metadata, Json& json) {
  if (metadata.current_snapshot_id) json.Set("current-snapshot-id", *metadata.current_snapshot_id);
  if (metadata.format_version >= 3) json.Set("next-row-id", metadata.next_row_id);
  Json refs = Json::NewObject();
  for (const auto& [name, ref] : metadata.refs) refs.Set(name, SnapshotRefToJson(ref));
  json.Set("refs", std::move(refs));
  json.Set("snapshots", ListOf(metadata.snapshots, [&](const auto& s) {
             return SnapshotToJson(*s, metadata.format_version);
           }));
  json.Set("statistics", ListOf(metadata.statistics, StatisticsFileToJson));
  json.Set("partition-statistics",
           ListOf(metadata.partition_statistics, PartitionStatisticsFileToJson));
  json.Set("snapshot-log", ListOf(metadata.snapshot_log, [](const SnapshotLogEntry& entry) {
             return Json::NewObject()
                 .Set("timestamp-ms", entry.timestamp_ms)
                 .Set("snapshot-id", entry.snapshot_id);
           }));
  json.Set("metadata-log", ListOf(metadata.metadata_log, [](const MetadataLogEntry& entry) {
             return Json::NewObject()
                 .Set("timestamp-ms", entry.timestamp_ms)
                 .Set("metadata-file", entry.metadata_file);
           }));
}

}  // namespace

Json TableMetadataToJson(const TableMetadata& metadata) {
  Json json = Json::NewObject();
  json.Set("format-version", metadata.format_version);
  if (!metadata.table_uuid.empty()) json.Set("table-uuid", metadata.table_uuid);
  json.Set("location", metadata.location);
  if (metadata.format_version > 1) json.Set("last-sequence-number", metadata.last_sequence_number);
  json.Set("last-updated-ms", metadata.last_updated_ms);
  json.Set("last-column-id", metadata.last_column_id);
  WriteStructure(metadata, json);
  json.Set("properties", StringMapToJson(metadata.properties));
  WriteHistory(metadata, json);
  if (!metadata.encryption_keys.empty()) {
    json.Set("encryption-keys", ListOf(metadata.encryption_keys, EncryptedKeyToJson));
  }
  return json;
}

std::string WriteTableMetadata(const TableMetadata& metadata) {
  return codec::WriteJson(TableMetadataToJson(metadata));
}

Result<std::string> WriteTableMetadataGzip(const TableMetadata& metadata) {
  return codec::Compress(codec::Compression::kGzip, WriteTableMetadata(metadata));
}

}  // namespace crannog::table::iceberg
