// Which rows of a data file are deleted: position deletes, equality deletes and deletion vectors,
// all brought to positions. Specification: "Row-level Deletes".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "duckdb/common/multi_file/multi_file_data.hpp"
#include "sql/engine/scan/table_scan.h"

namespace duckdb {
class DatabaseInstance;
}

namespace crannog::sql::engine {

// Reads what the delete files of `scan` say about its data file. Runs queries of its own on the
// engine's threads; equality deletes read their columns of the data file once.
//   kCorrupt, kNotFound  names the delete file
//   kUnsupported         a delete file that is neither Parquet nor Puffin
Result<DeletedRows> LoadDeletedRows(duckdb::DatabaseInstance& engine, const ScanTarget& target,
                                    const iceberg::FileScan& scan);

// Leaves them out while a file is read. `rows` is shared, never changed.
class DeletedRowsFilter : public duckdb::DeleteFilter {
 public:
  explicit DeletedRowsFilter(std::shared_ptr<const DeletedRows> rows) : rows_(std::move(rows)) {}
  duckdb::idx_t Filter(duckdb::row_t start, duckdb::idx_t count,
                       duckdb::SelectionVector& kept) override;

 private:
  std::shared_ptr<const DeletedRows> rows_;
};

}  // namespace crannog::sql::engine
