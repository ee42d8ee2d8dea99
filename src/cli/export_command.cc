#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "base/byte_size.h"
#include "cli/command.h"
#include "cli/output/progress.h"
#include "object/export.h"

namespace crannog::cli {
namespace {

constexpr size_t kSkippedShown = 20;

Status RunExport(const std::string& directory, const Invocation& invocation) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  Progress progress(invocation.terminal);
  progress.Step(fmt::format("export to {}", directory));
  const auto start = std::chrono::steady_clock::now();
  CRANNOG_ASSIGN(
      const object::ExportReport report,
      object::Export(database->objects(), directory, [&](const object::ExportReport& so_far) {
        progress.Update(so_far.linked_count + so_far.copied_count, 0);
      }));
  progress.Clear();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{}: {} files, {} ({} linked, {} copied) in {}\n", directory,
             Grouped(report.linked_count + report.copied_count), FormatByteSize(report.size_bytes),
             Grouped(report.linked_count), Grouped(report.copied_count), Duration(seconds));
  if (report.skipped.empty()) return {};
  const size_t shown = std::min(report.skipped.size(), kSkippedShown);
  for (size_t i = 0; i < shown; ++i) fmt::print(stderr, "skipped {}\n", report.skipped[i]);
  return Fail(Code::kUnsupported,
              fmt::format("export to {}: {} objects have names that no file can have", directory,
                          report.skipped.size()));
}

}  // namespace

void AddExport(CLI::App& app, Invocation& invocation) {
  auto directory = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "export", "Write every bucket as a tree of plain files that any engine reads");
  command->add_option("DIR", *directory, "A new or empty directory")->required();
  command->footer(Examples({"crannog export /data/warehouse"}));
  command->callback([directory, &invocation] {
    invocation.action = [directory, &invocation] { return RunExport(*directory, invocation); };
  });
}

}  // namespace crannog::cli
