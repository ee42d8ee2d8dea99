// RocksDB's environment: its files and its time, each by the seam when one is given.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "io/clock.h"
#include "io/file_system.h"

namespace crannog::state {

// Null means the real ones. What is given must outlive the result.
std::unique_ptr<rocksdb::Env> MakeRocksEnv(io::FileSystem* file_system, io::Clock* clock);

}  // namespace crannog::state
