#include "cli/statement/errors.h"

#include <fmt/format.h>

#include <cstdio>

namespace crannog::cli {

std::string_view HintFor(const Error& error) {
  switch (error.code()) {
    case Code::kConflict:
      return "somebody else changed it first: read it again and repeat the statement";
    case Code::kCorrupt:
      return "`crannog check` names everything that is broken in a lake";
    case Code::kExhausted:
      return "free some space or memory and try again; nothing was half done";
    case Code::kUnknown:
      return "it may have happened: look (`crannog log`) before you repeat it";
    case Code::kInternal:
      return "this is a bug in crannog: please report it with the statement";
    default:
      return {};
  }
}

void PrintError(const Error& error, bool colour) {
  fmt::print(stderr, "{}crannog: {}{}\n", colour ? "\x1b[31m" : "", error.ToString(),
             colour ? "\x1b[0m" : "");
  const std::string_view hint = HintFor(error);
  if (!hint.empty()) fmt::print(stderr, "  hint: {}\n", hint);
}

}  // namespace crannog::cli
