// Metadata of a table that is created, or replaced (CREATE OR REPLACE TABLE).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/random.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/sort_order.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/metadata_builder.h"
#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

struct NewTableOptions {
  std::vector<NestedField> fields;  // ids are assigned anew, from 1
  std::vector<std::string> identifier_columns;
  std::vector<UnboundPartitionField> partitioned_by;
  std::vector<UnboundSortField> sorted_by;
  std::string location;  // without a slash at the end
  // "format-version" among them chooses the format (1 is refused) and is not kept.
  std::map<std::string, std::string> properties;
};

// The updates that make such a table out of nothing, the first of them AssignUuid.
//   kInvalid, kNotFound, kUnsupported  as BindPartitionSpec and Schema::Make say
Result<std::vector<TableUpdate>> CreateTableUpdates(const NewTableOptions& options,
                                                    io::Random& random);

// CreateTableUpdates applied: a table without snapshots, format version 2 unless asked for 3.
Result<TableMetadata> NewTable(const NewTableOptions& options, int64_t now_ms, io::Random& random);

// The updates that replace `base` in place: same uuid and history; the main branch starts anew,
// columns that keep their name keep their id, and properties are merged over the old ones.
Result<std::vector<TableUpdate>> ReplaceTableUpdates(const TableMetadata& base,
                                                     const NewTableOptions& options);

}  // namespace crannog::table::iceberg
