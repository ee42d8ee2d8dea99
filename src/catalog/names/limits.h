// What a name may be at most. The first is Nessie's.
#pragma once

#include <cstddef>

namespace crannog::catalog {

inline constexpr size_t kReferenceNameBytesMax = 200;
inline constexpr size_t kExpressionBytesMax = 4096;
inline constexpr size_t kExpressionStepsMax = 64;

}  // namespace crannog::catalog
