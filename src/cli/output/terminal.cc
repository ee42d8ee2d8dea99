#include "cli/output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace crannog::cli {
namespace {

size_t ColumnsOf(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool ColourWanted() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace

Terminal Terminal::Detect() {
  // A bare "C" locale would make every non-ASCII character zero columns wide.
  if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) std::setlocale(LC_CTYPE, "");
  Terminal terminal;
  terminal.in = ::isatty(STDIN_FILENO) == 1;
  terminal.out = ::isatty(STDOUT_FILENO) == 1;
  terminal.err = ::isatty(STDERR_FILENO) == 1;
  const bool colour = ColourWanted();
  terminal.colour = terminal.out && colour;
  terminal.err_colour = terminal.err && colour;
  terminal.columns = ColumnsOf(terminal.out ? STDOUT_FILENO : STDERR_FILENO);
  return terminal;
}

}  // namespace crannog::cli
