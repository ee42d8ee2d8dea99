#include "sql/engine/pending_table.h"

#include <utility>

namespace crannog::sql::engine {

PendingTable::PendingTable(iceberg::TableBase base) : base_(std::move(base)) {
  if (base_.table) change_ = iceberg::TableChange::On(*base_.table);
}

Result<iceberg::TableMetadataPtr> PendingTable::Look(const Lake& lake) {
  if (!changed()) return base_.table;
  if (!prepared_) {
    CRANNOG_ASSIGN(prepared_, iceberg::Prepare(lake.environment(), base_, change_));
  }
  return prepared_->table;
}

Status PendingTable::Extend(iceberg::TableChange next) {
  // What was prepared for an earlier look stays in the store until the transaction ends: a scan
  // that is still open may read it.
  if (change_.IsEmpty() && base_.table) {
    change_ = std::move(next);
  } else {
    CRANNOG_RETURN_IF_ERROR(change_.Extend(std::move(next)));
  }
  if (prepared_) stale_.push_back(std::move(*prepared_));
  prepared_.reset();
  return {};
}

Status PendingTable::Create(std::vector<iceberg::TableUpdate> updates) {
  change_ = iceberg::TableChange::Create(std::move(updates));
  return {};
}

Result<iceberg::PreparedTable> PendingTable::Prepare(
    const Lake& lake, const std::optional<iceberg::TableBase>& newer) {
  if (newer && newer->location != base_.location) {
    const bool other_shape = newer->table->current_schema_id != base_.table->current_schema_id;
    if (keeps_to_base_ || other_shape)
      return Fail(Code::kConflict, "another transaction changed the table meanwhile");
    if (prepared_) stale_.push_back(std::move(*prepared_));
    prepared_.reset();
    base_ = *newer;
  }
  if (!prepared_) {
    CRANNOG_ASSIGN(prepared_, iceberg::Prepare(lake.environment(), base_, change_));
  }
  return *prepared_;
}

void PendingTable::AbandonStale(const Lake& lake) {
  for (const auto& prepared : std::exchange(stale_, {}))
    iceberg::Abandon(lake.environment(), prepared);
}

void PendingTable::AbandonAll(const Lake& lake) {
  AbandonStale(lake);
  if (prepared_) iceberg::Abandon(lake.environment(), *prepared_);
  prepared_.reset();
}

}  // namespace crannog::sql::engine
