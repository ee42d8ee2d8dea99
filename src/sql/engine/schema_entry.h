// A schema of the lake: a namespace of the catalog, as one transaction sees it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "catalog/content_key.h"
#include "duckdb/catalog/catalog_entry/schema_catalog_entry.hpp"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {

class LakeSchemaEntry : public duckdb::SchemaCatalogEntry {
 public:
  LakeSchemaEntry(duckdb::Catalog& catalog, duckdb::CreateSchemaInfo& info,
                  catalog::ContentKey key);
  const catalog::ContentKey& key() const { return key_; }

  void Scan(duckdb::ClientContext& client, duckdb::CatalogType type,
            const std::function<void(duckdb::CatalogEntry&)>& callback) override;
  void Scan(duckdb::CatalogType type,
            const std::function<void(duckdb::CatalogEntry&)>& callback) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> LookupEntry(
      duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup) override;

  duckdb::optional_ptr<duckdb::CatalogEntry> CreateTable(
      duckdb::CatalogTransaction transaction, duckdb::BoundCreateTableInfo& info) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateView(duckdb::CatalogTransaction transaction,
                                                        duckdb::CreateViewInfo& info) override;
  void DropEntry(duckdb::ClientContext& client, duckdb::DropInfo& info) override;
  void Alter(duckdb::CatalogTransaction transaction, duckdb::AlterInfo& info) override;

  // What a lake does not hold; refused by name.
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateIndex(duckdb::CatalogTransaction,
                                                         duckdb::CreateIndexInfo&,
                                                         duckdb::TableCatalogEntry&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateFunction(duckdb::CatalogTransaction,
                                                            duckdb::CreateFunctionInfo&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateSequence(duckdb::CatalogTransaction,
                                                            duckdb::CreateSequenceInfo&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateTableFunction(
      duckdb::CatalogTransaction, duckdb::CreateTableFunctionInfo&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateCopyFunction(
      duckdb::CatalogTransaction, duckdb::CreateCopyFunctionInfo&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreatePragmaFunction(
      duckdb::CatalogTransaction, duckdb::CreatePragmaFunctionInfo&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateCollation(duckdb::CatalogTransaction,
                                                             duckdb::CreateCollationInfo&) override;
  duckdb::optional_ptr<duckdb::CatalogEntry> CreateType(duckdb::CatalogTransaction,
                                                        duckdb::CreateTypeInfo&) override;

 private:
  // The key of the table or view that SQL calls `name`: as written, else without regard to case.
  Result<std::optional<catalog::ContentKey>> Resolve(LakeTransaction& transaction,
                                                     const std::string& name);
  duckdb::optional_ptr<duckdb::CatalogEntry> Entry(duckdb::ClientContext& client,
                                                   const catalog::ContentKey& key);
  duckdb::optional_ptr<duckdb::CatalogEntry> EntryAt(duckdb::ClientContext& client,
                                                     const catalog::ContentKey& key,
                                                     const duckdb::BoundAtClause& at);

  catalog::ContentKey key_;
};

}  // namespace crannog::sql::engine
