// How RocksDB is set up: one place for every setting and why it is so.
#pragma once

#include <rocksdb/options.h>

#include <memory>

#include "state/store.h"
#include "state/table.h"

namespace crannog::state {

// `cache` is shared by all tables.
rocksdb::ColumnFamilyOptions TableOptions(TableKind kind, const StoreOptions& options,
                                          const std::shared_ptr<rocksdb::Cache>& cache);
// Without environment, listeners and logger.
rocksdb::DBOptions DatabaseOptions(const StoreOptions& options);

}  // namespace crannog::state
