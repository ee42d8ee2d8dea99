// AT (VERSION => ..) and AT (TIMESTAMP => ..).
#pragma once

#include <memory>

#include "base/result.h"
#include "catalog/content_key.h"
#include "duckdb/planner/tableref/bound_at_clause.hpp"
#include "sql/engine/scan/table_scan.h"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {

// A number names a snapshot of the table; text names a branch or tag of the table itself, else a
// branch, tag or commit of the lake; a time means what was current then on this branch. The scan
// has the columns of that time.
//   kNotFound  no such snapshot or reference, or no such table there
//   kInvalid   neither VERSION nor TIMESTAMP, or a value that is neither
Result<std::shared_ptr<const ScanTarget>> TravelTo(LakeTransaction& transaction,
                                                   const catalog::ContentKey& key,
                                                   const duckdb::BoundAtClause& at);

}  // namespace crannog::sql::engine
