// A table as one transaction sees it, with what the transaction did to it.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "sql/engine/lake/lake.h"
#include "table/iceberg/commit.h"

namespace crannog::sql::engine {

// Belongs to one transaction; not thread-safe.
class PendingTable {
 public:
  explicit PendingTable(iceberg::TableBase base);  // base.table null: created here
  // The table with the changes so far; writes metadata for them when there are any.
  Result<iceberg::TableMetadataPtr> Look(const Lake& lake);
  // Makes it a table that does not exist yet.
  Status Create(std::vector<iceberg::TableUpdate> updates);
  // Adds what a further statement did, looking at Look().
  Status Extend(iceberg::TableChange next);
  bool changed() const { return !change_.IsEmpty() || base_.table == nullptr; }
  const iceberg::TableBase& base() const { return base_; }
  const iceberg::TableChange& change() const { return change_; }
  // New rows for a table that was there, and nothing else.
  bool IsAppend() const { return base_.table != nullptr && change_.IsAppend(); }

  // The change must not follow others: what they did would be lost (CREATE OR REPLACE).
  void KeepToBase() { keeps_to_base_ = true; }
  // Writes what the catalog's entry will point to, on `newer` when somebody else moved the table.
  //   kConflict  the change cannot follow; nothing is visible
  Result<iceberg::PreparedTable> Prepare(const Lake& lake,
                                         const std::optional<iceberg::TableBase>& newer);
  // Deletes metadata files that no commit names: those of earlier looks, or all.
  void AbandonStale(const Lake& lake);
  void AbandonAll(const Lake& lake);

 private:
  iceberg::TableBase base_;
  iceberg::TableChange change_;
  bool keeps_to_base_ = false;
  std::optional<iceberg::PreparedTable> prepared_;  // of the change as it stands
  std::vector<iceberg::PreparedTable> stale_;
};

}  // namespace crannog::sql::engine
