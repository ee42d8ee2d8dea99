#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/references.h"

namespace crannog::cli {
namespace {

struct TagOptions {
  std::string name;
  std::string at = "main";
  std::string drop;
  std::string format = "table";
};

constexpr catalog::ReferenceKind kTag = catalog::ReferenceKind::kTag;

}  // namespace

void AddTag(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<TagOptions>();
  CLI::App* command = app.add_subcommand("tag", "List, make or drop tags: names that never move");
  command->require_subcommand(0, 1);
  CLI::Option* drop =
      command->add_option("-d,--delete", options->drop, "Drop this tag")->type_name("NAME");
  AddFormatOption(*command, options->format);
  command->footer(Examples({"crannog tag", "crannog tag create v1", "crannog tag create v1 main~1",
                            "crannog tag -d v1"}));
  command->callback([=, &invocation] {
    if (!command->get_subcommands().empty()) return;
    invocation.action = [=, &invocation] {
      return drop->count() > 0 ? DropReference(invocation, kTag, options->drop)
                               : ListReferences(invocation, kTag, options->format);
    };
  });
  CLI::App* create = command->add_subcommand("create", "Name a commit");
  create->add_option("NAME", options->name, "Its name")->required();
  create->add_option("AT", options->at, "The branch, tag or commit it names")
      ->capture_default_str();
  create->callback([options, &invocation] {
    invocation.action = [options, &invocation] {
      return CreateReference(invocation, kTag, options->name, options->at);
    };
  });
}

}  // namespace crannog::cli
