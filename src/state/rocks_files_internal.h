// RocksDB's view of a disk over ours, so that fault tests can hand it a simulated one.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>

#include "io/file_system.h"

namespace crannog::state {

// `file_system` must outlive the result.
std::shared_ptr<rocksdb::FileSystem> AdaptFileSystem(io::FileSystem& file_system);

}  // namespace crannog::state
