// Rows of existing files that a statement deletes, and what that makes of the files: copy on
// write. A file that keeps some rows is replaced by one without the deleted ones.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "duckdb/execution/execution_context.hpp"
#include "sql/engine/scan/table_scan.h"
#include "sql/engine/write/table_writer.h"
#include "table/iceberg/manifest/deletion_vector.h"
#include "table/iceberg/table_change.h"

namespace crannog::sql::engine {

// Thread-safe.
class RowChanges {
 public:
  // False when the row was given before.
  bool Delete(const std::string& file, uint64_t position);
  uint64_t count() const;
  bool empty() const { return count() == 0; }

  // Rewrites the files through `writer` and lists in `change` what goes. `target` is the table as
  // the statement saw it. Called once, at the end, by one thread.
  //   kCorrupt, kNotFound  a data or delete file
  Status Apply(duckdb::ExecutionContext& context, std::shared_ptr<const ScanTarget> target,
               TableWriter& writer, iceberg::TableChange& change) const;

 private:
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, iceberg::DeletionVector> deleted_;
  uint64_t count_ = 0;
};

}  // namespace crannog::sql::engine
