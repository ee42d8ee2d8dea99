#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/repository.h"
#include "cli/command.h"
#include "cli/listing.h"

namespace crannog::cli {
namespace {

struct LogOptions {
  std::string reference = "main";
  size_t count = 20;
  std::string table;
  bool full = false;
  std::string format = "table";
};

using Labels = std::unordered_map<std::string, std::string>;

// "main, v1" for the commits that references stand at.
Result<Labels> ReferenceLabels(const catalog::Repository& repository) {
  Labels labels;
  catalog::ListReferencesRequest request;
  CRANNOG_ASSIGN(const catalog::ReferencesPage page, repository.ListReferences(request));
  for (const catalog::Reference& reference : page.references) {
    std::string& label = labels[reference.head.ToHex()];
    label += (label.empty() ? "" : ", ") + reference.name;
  }
  return labels;
}

std::string AuthorOf(const catalog::CommitRecord& commit) {
  return commit.meta.authors.empty() ? commit.meta.committer : commit.meta.authors.front();
}

void PrintFull(const catalog::CommitRecord& commit, const std::string& label, bool colour) {
  const char* mark = commit.parents.size() > 1 ? "M" : "*";
  fmt::print("{} {}{}{}", mark, colour ? "\x1b[33m" : "", commit.id.ToHex(),
             colour ? "\x1b[0m" : "");
  if (!label.empty()) fmt::print(" ({})", label);
  fmt::print("\n");
  if (commit.parents.size() > 1) {
    fmt::print("| merged {} into {}\n", commit.parents[1].Short(), commit.parents[0].Short());
  }
  fmt::print("| {}  {}\n|\n", ShownTime(commit.commit_time_us), AuthorOf(commit));
  std::string_view message = commit.meta.message;
  while (!message.empty()) {
    const size_t end = std::min(message.find('\n'), message.size());
    fmt::print("{}{}\n", end == 0 ? "|" : "|     ", message.substr(0, end));
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  for (const catalog::KeyChange& change : commit.changes) {
    fmt::print("|   {} {}\n", change.content ? "~" : "-", change.key.ToString());
  }
  fmt::print("|\n");
}

// Every commit of the answer, a page at a time.
template <typename Each>
Status ForEachCommit(const catalog::Repository& repository, const LogOptions& options,
                     const Each& each) {
  CRANNOG_ASSIGN(const auto resolved, repository.Resolve(options.reference));
  catalog::LogRequest request;
  request.from = resolved.commit;
  if (!options.table.empty()) {
    CRANNOG_ASSIGN(request.key, catalog::ContentKey::Parse(options.table));
  }
  size_t left = options.count;
  while (options.count == 0 || left > 0) {
    constexpr size_t kPage = 1000;
    request.limit = options.count == 0 ? kPage : std::min(left, kPage);
    CRANNOG_ASSIGN(const catalog::LogPage page, repository.Log(request));
    for (const auto& commit : page.commits) each(commit);
    left -= std::min(left, page.commits.size());
    if (!page.next) break;
    request.from = *page.next;
  }
  return {};
}

Status RunLog(const LogOptions& options, const Invocation& invocation) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  const catalog::Repository& repository = database->repository();
  CRANNOG_ASSIGN(const Labels labels, ReferenceLabels(repository));
  const auto label = [&](const catalog::CommitRecord& commit) {
    const auto found = labels.find(commit.id.ToHex());
    return found == labels.end() ? std::string() : found->second;
  };
  if (options.full) {
    return ForEachCommit(repository, options, [&](const catalog::CommitRecord& commit) {
      PrintFull(commit, label(commit), invocation.terminal.colour);
    });
  }
  Listing listing =
      Listing::Of({"commit", "time", "author", "message", "changes", "refs"}, {"changes"});
  CRANNOG_RETURN_IF_ERROR(
      ForEachCommit(repository, options, [&](const catalog::CommitRecord& commit) {
        const std::string at = label(commit);
        listing.rows.push_back({commit.id.Short(), ShownTime(commit.commit_time_us),
                                AuthorOf(commit), FirstLine(commit.meta.message),
                                fmt::format("{}", commit.changes.size()), at});
      }));
  return Print(listing, options.format, invocation.terminal);
}

}  // namespace

void AddLog(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<LogOptions>();
  CLI::App* command = app.add_subcommand("log", "Commits of a branch, the newest first");
  command->add_option("REF", options->reference, "A branch, tag or commit")->capture_default_str();
  command->add_option("-n,--count", options->count, "How many; 0 is all")->capture_default_str();
  command->add_option("--table", options->table, "Only commits that changed this table")
      ->type_name("TABLE");
  command->add_flag("--full", options->full, "Whole messages, parents and changed tables");
  AddFormatOption(*command, options->format);
  command->footer(
      Examples({"crannog log", "crannog log dev -n 5 --full", "crannog log --table bronze.orders",
                "crannog log main~10 --format json"}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunLog(*options, invocation); };
  });
}

}  // namespace crannog::cli
