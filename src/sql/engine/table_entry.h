// A table of the lake in the engine's catalog, as one transaction sees it.
#pragma once

#include <memory>
#include <string>

#include "catalog/content_key.h"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "sql/engine/scan/table_scan.h"

namespace crannog::sql::engine {

class LakeTableEntry : public duckdb::TableCatalogEntry {
 public:
  LakeTableEntry(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema,
                 duckdb::CreateTableInfo& info, catalog::ContentKey key,
                 std::shared_ptr<const ScanTarget> target);

  const catalog::ContentKey& key() const { return key_; }
  const ScanTarget& target() const { return *target_; }
  const std::shared_ptr<const ScanTarget>& shared_target() const { return target_; }
  const iceberg::TableMetadata& metadata() const { return *target_->table; }

  duckdb::unique_ptr<duckdb::BaseStatistics> GetStatistics(duckdb::ClientContext& client,
                                                           duckdb::column_t column) override;
  duckdb::TableFunction GetScanFunction(
      duckdb::ClientContext& client, duckdb::unique_ptr<duckdb::FunctionData>& bind_data) override;
  duckdb::TableStorageInfo GetStorageInfo(duckdb::ClientContext& client) override;
  duckdb::virtual_column_map_t GetVirtualColumns() const override;
  duckdb::vector<duckdb::column_t> GetRowIdColumns() const override;
  // An UPDATE writes whole rows anew: it needs every column.
  void BindUpdateConstraints(duckdb::Binder& binder, duckdb::LogicalGet& get,
                             duckdb::LogicalProjection& projection, duckdb::LogicalUpdate& update,
                             duckdb::ClientContext& client) override;

 private:
  catalog::ContentKey key_;
  std::shared_ptr<const ScanTarget> target_;
};

// The columns, NOT NULL constraints, defaults and comments of a schema. `info` has the name.
void DescribeColumns(const iceberg::Schema& schema, duckdb::CreateTableInfo& info);

// The table `key` with `target`'s columns.
duckdb::unique_ptr<LakeTableEntry> MakeTableEntry(duckdb::SchemaCatalogEntry& schema,
                                                  const catalog::ContentKey& key,
                                                  std::shared_ptr<const ScanTarget> target);

}  // namespace crannog::sql::engine
