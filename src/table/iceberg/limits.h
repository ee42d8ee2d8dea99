// Bounds on what one table operation may hold.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crannog::table::iceberg {

inline constexpr size_t kUpdatesMax = 10'000;  // in one request
inline constexpr size_t kUpdatesBytesMax = size_t{64} << 20;
inline constexpr size_t kFilesPerChangeMax = 10'000'000;
inline constexpr int kSnapshotIdTriesMax = 100;

}  // namespace crannog::table::iceberg
