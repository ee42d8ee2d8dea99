// The release this source becomes; CMakeLists.txt's project() names the same.
#pragma once

#include <string_view>

namespace crannog {

inline constexpr std::string_view kRelease = "0.1.0";

}  // namespace crannog
