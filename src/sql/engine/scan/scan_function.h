// The engine's Parquet scan over one table: our files, columns by field id, deletes applied.
#pragma once

#include <memory>

#include "duckdb/function/table_function.hpp"
#include "sql/engine/scan/table_scan.h"

namespace crannog::sql::engine {

// The built-in scan, bound to `target`; sets `bind_data`.
duckdb::TableFunction MakeScanFunction(duckdb::ClientContext& client,
                                       std::shared_ptr<const ScanTarget> target,
                                       duckdb::unique_ptr<duckdb::FunctionData>& bind_data);

// What the engine looks up by name when it copies a plan that holds such a scan.
duckdb::TableFunction MakeCopiedScanFunction(duckdb::ClientContext& client);

// The function behind queries of our own over scans that `lake` offers (lake/offered_scans.h).
duckdb::TableFunction MakeScanOfFunction(duckdb::ClientContext& client, const Lake& lake);

// Columns every scan has beside the table's own: filename, file_row_number, file_index.
duckdb::virtual_column_map_t VirtualColumns();
// What names a row: its file and its position there.
duckdb::vector<duckdb::column_t> RowIdColumns();

}  // namespace crannog::sql::engine
