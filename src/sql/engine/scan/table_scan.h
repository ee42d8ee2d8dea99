// What a scan of one table reads: which snapshot, by which schema, which files with which deletes.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/engine/lake/lake.h"
#include "table/iceberg/scan/expression.h"
#include "table/iceberg/scan/scan_plan.h"

namespace duckdb {
class TableCatalogEntry;
}

namespace crannog::sql::engine {

// The fixed part, shared by every copy of a scan. Immutable.
struct ScanTarget : public std::enable_shared_from_this<ScanTarget> {
  const Lake* lake = nullptr;
  std::string name;  // for people: bronze.orders
  iceberg::TableMetadataPtr table;
  iceberg::SnapshotPtr snapshot;  // null: a table without rows
  iceberg::SchemaPtr schema;      // columns of the scan, by field id
  bool past = false;              // of AT: nobody writes to it
  // The engine's entry for it, which owns this; null for scans of ours. Set once, by the entry.
  mutable duckdb::TableCatalogEntry* entry = nullptr;
};

// Positions of deleted rows in one data file, ascending, each once.
using DeletedRows = std::vector<uint64_t>;
using DeletedRowsPtr = std::shared_ptr<const DeletedRows>;

// A target with a predicate, planned once when first asked. Thread-safe.
class TableScan {
 public:
  TableScan(std::shared_ptr<const ScanTarget> target, iceberg::Predicate predicate)
      : target_(std::move(target)), predicate_(std::move(predicate)) {}

  // A scan of just these files, with these rows left out of each.
  TableScan(std::shared_ptr<const ScanTarget> target, iceberg::ScanPlan plan,
            std::map<std::string, DeletedRowsPtr> deleted)
      : target_(std::move(target)),
        deleted_(std::move(deleted)),
        plan_(std::make_unique<iceberg::ScanPlan>(std::move(plan))) {}

  // A scan of whole Parquet files by the target's schema, whatever table they belong to.
  TableScan(std::shared_ptr<const ScanTarget> target, std::vector<std::string> raw_files)
      : target_(std::move(target)), raw_files_(std::move(raw_files)) {}

  const ScanTarget& target() const { return *target_; }
  // Empty for scans of a table; then Plan() has the files.
  const std::vector<std::string>& raw_files() const { return raw_files_; }
  // Null: what the plan's delete files say is all.
  DeletedRowsPtr DeletedFrom(const std::string& file) const;
  const std::shared_ptr<const ScanTarget>& shared_target() const { return target_; }
  const iceberg::Predicate& predicate() const { return predicate_; }
  // kCorrupt and kNotFound name the metadata file.
  Result<const iceberg::ScanPlan*> Plan() const;
  // The same scan with a further condition.
  std::shared_ptr<const TableScan> With(iceberg::Predicate condition) const;

 private:
  std::shared_ptr<const ScanTarget> target_;
  iceberg::Predicate predicate_;
  std::vector<std::string> raw_files_;
  std::map<std::string, DeletedRowsPtr> deleted_;
  mutable std::mutex mutex_;  // guards plan_
  mutable std::unique_ptr<iceberg::ScanPlan> plan_;
};

}  // namespace crannog::sql::engine
