// What the optimizer wants to know about the rows a plan will read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/scan/scan_plan.h"

namespace crannog::table::iceberg {

struct ColumnStatistics {
  int32_t field_id = 0;
  std::optional<uint64_t> null_count;  // nullopt: some file does not say
  bool may_be_null = true;
  bool may_be_nan = true;
  // Every value that is neither null nor NaN lies between them; nullopt: some file does not say.
  // They need not occur: bounds may be shortened and rows deleted.
  std::optional<Value> lower;
  std::optional<Value> upper;
  // From a statistics file of this snapshot or an ancestor ("ndv" of a theta sketch).
  std::optional<uint64_t> distinct_count;
};

struct TableStatistics {
  uint64_t record_count = 0;  // after pruning, before deletes
  uint64_t size_bytes = 0;
  uint64_t file_count = 0;
  std::vector<ColumnStatistics> columns;  // as asked
};

// O(manifests x columns) for an unfiltered plan, O(files x columns) for others.
TableStatistics CollectStatistics(const ScanPlan& plan, const TableMetadata& table,
                                  const Snapshot* snapshot, std::span<const int32_t> field_ids);

}  // namespace crannog::table::iceberg
