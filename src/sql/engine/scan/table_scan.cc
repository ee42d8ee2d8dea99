#include "sql/engine/scan/table_scan.h"

#include <utility>

namespace crannog::sql::engine {

Result<const iceberg::ScanPlan*> TableScan::Plan() const {
  std::lock_guard guard(mutex_);
  if (!plan_ && !raw_files_.empty()) plan_ = std::make_unique<iceberg::ScanPlan>();
  if (plan_) return plan_.get();
  iceberg::ScanRequest request;
  request.table = &*target_->table;
  request.snapshot = target_->snapshot.get();
  request.predicate = &predicate_;
  request.schema = target_->schema;
  auto plan = iceberg::PlanScan(target_->lake->files, target_->lake->planning, request);
  if (!plan) return std::unexpected(std::move(plan).error().Within("plan " + target_->name));
  plan_ = std::make_unique<iceberg::ScanPlan>(std::move(*plan));
  return plan_.get();
}

DeletedRowsPtr TableScan::DeletedFrom(const std::string& file) const {
  auto found = deleted_.find(file);
  return found == deleted_.end() ? nullptr : found->second;
}

std::shared_ptr<const TableScan> TableScan::With(iceberg::Predicate condition) const {
  if (predicate_.IsTrue()) return std::make_shared<TableScan>(target_, std::move(condition));
  return std::make_shared<TableScan>(target_,
                                     iceberg::Predicate::And({predicate_, std::move(condition)}));
}

}  // namespace crannog::sql::engine
