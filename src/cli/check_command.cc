#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_size.h"
#include "catalog/repository.h"
#include "cli/command.h"
#include "cli/output/progress.h"
#include "cli/table_check.h"
#include "object/verify.h"
#include "state/store.h"

namespace crannog::cli {
namespace {

struct CheckOptions {
  bool deep = false;
};

// Collects what the parts find, and prints it as it comes: a check of hours shows its first
// finding in its first minute.
class Findings {
 public:
  explicit Findings(const Terminal& terminal) : progress_(terminal), colour_(terminal.err_colour) {}

  Progress& progress() { return progress_; }
  void Problem(const std::string& text) {
    progress_.Clear();
    fmt::print(stderr, "{}broken{}: {}\n", colour_ ? "\x1b[31m" : "", colour_ ? "\x1b[0m" : "",
               text);
    ++count_;
  }
  void Sound(const std::string& line) {
    progress_.Clear();
    fmt::print("{}\n", line);
  }
  size_t count() const { return count_; }

 private:
  Progress progress_;
  bool colour_;
  size_t count_ = 0;
};

Status CheckState(sql::Database& database, Findings& findings) {
  findings.progress().Step("state: reading every file");
  CRANNOG_ASSIGN(const auto found, database.state().Verify());
  for (const state::VerifyFinding& finding : found) {
    findings.Problem(fmt::format("state file {}: {}", finding.file, finding.problem));
  }
  if (found.empty()) {
    findings.Sound(fmt::format("state    {} on disk, every checksum holds",
                               FormatByteSize(database.state().stats().disk_bytes)));
  }
  return {};
}

Status CheckObjects(sql::Database& database, bool deep, Findings& findings) {
  findings.progress().Step(deep ? "objects: reading every byte" : "objects");
  object::VerifyOptions options;
  options.read_content = deep;
  CRANNOG_ASSIGN(const object::VerifyReport report, object::Verify(database.objects(), options));
  for (const std::string& problem : report.problems) findings.Problem(problem);
  findings.Sound(fmt::format("objects  {} in {} buckets, {}", Grouped(report.object_count),
                             Grouped(report.bucket_count), FormatByteSize(report.size_bytes)));
  return {};
}

Status CheckCatalog(sql::Database& database, Findings& findings) {
  findings.progress().Step("catalog: every commit and tree");
  catalog::VerifyOptions options;
  options.progress = [&](uint64_t commits) { findings.progress().Update(commits, 0); };
  CRANNOG_ASSIGN(const catalog::VerifyReport report, database.repository().Verify(options));
  for (const catalog::Problem& problem : report.problems) {
    findings.Problem(fmt::format("{}: {}", problem.what, problem.problem));
  }
  findings.Sound(fmt::format("catalog  {} references, {} commits, {} keys at the heads",
                             Grouped(report.references), Grouped(report.commits),
                             Grouped(report.keys)));
  return {};
}

Status CheckTables(sql::Database& database, Findings& findings) {
  findings.progress().Step("tables: metadata, manifests and data files");
  TableCheck check(database.repository(), database.files(),
                   [&](uint64_t files) { findings.progress().Update(files, 0); });
  CRANNOG_ASSIGN(const TableCheckReport report, check.Run());
  for (const std::string& problem : report.problems) findings.Problem(problem);
  findings.Sound(fmt::format("tables   {} tables, {} snapshots, {} manifests, {} files, {}",
                             Grouped(report.tables), Grouped(report.snapshots),
                             Grouped(report.manifests), Grouped(report.files),
                             FormatByteSize(report.size_bytes)));
  return {};
}

Status RunCheck(const CheckOptions& options, const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  Findings findings(invocation.terminal);
  // A part that cannot even be checked must not hide what the others would find.
  const auto note = [&](std::string_view part, const Status& status) {
    if (!status) findings.Problem(fmt::format("{}: {}", part, status.error().ToString()));
  };
  note("state", CheckState(*database, findings));
  note("objects", CheckObjects(*database, options.deep, findings));
  note("catalog", CheckCatalog(*database, findings));
  note("tables", CheckTables(*database, findings));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (findings.count() == 0) {
    fmt::print("sound    checked in {}\n", Duration(seconds));
    return {};
  }
  fmt::print(stderr, "crannog: CORRUPT: check lake {}: {} broken, each named above\n",
             invocation.lake, findings.count());
  return Fail(Code::kCorrupt, "");  // said already, and better than by a general hint
}

}  // namespace

void AddCheck(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "Prove every invariant of the lake on disk; name what is broken");
  command->add_flag("--deep", options->deep,
                    "Read every byte of every object and recompute its checksums");
  command->footer(Examples({"crannog check", "crannog --lake /data/lake check --deep"}));
  command->callback([options, &invocation] {
    invocation.action = [options, &invocation] { return RunCheck(*options, invocation); };
  });
}

}  // namespace crannog::cli
