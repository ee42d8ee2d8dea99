#include "sql/engine/engine_database.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "duckdb/main/client_context.hpp"
#include "duckdb/parser/parsed_data/create_table_function_info.hpp"
#include "io/posix_file_system.h"
#include "sql/engine/catalog.h"
#include "sql/engine/engine_connection.h"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/file_system.h"
#include "sql/engine/scan/scan_function.h"

namespace crannog::sql::engine {
namespace {

constexpr size_t kInlineSizeBytesMax = size_t{1} << 20;
constexpr std::string_view kWarehouseKey = "warehouse";
constexpr std::string_view kWarehouseBucket = "warehouse";

Status RunSql(duckdb::Connection& connection, const std::string& sql) {
  auto result = connection.Query(sql);
  if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
  return {};
}

std::string QuotedName(std::string_view name) {
  return duckdb::KeywordHelper::WriteQuoted(std::string(name), '"');
}

std::string QuotedText(std::string_view text) {
  return duckdb::KeywordHelper::WriteQuoted(std::string(text), '\'');
}

}  // namespace

std::string CatalogName(std::string_view reference) {
  if (reference == catalog::kDefaultBranch) return "lake";
  return "lake@" + std::string(reference);
}

Result<std::unique_ptr<EngineDatabase>> EngineDatabase::Open(const DatabaseOptions& options) {
  std::unique_ptr<EngineDatabase> database(new EngineDatabase());
  CRANNOG_RETURN_IF_ERROR(database->OpenStores(options));
  CRANNOG_RETURN_IF_ERROR(database->ChooseWarehouse(options));
  CRANNOG_RETURN_IF_ERROR(database->StartEngine(options));
  return database;
}

Status EngineDatabase::OpenStores(const DatabaseOptions& options) {
  disk_ = io::MakePosixFileSystem();
  if (!options.create && !std::filesystem::exists(options.lake + "/state"))
    return Fail(Code::kNotFound, "open lake " + options.lake + ": there is none");
  CRANNOG_ASSIGN(lock_, state::LakeLock::Acquire(*disk_, options.lake, "crannog"));
  state::StoreOptions state_options;
  state_options.directory = options.lake + "/state";
  CRANNOG_ASSIGN(state_, state::Store::Open(state_options));
  object::StoreOptions object_options;
  object_options.directory = options.lake + "/objects";
  // Metadata files of tables with some hundred snapshots still ride on the commit that names them.
  object_options.inline_size_bytes_max = kInlineSizeBytesMax;
  CRANNOG_ASSIGN(objects_, object::Store::Open(*disk_, clock_, *state_, object_options));
  files_ = std::make_unique<LakeFiles>(*objects_, *disk_);
  CRANNOG_ASSIGN(repository_, catalog::Repository::Open(*state_, clock_, random_, {}));
  return {};
}

// A lake keeps the warehouse it was made with.
Status EngineDatabase::ChooseWarehouse(const DatabaseOptions& options) {
  std::string wanted = options.warehouse;
  while (wanted.ends_with('/')) wanted.pop_back();
  CRANNOG_ASSIGN(auto kept, state_->Get(state::Table::kMeta, kWarehouseKey));
  if (kept) {
    if (!wanted.empty() && wanted != *kept)
      return Fail(Code::kInvalid, "open lake " + options.lake + " with warehouse " + wanted +
                                      ": its tables are in " + *kept);
    warehouse_ = *kept;
    return warehouse_.starts_with("file:") ? files_->AddWarehouse(warehouse_) : Status();
  }
  warehouse_ = wanted.empty() ? "s3://" + std::string(kWarehouseBucket) : wanted;
  if (!wanted.empty() && !wanted.starts_with("file:///"))
    return Fail(Code::kUnsupported,
                "warehouse " + warehouse_ + ": only a folder is served, as file:///path/to/it");
  if (wanted.empty()) {
    auto made = objects_->CreateBucket(kWarehouseBucket);
    if (!made && made.error().code() != Code::kExists) return made;
  }
  if (warehouse_.starts_with("file:")) CRANNOG_RETURN_IF_ERROR(files_->AddWarehouse(warehouse_));
  state::Batch batch;
  batch.Put(state::Table::kMeta, kWarehouseKey, warehouse_);
  return state_->Commit(batch, state::Sync::kNow);
}

Status EngineDatabase::StartEngine(const DatabaseOptions& options) {
  lake_ = std::make_unique<Lake>(Lake{*files_, *repository_, clock_, random_, planning_, metadata_,
                                      deferred_, appends_, offered_, warehouse_});
  reference_ = options.reference;
  try {
    duckdb::DBConfig config;
    config.options.load_extensions = true;
    config.SetOptionByName("autoinstall_known_extensions", duckdb::Value::BOOLEAN(false));
    config.SetOptionByName("autoload_known_extensions", duckdb::Value::BOOLEAN(false));
    config.SetOptionByName("temp_directory", duckdb::Value(options.lake + "/tmp"));
    if (options.memory_bytes_max > 0)
      config.SetOptionByName("memory_limit",
                             duckdb::Value(std::to_string(options.memory_bytes_max) + "B"));
    if (options.threads > 0)
      config.SetOptionByName("threads", duckdb::Value::BIGINT(options.threads));
    RegisterStorage(config, *lake_);
    engine_ = std::make_unique<duckdb::DuckDB>(nullptr, &config);
    auto& instance = *engine_->instance;
    duckdb::FileSystem::GetFileSystem(instance).RegisterSubSystem(
        duckdb::make_uniq<LakeFileSystem>(*files_, deferred_));
    attach_connection_ = std::make_unique<duckdb::Connection>(*engine_);
    CRANNOG_RETURN_IF_ERROR(RunSql(*attach_connection_, "SET GLOBAL parquet_metadata_cache=true"));
    auto& client = *attach_connection_->context;
    client.RunFunctionInTransaction([&] {
      for (auto& function : {MakeScanOfFunction(client, *lake_), MakeCopiedScanFunction(client)}) {
        duckdb::CreateTableFunctionInfo info(function);
        duckdb::Catalog::GetSystemCatalog(client).CreateTableFunction(client, info);
      }
    });
  } catch (const std::exception& exception) {
    return std::unexpected(ToError(exception).Within("start the SQL engine"));
  }
  CRANNOG_RETURN_IF_ERROR(Attach(std::string(catalog::kDefaultBranch)));
  return Attach(reference_);
}

EngineDatabase::~EngineDatabase() {
  attach_connection_.reset();
  engine_.reset();
}

Status EngineDatabase::Attach(const std::string& reference) {
  CRANNOG_ASSIGN(auto resolved, repository_->Resolve(reference));
  std::lock_guard guard(attach_mutex_);
  if (std::ranges::find(attached_, reference) != attached_.end()) return {};
  CRANNOG_RETURN_IF_ERROR(RunSql(*attach_connection_, "ATTACH " + QuotedText(reference) + " AS " +
                                                          QuotedName(CatalogName(reference)) +
                                                          " (TYPE " + kStorageName + ")"));
  attached_.push_back(reference);
  return {};
}

Result<std::unique_ptr<Connection>> EngineDatabase::Connect() {
  try {
    auto connection = std::make_unique<EngineConnection>(*this);
    CRANNOG_RETURN_IF_ERROR(connection->UseReference(reference_));
    return connection;
  } catch (const std::exception& exception) {
    return std::unexpected(ToError(exception));
  }
}

}  // namespace crannog::sql::engine

namespace crannog::sql {

Result<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options) {
  CRANNOG_ASSIGN(auto database, engine::EngineDatabase::Open(options));
  return database;
}

}  // namespace crannog::sql
