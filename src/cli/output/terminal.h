// What stands at the other end of our standard streams: a terminal, or a file or pipe.
#pragma once

#include <cstddef>

namespace crannog::cli {

struct Terminal {
  bool in = false;  // stdin, stdout, stderr are terminals
  bool out = false;
  bool err = false;
  bool colour = false;      // stdout may be coloured: a terminal, no NO_COLOR, not TERM=dumb
  bool err_colour = false;  // the same of stderr
  size_t columns = 80;      // of stdout, or of stderr when only that is a terminal

  // Asks the system, and sets the process's character type to UTF-8 so that widths are right.
  static Terminal Detect();
};

}  // namespace crannog::cli
