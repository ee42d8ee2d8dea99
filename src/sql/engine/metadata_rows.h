// The columns and rows of the metadata tables, as Trino names and types them.
#pragma once

#include <vector>

#include "sql/engine/metadata_table.h"
#include "sql/engine/row_function.h"

namespace crannog::sql::engine {

std::vector<RowColumn> MetadataColumns(MetadataTableKind kind, const iceberg::TableMetadata& table);

// One row has one value for each of MetadataColumns().
//   kCorrupt, kNotFound  names the manifest
Result<EngineRows> MetadataRows(MetadataTableKind kind, const iceberg::TableMetadata& table,
                                const Lake& lake);

}  // namespace crannog::sql::engine
