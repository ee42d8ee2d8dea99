// A node's size follows from its keys' hashes: these bound what a decoder accepts.
#pragma once

#include <cstddef>

namespace crannog::catalog::tree {

inline constexpr size_t kNodeBytesMax = 16 << 20;
inline constexpr size_t kTreeLevelsMax = 20;

}  // namespace crannog::catalog::tree
