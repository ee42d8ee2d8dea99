#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "catalog/conflict.h"
#include "catalog/repository.h"
#include "cli/command.h"

namespace crannog::cli {
namespace {

struct RevertOptions {
  std::vector<std::string> commits;
  std::string branch = "main";
  std::string message;
  bool dry_run = false;
};

Status RunRevert(const RevertOptions& options, const Invocation& invocation) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  catalog::Repository& repository = database->repository();
  catalog::RevertRequest request;
  request.branch = options.branch;
  request.options.dry_run = options.dry_run;
  request.options.meta.message = options.message;
  for (const std::string& text : options.commits) {
    CRANNOG_ASSIGN(const auto resolved, repository.Resolve(text));
    request.commits.push_back(resolved.commit);
  }
  CRANNOG_ASSIGN(const catalog::MergeOutcome outcome, repository.Revert(request));
  if (!outcome.successful) {
    return Fail(Code::kConflict, fmt::format("revert on {}: {}", options.branch,
                                             catalog::DescribeConflicts(outcome.conflicts)));
  }
  for (const catalog::KeyMergeDetail& detail : outcome.details) {
    if (detail.changed) fmt::print("  {}\n", detail.key.ToString());
  }
  fmt::print("{} {} at {}\n", options.branch, options.dry_run ? "would go back from" : "is",
             outcome.head.Short());
  return {};
}

}  // namespace

void AddRevert(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<RevertOptions>();
  CLI::App* command =
      app.add_subcommand("revert", "Undo commits by a new commit; history keeps both");
  command->add_option("COMMIT", options->commits, "What to undo, the newest first")->required();
  command->add_option("--on", options->branch, "The branch that takes the new commit")
      ->capture_default_str();
  command->add_option("-m,--message", options->message, "The commit's message");
  command->add_flag("--dry-run", options->dry_run, "Say what would happen; change nothing");
  command->footer(Examples({"crannog revert main", "crannog revert 1a2b3c4d5e6f --on dev",
                            "crannog revert main main~1 --dry-run"}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunRevert(*options, invocation); };
  });
}

}  // namespace crannog::cli
