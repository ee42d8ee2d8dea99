#include "sql/engine/metadata_table.h"

#include <array>
#include <utility>

#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/table_storage_info.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/metadata_rows.h"
#include "sql/engine/row_function.h"

namespace crannog::sql::engine {
namespace {

struct Suffix {
  std::string_view name;
  MetadataTableKind kind;
};

constexpr std::array<Suffix, 9> kSuffixes = {{
    {"snapshots", MetadataTableKind::kSnapshots},
    {"history", MetadataTableKind::kHistory},
    {"refs", MetadataTableKind::kRefs},
    {"properties", MetadataTableKind::kProperties},
    {"metadata_log_entries", MetadataTableKind::kMetadataLog},
    {"manifests", MetadataTableKind::kManifests},
    {"files", MetadataTableKind::kFiles},
    {"entries", MetadataTableKind::kEntries},
    {"partitions", MetadataTableKind::kPartitions},
}};

// Read-only; its rows are made when it is scanned.
class MetadataTableEntry : public duckdb::TableCatalogEntry {
 public:
  MetadataTableEntry(duckdb::SchemaCatalogEntry& owner, duckdb::CreateTableInfo& info,
                     std::shared_ptr<const RowSource> source)
      : TableCatalogEntry(owner.catalog, owner, info), source_(std::move(source)) {}

  duckdb::unique_ptr<duckdb::BaseStatistics> GetStatistics(duckdb::ClientContext&,
                                                           duckdb::column_t) override {
    return nullptr;
  }
  duckdb::TableFunction GetScanFunction(
      duckdb::ClientContext&, duckdb::unique_ptr<duckdb::FunctionData>& bind_data) override {
    return MakeRowFunction(name, source_, bind_data);
  }
  duckdb::TableStorageInfo GetStorageInfo(duckdb::ClientContext&) override { return {}; }

 private:
  std::shared_ptr<const RowSource> source_;
};

}  // namespace

std::optional<MetadataTableName> SplitMetadataTableName(std::string_view name) {
  const size_t dollar = name.rfind('$');
  if (dollar == std::string_view::npos || dollar == 0) return std::nullopt;
  for (const auto& suffix : kSuffixes)
    if (suffix.name == name.substr(dollar + 1))
      return MetadataTableName{std::string(name.substr(0, dollar)), suffix.kind};
  return std::nullopt;
}

duckdb::unique_ptr<duckdb::TableCatalogEntry> MakeMetadataTableEntry(
    duckdb::SchemaCatalogEntry& schema, const std::string& name, MetadataTableKind kind,
    iceberg::TableMetadataPtr table, const Lake& lake) {
  auto source = std::make_shared<RowSource>();
  source->columns = MetadataColumns(kind, *table);
  source->rows = [kind, table = std::move(table), &lake] {
    return MetadataRows(kind, *table, lake);
  };
  duckdb::CreateTableInfo info(schema, name);
  for (const auto& column : source->columns)
    info.columns.AddColumn(duckdb::ColumnDefinition(column.name, column.type));
  return duckdb::make_uniq<MetadataTableEntry>(schema, info, std::move(source));
}

}  // namespace crannog::sql::engine
