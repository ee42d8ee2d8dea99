#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "catalog/repository.h"
#include "cli/command.h"
#include "cli/listing.h"

namespace crannog::cli {
namespace {

struct ReflogOptions {
  std::string reference = "main";
  size_t count = 20;
  std::string format = "table";
};

std::string ShownCommit(const catalog::CommitId& id) { return id.IsRoot() ? "-" : id.Short(); }

Status RunReflog(const ReflogOptions& options, const Invocation& invocation) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  catalog::ReflogRequest request;
  request.reference = options.reference;
  request.limit = options.count;
  CRANNOG_ASSIGN(const auto entries, database->repository().Reflog(request));
  Listing listing = Listing::Of({"time", "change", "from", "to", "who"});
  for (const catalog::ReflogEntry& entry : entries) {
    listing.rows.push_back({ShownTime(entry.time_us),
                            std::string(catalog::ReferenceChangeName(entry.change)),
                            ShownCommit(entry.from), ShownCommit(entry.to), entry.who});
  }
  return Print(listing, options.format, invocation.terminal);
}

}  // namespace

void AddReflog(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<ReflogOptions>();
  CLI::App* command =
      app.add_subcommand("reflog", "Who moved a branch or tag when, dropped ones too");
  command->add_option("REF", options->reference, "A branch or tag")->capture_default_str();
  command->add_option("-n,--count", options->count, "How many")
      ->check(CLI::Range(size_t{1}, size_t{1000000}))
      ->capture_default_str();
  AddFormatOption(*command, options->format);
  command->footer(Examples({"crannog reflog", "crannog reflog dev -n 100"}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunReflog(*options, invocation); };
  });
}

}  // namespace crannog::cli
