#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "catalog/repository.h"
#include "cli/command.h"
#include "cli/listing.h"
#include "cli/table_rows.h"

namespace crannog::cli {
namespace {

// Beyond so many changed tables their files are read only when rows are asked for.
constexpr size_t kCheapTables = 100;

struct DiffOptions {
  std::string from;
  std::string to;
  bool rows = false;
  std::string format = "table";
};

using Cell = std::optional<std::string>;

// A table whose files cannot be read still differs: only who asked for rows is told why not.
Result<Cell> RowsCell(object::Files& files, const std::optional<catalog::Content>& content,
                      bool wanted) {
  if (!content) return Cell();
  const auto rows = TableRows(files, *content);
  if (!rows && wanted) return std::unexpected(rows.error());
  return rows && *rows ? Cell(fmt::format("{}", **rows)) : Cell();
}

// "+10", "-3", "0"; nothing when a side is not known.
Cell Difference(const catalog::DiffEntry& entry, const Cell& before, const Cell& after) {
  if ((entry.from && !before) || (entry.to && !after)) return std::nullopt;
  const int64_t change = std::stoll(after.value_or("0")) - std::stoll(before.value_or("0"));
  return change > 0 ? fmt::format("+{}", change) : fmt::format("{}", change);
}

std::string_view ChangeWord(const catalog::DiffEntry& entry) {
  if (!entry.from) return "added";
  return entry.to ? "changed" : "removed";
}

Result<std::vector<catalog::DiffEntry>> AllDifferences(const catalog::Repository& repository,
                                                       const DiffOptions& options) {
  CRANNOG_ASSIGN(const auto from, repository.Resolve(options.from));
  CRANNOG_ASSIGN(const auto to, repository.Resolve(options.to));
  std::vector<catalog::DiffEntry> entries;
  catalog::DiffRequest request;
  while (true) {
    CRANNOG_ASSIGN(catalog::DiffPage page, repository.Diff(from.commit, to.commit, request));
    for (catalog::DiffEntry& entry : page.entries) entries.push_back(std::move(entry));
    if (!page.next) return entries;
    request.after = page.next;
  }
}

Status RunDiff(const DiffOptions& options, const Invocation& invocation) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  CRANNOG_ASSIGN(const auto entries, AllDifferences(database->repository(), options));
  const bool read = options.rows || entries.size() <= kCheapTables;
  Listing listing = options.rows
                        ? Listing::Of({"change", "kind", "name", "rows", "rows_from", "rows_to"},
                                      {"rows", "rows_from", "rows_to"})
                        : Listing::Of({"change", "kind", "name", "rows"}, {"rows"});
  for (const catalog::DiffEntry& entry : entries) {
    const catalog::Content& content = entry.to ? *entry.to : *entry.from;
    Cell before;
    Cell after;
    Cell difference;
    if (read && content.kind() == catalog::ContentKind::kIcebergTable) {
      CRANNOG_ASSIGN(before, RowsCell(database->files(), entry.from, options.rows));
      CRANNOG_ASSIGN(after, RowsCell(database->files(), entry.to, options.rows));
      difference = Difference(entry, before, after);
    }
    std::vector<Cell> row = {std::string(ChangeWord(entry)),
                             std::string(catalog::ContentKindName(content.kind())),
                             entry.key.ToString(), difference};
    if (options.rows) row.insert(row.end(), {before, after});
    listing.rows.push_back(std::move(row));
  }
  return Print(listing, options.format, invocation.terminal);
}

}  // namespace

void AddDiff(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command =
      app.add_subcommand("diff", "What differs between two branches, tags or commits");
  command->add_option("FROM", options->from, "A branch, tag or commit")->required();
  command->add_option("TO", options->to, "Another one")->required();
  command->add_flag("--rows", options->rows, "Rows of each table on both sides");
  AddFormatOption(*command, options->format);
  command->footer(Examples({"crannog diff main dev", "crannog diff main~1 main --rows",
                            "crannog diff v1 main --format json"}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunDiff(*options, invocation); };
  });
}

}  // namespace crannog::cli
