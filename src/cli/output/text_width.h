// Text as it stands on a screen: which bytes may be printed, and how many columns they take.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crannog::cli {

// `text` in one line of printable UTF-8: control characters and broken bytes become \n, \t, \x1b,
// so that no value of a table can move the cursor or change the terminal.
std::string Printable(std::string_view text);

// Bytes of the character that `text` starts with; 0 when it does not start with valid UTF-8.
// REQUIRES: text is not empty.
size_t Utf8Length(std::string_view text);

// Columns that printable UTF-8 takes.
size_t DisplayWidth(std::string_view printable);

// The longest beginning that fits `width` columns; "…" ends it when something was cut.
std::string Fit(std::string_view printable, size_t width);

}  // namespace crannog::cli
