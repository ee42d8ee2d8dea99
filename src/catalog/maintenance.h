// Garbage collection and verification: what they are told and what they found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace crannog::catalog {

struct CollectOptions {
  // Trees that only commits older than this need are dropped: their log, reflog and changes stay,
  // but reading keys at them answers kNotFound from then on. Heads always keep their trees.
  // None: everything that is reachable stays readable.
  std::optional<int64_t> keep_since_us;
  // Movements of references before this are forgotten. None: all are kept.
  std::optional<int64_t> reflog_keep_since_us;
  // Memory for the set of what lives. Too little keeps some garbage, never drops what lives.
  size_t memory_bytes_max = 64 << 20;
  bool dry_run = false;
};

struct CollectResult {
  uint64_t live_commits = 0;
  uint64_t live_nodes = 0;
  uint64_t dropped_commits = 0;
  uint64_t dropped_nodes = 0;
  uint64_t dropped_bytes = 0;
  uint64_t dropped_reflog_entries = 0;
};

struct VerifyOptions {
  size_t problems_max = 1000;
  // Called now and then with the number of commits proved so far. May be empty.
  std::function<void(uint64_t)> progress;
};

// `what` names the thing ("branch main", "commit 1a2b...", "node ..."), `problem` what is wrong.
struct Problem {
  std::string what;
  std::string problem;
};

struct VerifyReport {
  uint64_t references = 0;
  uint64_t commits = 0;
  uint64_t nodes = 0;
  uint64_t keys = 0;  // at the heads
  std::vector<Problem> problems;
  bool ok() const { return problems.empty(); }
};

}  // namespace crannog::catalog
