// The DURABLE file: how far the log was known to be on disk when the store was last closed.
//
// Recovery takes a damaged record in the log for the torn end of it. Whatever is missing below this
// mark was not torn: it was acknowledged, and is damaged.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "io/file_system.h"

namespace crannog::state {

// RocksDB's sequence number up to which every change was durable; 0 when there is no file.
//   kCorrupt  the file is not as it was written
Result<uint64_t> ReadDurableMark(io::FileSystem& file_system, const std::string& directory);
Status WriteDurableMark(io::FileSystem& file_system, const std::string& directory,
                        uint64_t sequence);

}  // namespace crannog::state
