// Tables about a table: "orders$snapshots", $history, $files, $partitions, $manifests, $refs,
// $properties and the rest, with Trino's columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "duckdb/catalog/catalog_entry/schema_catalog_entry.hpp"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "sql/engine/lake/lake.h"

namespace crannog::sql::engine {

enum class MetadataTableKind : uint8_t {
  kSnapshots,
  kHistory,
  kRefs,
  kProperties,
  kMetadataLog,
  kManifests,
  kFiles,
  kEntries,
  kPartitions,
};

struct MetadataTableName {
  std::string table;
  MetadataTableKind kind = MetadataTableKind::kSnapshots;
};

// "orders$snapshots" in its parts; nothing when the name has no such suffix.
std::optional<MetadataTableName> SplitMetadataTableName(std::string_view name);

duckdb::unique_ptr<duckdb::TableCatalogEntry> MakeMetadataTableEntry(
    duckdb::SchemaCatalogEntry& schema, const std::string& name, MetadataTableKind kind,
    iceberg::TableMetadataPtr table, const Lake& lake);

}  // namespace crannog::sql::engine
