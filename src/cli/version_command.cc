#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/version.h"

namespace crannog::cli {

void AddVersion(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->footer(Examples({"crannog version"}));
  command->callback([&invocation] {
    invocation.action = []() -> Status {
      fmt::print("crannog {}\n", kVersion);
      return {};
    };
  });
}

}  // namespace crannog::cli
