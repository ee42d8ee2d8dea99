// Bounds on what one table operation may hold.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crannog::table::iceberg {

inline constexpr size_t kPredicateDepthMax = 200;
inline constexpr size_t kPredicateNodesMax = 20'000;
// Literals of one kIn above which pruning looks only at the smallest and largest.
inline constexpr size_t kInLiteralsExactMax = 200;
inline constexpr size_t kInLiteralsMax = 1'000'000;

inline constexpr uint64_t kManifestBytesMax = uint64_t{1} << 30;
inline constexpr uint64_t kManifestListBytesMax = uint64_t{1} << 30;
inline constexpr size_t kManifestsMax = 1'000'000;  // of one snapshot

inline constexpr size_t kUpdatesMax = 10'000;  // in one request
inline constexpr size_t kUpdatesBytesMax = size_t{64} << 20;
inline constexpr size_t kFilesPerChangeMax = 10'000'000;
inline constexpr size_t kSnapshotIdTriesMax = 100;

}  // namespace crannog::table::iceberg
