#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "catalog/conflict.h"
#include "catalog/repository.h"
#include "cli/command.h"

namespace crannog::cli {
namespace {

struct MergeOptions {
  std::string source;
  std::string into = "main";
  std::string message;
  bool dry_run = false;
};

Status RunMerge(const MergeOptions& options, const Invocation& invocation) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  catalog::Repository& repository = database->repository();
  CRANNOG_ASSIGN(const auto source, repository.Resolve(options.source));
  catalog::MergeRequest request;
  request.branch = options.into;
  request.source = source.commit;
  request.source_name = options.source;
  request.options.dry_run = options.dry_run;
  request.options.meta.message = options.message;
  CRANNOG_ASSIGN(const catalog::MergeOutcome outcome, repository.Merge(request));
  if (!outcome.successful) {
    return Fail(Code::kConflict, fmt::format("merge {} into {}: {}", options.source, options.into,
                                             catalog::DescribeConflicts(outcome.conflicts)));
  }
  size_t changed = 0;
  for (const catalog::KeyMergeDetail& detail : outcome.details) {
    if (!detail.changed) continue;
    ++changed;
    fmt::print("  {}\n", detail.key.ToString());
  }
  if (changed == 0) {
    fmt::print("{} has everything of {} already\n", options.into, options.source);
  } else if (options.dry_run) {
    fmt::print("{} would take {} change{} from {}\n", options.into, changed,
               changed == 1 ? "" : "s", options.source);
  } else {
    fmt::print("{} is at {}: {} change{} from {}\n", options.into, outcome.head.Short(), changed,
               changed == 1 ? "" : "s", options.source);
  }
  return {};
}

}  // namespace

void AddMerge(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* command =
      app.add_subcommand("merge", "Merge a branch into another, all tables at once");
  command->add_option("SOURCE", options->source, "What to merge: a branch, tag or commit")
      ->required();
  command->add_option("INTO", options->into, "The branch that takes it")->capture_default_str();
  command->add_option("-m,--message", options->message, "The commit's message");
  command->add_flag("--dry-run", options->dry_run, "Say what would happen; change nothing");
  command->footer(Examples({"crannog merge dev", "crannog merge dev main --dry-run",
                            "crannog merge dev -m \"January is checked\""}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunMerge(*options, invocation); };
  });
}

}  // namespace crannog::cli
