#include "sql/engine/lake/offered_scans.h"

#include <utility>

namespace crannog::sql::engine {

uint64_t OfferedScans::Add(std::shared_ptr<const TableScan> scan) {
  std::lock_guard guard(mutex_);
  scans_[next_] = std::move(scan);
  return next_++;
}

void OfferedScans::Remove(uint64_t number) {
  std::lock_guard guard(mutex_);
  scans_.erase(number);
}

std::shared_ptr<const TableScan> OfferedScans::Find(uint64_t number) {
  std::lock_guard guard(mutex_);
  auto found = scans_.find(number);
  return found == scans_.end() ? nullptr : found->second;
}

std::string OfferedScan::sql() const {
  return std::string(kScanOfFunction) + "(" + std::to_string(number_) + "::UBIGINT)";
}

}  // namespace crannog::sql::engine
