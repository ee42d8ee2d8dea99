#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/references.h"

namespace crannog::cli {
namespace {

struct BranchOptions {
  std::string name;
  std::string from = "main";
  std::string to;
  std::string drop;
  std::string format = "table";
};

constexpr catalog::ReferenceKind kBranch = catalog::ReferenceKind::kBranch;

void AddCreate(CLI::App& command, const std::shared_ptr<BranchOptions>& options,
               Invocation& invocation) {
  CLI::App* create = command.add_subcommand("create", "Make a branch");
  create->add_option("NAME", options->name, "Its name")->required();
  create->add_option("FROM", options->from, "Where it starts")->capture_default_str();
  create->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return CreateReference(invocation, kBranch, options->name, options->from);
    };
  });
}

void AddRename(CLI::App& command, const std::shared_ptr<BranchOptions>& options,
               Invocation& invocation) {
  CLI::App* rename = command.add_subcommand("rename", "Give a branch another name");
  rename->add_option("OLD", options->name, "Its name")->required();
  rename->add_option("NEW", options->to, "Its new name")->required();
  rename->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return RenameReference(invocation, kBranch, options->name, options->to);
    };
  });
}

}  // namespace

void AddBranch(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<BranchOptions>();
  CLI::App* command = app.add_subcommand("branch", "List, make, rename or drop branches");
  command->require_subcommand(0, 1);
  CLI::Option* drop =
      command->add_option("-d,--delete", options->drop, "Drop this branch")->type_name("NAME");
  AddFormatOption(*command, options->format);
  command->footer(
      Examples({"crannog branch", "crannog branch create dev", "crannog branch create fix main~3",
                "crannog branch rename fix repair", "crannog branch -d dev"}));
  command->callback([=, &invocation] {
    if (!command->get_subcommands().empty()) return;
    invocation.action = [=, &invocation] {
      return drop->count() > 0 ? DropReference(invocation, kBranch, options->drop)
                               : ListReferences(invocation, kBranch, options->format);
    };
  });
  AddCreate(*command, options, invocation);
  AddRename(*command, options, invocation);
}

}  // namespace crannog::cli
