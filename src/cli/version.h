// The release of this program, as CMakeLists.txt has it.
#pragma once

#include <string_view>

namespace crannog::cli {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace crannog::cli
