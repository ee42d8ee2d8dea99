// Errors as people see them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog::cli {

// What to do about an error, or nothing when the message says it all.
std::string_view HintFor(const Error& error);

// "crannog: NOT_FOUND: ..." and the hint below it, on stderr.
void PrintError(const Error& error, bool colour);

}  // namespace crannog::cli
