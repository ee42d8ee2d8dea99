// Bytes as lower-case hexadecimal text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

std::string HexEncode(std::string_view bytes);
// Accepts upper and lower case. kInvalid for an odd length or any other character.
Result<std::string> HexDecode(std::string_view hex);

}  // namespace crannog
