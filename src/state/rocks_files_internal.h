// RocksDB's view of a disk over ours, so that fault tests can hand it a simulated one.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>

#include "io/file_system.h"

namespace crannog::state {

// RocksDB's own POSIX layer when `file_system` is null, otherwise what goes through ours, which
// must outlive the result.
std::shared_ptr<rocksdb::FileSystem> MakeRocksFileSystem(io::FileSystem* file_system);

}  // namespace crannog::state
