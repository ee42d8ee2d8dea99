// One branch, tag or commit of the lake as a catalog of the engine.
#pragma once

#include <functional>
#include <string>

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/transaction/transaction_manager.hpp"
#include "sql/engine/lake/lake.h"

namespace duckdb {
struct DBConfig;
}

namespace crannog::sql::engine {

inline constexpr const char* kStorageName = "crannog";

class LakeCatalog : public duckdb::Catalog {
 public:
  // `reference` is any reference expression; only the head of a branch takes writes.
  LakeCatalog(duckdb::AttachedDatabase& database, const Lake& lake, std::string reference)
      : Catalog(database), lake_(lake), reference_(std::move(reference)) {}
  const Lake& lake() const { return lake_; }
  const std::string& reference() const { return reference_; }

  void Initialize(bool load_builtin) override;
  std::string GetCatalogType() override { return kStorageName; }
  bool InMemory() override { return false; }
  std::string GetDBPath() override { return reference_; }
  bool SupportsTimeTravel() const override { return true; }
  std::string GetDefaultSchema() const override { return std::string(kDefaultSchema); }
  duckdb::DatabaseSize GetDatabaseSize(duckdb::ClientContext& client) override;
  duckdb::ErrorData SupportsCreateTable(duckdb::BoundCreateTableInfo& info) override;

  duckdb::optional_ptr<duckdb::CatalogEntry> CreateSchema(duckdb::CatalogTransaction transaction,
                                                          duckdb::CreateSchemaInfo& info) override;
  duckdb::optional_ptr<duckdb::SchemaCatalogEntry> LookupSchema(
      duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup,
      duckdb::OnEntryNotFound if_not_found) override;
  void ScanSchemas(duckdb::ClientContext& client,
                   std::function<void(duckdb::SchemaCatalogEntry&)> callback) override;

  duckdb::PhysicalOperator& PlanCreateTableAs(duckdb::ClientContext& client,
                                              duckdb::PhysicalPlanGenerator& planner,
                                              duckdb::LogicalCreateTable& op,
                                              duckdb::PhysicalOperator& plan) override;
  duckdb::PhysicalOperator& PlanInsert(
      duckdb::ClientContext& client, duckdb::PhysicalPlanGenerator& planner,
      duckdb::LogicalInsert& op, duckdb::optional_ptr<duckdb::PhysicalOperator> plan) override;
  duckdb::PhysicalOperator& PlanDelete(duckdb::ClientContext& client,
                                       duckdb::PhysicalPlanGenerator& planner,
                                       duckdb::LogicalDelete& op,
                                       duckdb::PhysicalOperator& plan) override;
  duckdb::PhysicalOperator& PlanUpdate(duckdb::ClientContext& client,
                                       duckdb::PhysicalPlanGenerator& planner,
                                       duckdb::LogicalUpdate& op,
                                       duckdb::PhysicalOperator& plan) override;
  duckdb::PhysicalOperator& PlanMergeInto(duckdb::ClientContext& client,
                                          duckdb::PhysicalPlanGenerator& planner,
                                          duckdb::LogicalMergeInto& op,
                                          duckdb::PhysicalOperator& plan) override;
  using Catalog::PlanDelete;
  using Catalog::PlanUpdate;

 private:
  void DropSchema(duckdb::ClientContext& client, duckdb::DropInfo& info) override;

  const Lake& lake_;
  std::string reference_;
};

class LakeTransactionManager : public duckdb::TransactionManager {
 public:
  LakeTransactionManager(duckdb::AttachedDatabase& database, LakeCatalog& catalog);
  ~LakeTransactionManager() override;
  duckdb::Transaction& StartTransaction(duckdb::ClientContext& client) override;
  duckdb::ErrorData CommitTransaction(duckdb::ClientContext& client,
                                      duckdb::Transaction& transaction) override;
  void RollbackTransaction(duckdb::Transaction& transaction) override;
  void Checkpoint(duckdb::ClientContext& client, bool force) override;

 private:
  void End(duckdb::Transaction& transaction);

  LakeCatalog& catalog_;
  duckdb::mutex mutex_;  // guards open_
  duckdb::reference_map_t<duckdb::Transaction, duckdb::unique_ptr<duckdb::Transaction>> open_;
};

// Makes the engine attach catalogs of `lake`: ATTACH 'dev' AS "lake@dev" (TYPE crannog).
// `lake` outlives the engine.
void RegisterStorage(duckdb::DBConfig& config, const Lake& lake);

}  // namespace crannog::sql::engine
