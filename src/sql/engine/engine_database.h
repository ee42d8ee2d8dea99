// The embedded engine over an open lake.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "duckdb/main/connection.hpp"
#include "duckdb/main/database.hpp"
#include "io/file_system.h"
#include "sql/database.h"
#include "sql/engine/lake/lake.h"
#include "sql/engine/lake/lake_files.h"
#include "state/lake_lock.h"
#include "state/store.h"

namespace crannog::sql::engine {

// The engine's name for a reference's catalog: "lake" for main, "lake@dev" for others.
std::string CatalogName(std::string_view reference);

class EngineDatabase final : public Database {
 public:
  static Result<std::unique_ptr<EngineDatabase>> Open(const DatabaseOptions& options);
  ~EngineDatabase() override;

  Result<std::unique_ptr<Connection>> Connect() override;
  catalog::Repository& repository() override { return *repository_; }
  object::Files& files() override { return *files_; }
  object::Store& objects() override { return *objects_; }
  state::Store& state() override { return *state_; }

  const Lake& lake() const { return *lake_; }
  duckdb::DuckDB& engine() { return *engine_; }
  // Makes the catalog of a reference known to the engine. kNotFound
  Status Attach(const std::string& reference);

 private:
  EngineDatabase() = default;
  Status OpenStores(const DatabaseOptions& options);
  Status ChooseWarehouse(const DatabaseOptions& options);
  Status StartEngine(const DatabaseOptions& options);

  // In the order they need each other; they are dropped from the last to the first.
  io::SystemClock clock_;
  io::SystemRandom random_;
  std::unique_ptr<io::FileSystem> disk_;
  std::unique_ptr<state::LakeLock> lock_;
  std::unique_ptr<state::Store> state_;
  std::unique_ptr<object::Store> objects_;
  std::unique_ptr<LakeFiles> files_;
  std::unique_ptr<catalog::Repository> repository_;
  iceberg::PlanningCache planning_;
  iceberg::MetadataCache metadata_;
  DeferredFiles deferred_;
  AppendQueue appends_;
  OfferedScans offered_;
  std::string warehouse_;
  std::string reference_;
  std::unique_ptr<Lake> lake_;
  std::unique_ptr<duckdb::DuckDB> engine_;
  std::mutex attach_mutex_;  // guards attached_ and attach_connection_
  std::unique_ptr<duckdb::Connection> attach_connection_;
  std::vector<std::string> attached_;
};

}  // namespace crannog::sql::engine
