// What branches and tags may be called.
#pragma once

#include <string_view>

#include "base/result.h"

namespace crannog::catalog {

inline constexpr std::string_view kDefaultBranch = "main";

// Nessie's rule: a letter first, then letters, digits and . / _ -, no "..", no "." or "/" last;
// nothing that could be a hash (8 to 64 hexadecimal digits), nor HEAD or DETACHED. kInvalid.
Status CheckReferenceName(std::string_view name);

}  // namespace crannog::catalog
