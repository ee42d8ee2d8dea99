#include "sql/engine/catalog.h"

#include <algorithm>
#include <utility>

#include "duckdb/common/reference_map.hpp"
#include "duckdb/main/attached_database.hpp"
#include "duckdb/main/config.hpp"
#include "duckdb/parser/parsed_data/attach_info.hpp"
#include "duckdb/parser/parsed_data/create_schema_info.hpp"
#include "duckdb/parser/parsed_data/drop_info.hpp"
#include "duckdb/planner/parsed_data/bound_create_table_info.hpp"
#include "duckdb/storage/database_size.hpp"
#include "duckdb/storage/storage_extension.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/schema_entry.h"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {
namespace {

LakeTransaction& Of(duckdb::CatalogTransaction& transaction) {
  return transaction.transaction->Cast<LakeTransaction>();
}

std::string SchemaEntryKey(const std::string& schema) { return "schema " + schema; }

// SQL's schema names ignore case where the catalog's do not: as written first, then by case.
Result<std::optional<catalog::ContentKey>> ResolveSchema(LakeTransaction& transaction,
                                                         const std::string& name) {
  auto key = NamespaceKey(name);
  if (!key) return std::nullopt;
  CRANNOG_ASSIGN(const auto* content, transaction.Find(*key));
  if (content && content->IsNamespace()) return std::optional(*key);
  CRANNOG_ASSIGN(auto namespaces, transaction.Namespaces());
  for (const auto& entry : namespaces)
    if (duckdb::StringUtil::CIEquals(SchemaName(entry.key), name)) return std::optional(entry.key);
  if (duckdb::StringUtil::CIEquals(name, std::string(kDefaultSchema)))
    return NamespaceKey(kDefaultSchema);
  return std::nullopt;
}

duckdb::SchemaCatalogEntry& SchemaEntry(LakeTransaction& transaction, duckdb::Catalog& catalog,
                                        const catalog::ContentKey& key) {
  const std::string name = SchemaName(key);
  if (auto* cached = transaction.CachedEntry(SchemaEntryKey(name)))
    return cached->Cast<duckdb::SchemaCatalogEntry>();
  duckdb::CreateSchemaInfo info;
  info.schema = name;
  auto& entry = transaction.Keep(duckdb::make_uniq<LakeSchemaEntry>(catalog, info, key));
  transaction.CacheEntry(SchemaEntryKey(name), entry);
  return entry.Cast<duckdb::SchemaCatalogEntry>();
}

struct LakeStorageInfo : public duckdb::StorageExtensionInfo {
  explicit LakeStorageInfo(const Lake& shared) : lake(shared) {}
  const Lake& lake;
};

duckdb::unique_ptr<duckdb::Catalog> Attach(duckdb::optional_ptr<duckdb::StorageExtensionInfo> info,
                                           duckdb::ClientContext&,
                                           duckdb::AttachedDatabase& database, const std::string&,
                                           duckdb::AttachInfo& attach, duckdb::AttachOptions&) {
  const auto& lake = static_cast<const LakeStorageInfo&>(*info).lake;
  return duckdb::make_uniq<LakeCatalog>(database, lake, attach.path);
}

duckdb::unique_ptr<duckdb::TransactionManager> MakeTransactionManager(
    duckdb::optional_ptr<duckdb::StorageExtensionInfo>, duckdb::AttachedDatabase& database,
    duckdb::Catalog& catalog) {
  return duckdb::make_uniq<LakeTransactionManager>(database, catalog.Cast<LakeCatalog>());
}

}  // namespace

void LakeCatalog::Initialize(bool) {}

duckdb::DatabaseSize LakeCatalog::GetDatabaseSize(duckdb::ClientContext&) {
  return duckdb::DatabaseSize{};
}

duckdb::ErrorData LakeCatalog::SupportsCreateTable(duckdb::BoundCreateTableInfo&) {
  return duckdb::ErrorData();
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeCatalog::CreateSchema(
    duckdb::CatalogTransaction transaction, duckdb::CreateSchemaInfo& info) {
  auto& lake_transaction = Of(transaction);
  const auto existing = Unwrap(ResolveSchema(lake_transaction, info.schema));
  if (existing) {
    const auto* content = Unwrap(lake_transaction.Find(*existing));
    const bool implied = content == nullptr;  // the default schema, named before it is made
    if (!implied) {
      if (info.on_conflict == duckdb::OnCreateConflict::IGNORE_ON_CONFLICT) return nullptr;
      if (info.on_conflict == duckdb::OnCreateConflict::REPLACE_ON_CONFLICT)
        Throw(Error(Code::kUnsupported, "CREATE OR REPLACE SCHEMA " + info.schema));
      Throw(Error(Code::kExists, "schema " + info.schema + " exists already"));
    }
  }
  const auto key = existing ? *existing : Unwrap(NamespaceKey(info.schema));
  Unwrap(lake_transaction.Put(key, catalog::Namespace{}));
  return &SchemaEntry(lake_transaction, *this, key);
}

void LakeCatalog::DropSchema(duckdb::ClientContext& client, duckdb::DropInfo& info) {
  auto& transaction = LakeTransaction::Get(client, *this);
  const auto key = Unwrap(ResolveSchema(transaction, info.name));
  const bool there = key && Unwrap(transaction.Find(*key)) != nullptr;
  if (!there) {
    if (info.if_not_found == duckdb::OnEntryNotFound::RETURN_NULL) return;
    Throw(Error(Code::kNotFound, "drop schema " + info.name + ": there is none on " + reference_));
  }
  auto inside = Unwrap(transaction.Children(*key));
  if (!inside.empty() && !info.cascade)
    Throw(Error(Code::kInvalid, "drop schema " + info.name + ": it still holds " +
                                    inside.front().key.ToString() + "; DROP .. CASCADE drops all"));
  while (!inside.empty()) {
    for (const auto& entry : inside) Unwrap(transaction.Drop(entry.key));
    inside = Unwrap(transaction.Children(*key));
  }
  Unwrap(transaction.Drop(*key));
  transaction.ForgetEntries();
}

duckdb::optional_ptr<duckdb::SchemaCatalogEntry> LakeCatalog::LookupSchema(
    duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup,
    duckdb::OnEntryNotFound if_not_found) {
  const auto& name = lookup.GetEntryName();
  auto& lake_transaction = Of(transaction);
  const auto key = Unwrap(ResolveSchema(lake_transaction, name));
  if (key) return &SchemaEntry(lake_transaction, *this, *key);
  if (if_not_found == duckdb::OnEntryNotFound::RETURN_NULL) return nullptr;
  Throw(Error(Code::kNotFound, "schema " + name + " does not exist on " + reference_));
}

void LakeCatalog::ScanSchemas(duckdb::ClientContext& client,
                              std::function<void(duckdb::SchemaCatalogEntry&)> callback) {
  auto& transaction = LakeTransaction::Get(client, *this);
  bool has_default = false;
  for (const auto& entry : Unwrap(transaction.Namespaces())) {
    has_default = has_default || SchemaName(entry.key) == kDefaultSchema;
    callback(SchemaEntry(transaction, *this, entry.key));
  }
  if (!has_default) callback(SchemaEntry(transaction, *this, Unwrap(NamespaceKey(kDefaultSchema))));
}

LakeTransactionManager::LakeTransactionManager(duckdb::AttachedDatabase& database,
                                               LakeCatalog& catalog)
    : TransactionManager(database), catalog_(catalog) {}

LakeTransactionManager::~LakeTransactionManager() = default;

duckdb::Transaction& LakeTransactionManager::StartTransaction(duckdb::ClientContext& client) {
  auto transaction =
      duckdb::make_uniq<LakeTransaction>(*this, client, catalog_.lake(), catalog_.reference());
  auto& started = *transaction;
  duckdb::lock_guard<duckdb::mutex> guard(mutex_);
  open_[started] = std::move(transaction);
  return started;
}

duckdb::ErrorData LakeTransactionManager::CommitTransaction(duckdb::ClientContext&,
                                                            duckdb::Transaction& transaction) {
  auto& lake_transaction = transaction.Cast<LakeTransaction>();
  duckdb::ErrorData error;
  try {
    auto status = lake_transaction.Commit();
    if (!status) {
      // kUnknown may have happened: its files must stay.
      if (status.error().code() != Code::kUnknown) lake_transaction.Rollback();
      error = duckdb::ErrorData(duckdb::ExceptionType::TRANSACTION, MarkCode(status.error()));
    }
  } catch (const std::exception& exception) {
    error = duckdb::ErrorData(duckdb::ExceptionType::TRANSACTION, MarkCode(ToError(exception)));
  }
  End(transaction);
  return error;
}

void LakeTransactionManager::RollbackTransaction(duckdb::Transaction& transaction) {
  transaction.Cast<LakeTransaction>().Rollback();
  End(transaction);
}

void LakeTransactionManager::End(duckdb::Transaction& transaction) {
  duckdb::lock_guard<duckdb::mutex> guard(mutex_);
  open_.erase(transaction);
}

void LakeTransactionManager::Checkpoint(duckdb::ClientContext&, bool) {}

void RegisterStorage(duckdb::DBConfig& config, const Lake& lake) {
  auto storage = duckdb::make_shared_ptr<duckdb::StorageExtension>();
  storage->attach = Attach;
  storage->create_transaction_manager = MakeTransactionManager;
  storage->storage_info = duckdb::make_shared_ptr<LakeStorageInfo>(lake);
  duckdb::StorageExtension::Register(config, kStorageName, std::move(storage));
}

}  // namespace crannog::sql::engine
