// The FORMAT file: which format a store has, and who wrote it. Read before RocksDB touches
// anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/file_system.h"

namespace crannog::state {

inline constexpr uint32_t kFormatVersion = 1;

struct StoreFormat {
  uint32_t version = kFormatVersion;
  std::string release;    // the release that wrote the file
  bool complete = false;  // off while the store is being created and nothing is in it yet
};

// Nothing when there is no file. kCorrupt when it cannot be understood at all.
Result<std::optional<StoreFormat>> ReadFormat(io::FileSystem& file_system,
                                              const std::string& directory);
Status WriteFormat(io::FileSystem& file_system, const std::string& directory,
                   const StoreFormat& format);

}  // namespace crannog::state
