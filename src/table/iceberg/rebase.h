// Whether a change made on an older state of a table may go on top of a newer one. Specification:
// "Commit Conflict Resolution and Retry".
#pragma once

#include "base/result.h"
#include "table/iceberg/commit.h"
#include "table/iceberg/table_change.h"

namespace crannog::table::iceberg {

// Pure appends always may. A change that removes or refers to files may unless
//   - one of those files is gone, or got deletes since the change's base,
//   - (serializable) a data file that may hold rows matching `read` was added since,
//   - (any isolation) delete files were added since that may apply to what it rewrites.
// Changes of schema, specs or sort orders may unless those were changed meanwhile.
//   kConflict  says which of these happened
Status CheckChange(const TableEnvironment& environment, const TableMetadata& table,
                   const TableChange& change);

}  // namespace crannog::table::iceberg
