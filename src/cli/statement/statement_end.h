// Where a statement ends, for a prompt that reads lines until one is complete.
#pragma once

#include <string_view>

namespace crannog::cli {

// What stands at the end of a text. The engine's parser is the one that splits statements; this
// only tells whether it is worth asking.
struct TextEnd {
  bool complete = false;  // the last thing that is no blank or comment is a ';'
  bool empty = true;      // nothing but blanks and comments
  bool in_quote = false;  // inside '..', "..", $tag$..$tag$ or /* */
  bool has_line_comment = false;
};

TextEnd FindTextEnd(std::string_view text);

}  // namespace crannog::cli
