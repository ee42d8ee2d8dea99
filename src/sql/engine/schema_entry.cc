#include "sql/engine/schema_entry.h"

#include <utility>

#include "duckdb/common/string_util.hpp"
#include "duckdb/parser/parsed_data/alter_info.hpp"
#include "duckdb/parser/parsed_data/create_schema_info.hpp"
#include "duckdb/parser/parsed_data/create_view_info.hpp"
#include "duckdb/parser/parsed_data/drop_info.hpp"
#include "duckdb/planner/parsed_data/bound_create_table_info.hpp"
#include "duckdb/planner/tableref/bound_at_clause.hpp"
#include "sql/engine/alter.h"
#include "sql/engine/catalog.h"
#include "sql/engine/lake/errors.h"
#include "sql/engine/metadata_table.h"
#include "sql/engine/table_definition.h"
#include "sql/engine/table_entry.h"
#include "sql/engine/time_travel.h"
#include "sql/engine/view.h"

namespace crannog::sql::engine {
namespace {

LakeTransaction& Of(duckdb::CatalogTransaction& transaction) {
  return transaction.transaction->Cast<LakeTransaction>();
}

[[noreturn]] void Refuse(const char* what) {
  Throw(Error(Code::kUnsupported, std::string(what) + " in a lake; use the temp catalog for it"));
}

bool IsTable(const catalog::Content& content) {
  return content.kind() == catalog::ContentKind::kIcebergTable;
}

bool IsView(const catalog::Content& content) {
  return content.kind() == catalog::ContentKind::kIcebergView;
}

}  // namespace

LakeSchemaEntry::LakeSchemaEntry(duckdb::Catalog& owner, duckdb::CreateSchemaInfo& info,
                                 catalog::ContentKey key)
    : SchemaCatalogEntry(owner, info), key_(std::move(key)) {}

Result<std::optional<catalog::ContentKey>> LakeSchemaEntry::Resolve(LakeTransaction& transaction,
                                                                    const std::string& wanted) {
  auto key = key_.Child(wanted);
  if (!key) return std::nullopt;
  CRANNOG_ASSIGN(const auto* content, transaction.Find(*key));
  if (content && !content->IsNamespace()) return std::optional(*key);
  const std::string lower = duckdb::StringUtil::Lower(wanted);
  if (lower != wanted) {
    CRANNOG_ASSIGN(auto lower_key, key_.Child(lower));
    CRANNOG_ASSIGN(const auto* lower_content, transaction.Find(lower_key));
    if (lower_content && !lower_content->IsNamespace()) return std::optional(lower_key);
  }
  CRANNOG_ASSIGN(auto children, transaction.Children(key_));
  for (const auto& entry : children)
    if (!entry.content.IsNamespace() &&
        duckdb::StringUtil::CIEquals(std::string(entry.key.name()), wanted))
      return std::optional(entry.key);
  return std::nullopt;
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::Entry(duckdb::ClientContext& client,
                                                                  const catalog::ContentKey& key) {
  auto& transaction = LakeTransaction::Get(client, catalog);
  const std::string cache_key = "entry " + key.encoded();
  if (auto* cached = transaction.CachedEntry(cache_key)) return cached;
  const auto* content = Unwrap(transaction.Find(key));
  if (!content) return nullptr;
  duckdb::unique_ptr<duckdb::CatalogEntry> entry;
  if (IsTable(*content)) {
    auto target = std::make_shared<ScanTarget>();
    target->lake = &transaction.lake();
    target->name = key.ToString();
    target->table = Unwrap(Unwrap(transaction.Table(key))->Look(transaction.lake()));
    target->snapshot = target->table->CurrentSnapshot();
    target->schema = target->table->CurrentSchema();
    entry = MakeTableEntry(*this, key, std::move(target));
  } else if (IsView(*content)) {
    entry = MakeViewEntry(*this, key, *content->As<catalog::IcebergView>(), transaction.lake());
  } else {
    return nullptr;
  }
  auto& kept = transaction.Keep(std::move(entry));
  transaction.CacheEntry(cache_key, kept);
  return &kept;
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::EntryAt(
    duckdb::ClientContext& client, const catalog::ContentKey& key,
    const duckdb::BoundAtClause& at) {
  auto& transaction = LakeTransaction::Get(client, catalog);
  auto target = Unwrap(TravelTo(transaction, key, at));
  return &transaction.Keep(MakeTableEntry(*this, key, std::move(target)));
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::LookupEntry(
    duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup) {
  const auto wanted_type = lookup.GetCatalogType();
  if (wanted_type != duckdb::CatalogType::TABLE_ENTRY &&
      wanted_type != duckdb::CatalogType::VIEW_ENTRY)
    return nullptr;
  auto& client = transaction.GetContext();
  auto& lake_transaction = Of(transaction);
  const auto& wanted = lookup.GetEntryName();
  // With AT the table may have been dropped since: the reference asked for decides.
  if (const auto at = lookup.GetAtClause()) {
    auto key = Unwrap(Resolve(lake_transaction, wanted));
    return EntryAt(client, key ? *key : Unwrap(key_.Child(wanted)), *at);
  }
  if (const auto key = Unwrap(Resolve(lake_transaction, wanted))) return Entry(client, *key);
  // "orders$snapshots" is a table about the table orders, unless a table has that very name.
  if (const auto about = SplitMetadataTableName(wanted)) {
    const auto key = Unwrap(Resolve(lake_transaction, about->table));
    if (!key || !IsTable(*Unwrap(lake_transaction.Find(*key)))) return nullptr;
    auto table = Unwrap(Unwrap(lake_transaction.Table(*key))->Look(lake_transaction.lake()));
    return &lake_transaction.Keep(MakeMetadataTableEntry(
        *this, wanted, about->kind, std::move(table), lake_transaction.lake()));
  }
  return nullptr;
}

void LakeSchemaEntry::Scan(duckdb::ClientContext& client, duckdb::CatalogType wanted,
                           const std::function<void(duckdb::CatalogEntry&)>& callback) {
  const bool tables = wanted == duckdb::CatalogType::TABLE_ENTRY;
  if (!tables && wanted != duckdb::CatalogType::VIEW_ENTRY) return;
  auto& transaction = LakeTransaction::Get(client, catalog);
  // The engine lists views among the tables.
  for (const auto& entry : Unwrap(transaction.Children(key_))) {
    if (!(IsView(entry.content) || (tables && IsTable(entry.content)))) continue;
    if (auto found = Entry(client, entry.key)) callback(*found);
  }
}

void LakeSchemaEntry::Scan(duckdb::CatalogType, const std::function<void(duckdb::CatalogEntry&)>&) {
  Throw(Error(Code::kInternal, "a lake's schema is scanned within a transaction"));
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateTable(
    duckdb::CatalogTransaction transaction, duckdb::BoundCreateTableInfo& bound) {
  auto& info = bound.Base();
  auto& lake_transaction = Of(transaction);
  const auto& lake = lake_transaction.lake();
  auto existing = Unwrap(Resolve(lake_transaction, info.table));
  if (existing && info.on_conflict == duckdb::OnCreateConflict::IGNORE_ON_CONFLICT)
    return Entry(transaction.GetContext(), *existing);
  if (existing && info.on_conflict != duckdb::OnCreateConflict::REPLACE_ON_CONFLICT)
    Throw(Error(Code::kExists, "create table " + existing->ToString() + ": it exists already"));
  const auto key = existing ? *existing : Unwrap(key_.Child(info.table));
  auto options = Unwrap(ReadTableDefinition(info, lake.NewLocation(key)));
  const bool in_place = existing && IsTable(*Unwrap(lake_transaction.Find(key))) &&
                        !Unwrap(lake_transaction.Table(key))->changed();
  if (in_place) {
    auto table = Unwrap(Unwrap(lake_transaction.Table(key))->Look(lake));
    options.location = table->location;
    Unwrap(
        lake_transaction.UpdateTable(key, Unwrap(iceberg::ReplaceTableUpdates(*table, options))));
    Unwrap(lake_transaction.Table(key))->KeepToBase();
  } else {
    // What this transaction itself did to a table that it replaces goes with that table.
    if (existing) Unwrap(lake_transaction.Drop(key));
    Unwrap(lake_transaction.CreateTable(key,
                                        Unwrap(iceberg::CreateTableUpdates(options, lake.random))));
  }
  lake_transaction.ForgetEntries();
  return Entry(transaction.GetContext(), key);
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateView(
    duckdb::CatalogTransaction transaction, duckdb::CreateViewInfo& info) {
  auto& lake_transaction = Of(transaction);
  auto existing = Unwrap(Resolve(lake_transaction, info.view_name));
  const auto key = existing ? *existing : Unwrap(key_.Child(info.view_name));
  if (existing) {
    const bool is_view = IsView(*Unwrap(lake_transaction.Find(key)));
    if (info.on_conflict == duckdb::OnCreateConflict::IGNORE_ON_CONFLICT)
      return Entry(transaction.GetContext(), key);
    if (!is_view || info.on_conflict != duckdb::OnCreateConflict::REPLACE_ON_CONFLICT)
      Throw(Error(Code::kExists, "create view " + key.ToString() + ": it exists already"));
  }
  Unwrap(WriteView(lake_transaction, key, info));
  lake_transaction.ForgetEntries();
  return Entry(transaction.GetContext(), key);
}

void LakeSchemaEntry::DropEntry(duckdb::ClientContext& client, duckdb::DropInfo& info) {
  auto& transaction = LakeTransaction::Get(client, catalog);
  auto key = Unwrap(Resolve(transaction, info.name));
  const bool want_view = info.type == duckdb::CatalogType::VIEW_ENTRY;
  const auto* content = key ? Unwrap(transaction.Find(*key)) : nullptr;
  if (!content) {
    if (info.if_not_found == duckdb::OnEntryNotFound::RETURN_NULL) return;
    Throw(Error(Code::kNotFound, "drop " + info.name + ": there is no such table or view"));
  }
  if (IsView(*content) != want_view)
    Throw(Error(Code::kInvalid, "drop " + key->ToString() + ": it is a " +
                                    (want_view ? "table, not a view" : "view, not a table")));
  Unwrap(transaction.Drop(*key));
  transaction.ForgetEntries();
}

void LakeSchemaEntry::Alter(duckdb::CatalogTransaction transaction, duckdb::AlterInfo& info) {
  auto& lake_transaction = Of(transaction);
  auto key = Unwrap(Resolve(lake_transaction, info.name));
  if (!key) {
    if (info.if_not_found == duckdb::OnEntryNotFound::RETURN_NULL) return;
    Throw(Error(Code::kNotFound, "alter " + info.name + ": there is no such table or view"));
  }
  Unwrap(engine::AlterEntry(lake_transaction, *key, info));
  lake_transaction.ForgetEntries();
}

duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateIndex(
    duckdb::CatalogTransaction, duckdb::CreateIndexInfo&, duckdb::TableCatalogEntry&) {
  Refuse("CREATE INDEX");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateFunction(
    duckdb::CatalogTransaction, duckdb::CreateFunctionInfo&) {
  Refuse("CREATE FUNCTION");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateSequence(
    duckdb::CatalogTransaction, duckdb::CreateSequenceInfo&) {
  Refuse("CREATE SEQUENCE");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateTableFunction(
    duckdb::CatalogTransaction, duckdb::CreateTableFunctionInfo&) {
  Refuse("CREATE FUNCTION");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateCopyFunction(
    duckdb::CatalogTransaction, duckdb::CreateCopyFunctionInfo&) {
  Refuse("a copy function");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreatePragmaFunction(
    duckdb::CatalogTransaction, duckdb::CreatePragmaFunctionInfo&) {
  Refuse("a pragma");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateCollation(
    duckdb::CatalogTransaction, duckdb::CreateCollationInfo&) {
  Refuse("a collation");
}
duckdb::optional_ptr<duckdb::CatalogEntry> LakeSchemaEntry::CreateType(duckdb::CatalogTransaction,
                                                                       duckdb::CreateTypeInfo&) {
  Refuse("CREATE TYPE");
}

}  // namespace crannog::sql::engine
