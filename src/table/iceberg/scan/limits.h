// Bounds on what one scan may hold.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crannog::table::iceberg {

inline constexpr size_t kPredicateDepthMax = 200;
inline constexpr size_t kPredicateNodesMax = 20'000;
inline constexpr size_t kInLiteralsMax = 1'000'000;
// Literals of one kIn above which columns are tested against the smallest and largest only.
inline constexpr size_t kInLiteralsExactMax = 200;

inline constexpr uint64_t kManifestBytesMax = uint64_t{1} << 30;
inline constexpr uint64_t kManifestListBytesMax = uint64_t{1} << 30;
inline constexpr size_t kDecodeThreadsMax = 64;

}  // namespace crannog::table::iceberg
