// Short lists (branches, commits, differences) as tables or data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/output/row_format.h"
#include "cli/output/terminal.h"

namespace CLI {
class App;
}

namespace crannog::cli {

struct Listing {
  std::vector<sql::Column> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;

  // Columns of text, but those whose name is in `numbers`.
  static Listing Of(std::initializer_list<const char*> names,
                    std::initializer_list<const char*> numbers = {});
};

// On stdout. kInvalid for a format there is not.
Status Print(const Listing& listing, const std::string& format, const Terminal& terminal);

// Adds --format to a command that lists.
void AddFormatOption(CLI::App& command, std::string& format);

// "2026-01-14 09:30:00" in UTC.
std::string ShownTime(int64_t time_us);

// The first line of a message.
std::string FirstLine(const std::string& message);

}  // namespace crannog::cli
