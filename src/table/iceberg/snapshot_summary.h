// The summary of a snapshot: what it added and removed, and the totals after it. Specification:
// Appendix F, "Optional Snapshot Summary Fields".
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/manifest/data_file.h"

namespace crannog::table::iceberg {

struct SnapshotTotals {
  int64_t data_files = 0;
  int64_t records = 0;
  int64_t size_bytes = 0;
  int64_t delete_files = 0;
  int64_t position_delete_files = 0;
  int64_t equality_delete_files = 0;
  int64_t deletion_vectors = 0;
  int64_t position_deletes = 0;
  int64_t equality_deletes = 0;

  void Count(const DataFile& file);
};

struct SnapshotFacts {
  SnapshotTotals added;
  SnapshotTotals removed;
  bool rewrite = false;
  int64_t changed_partitions = 0;
  int64_t manifests_created = 0;
  int64_t manifests_kept = 0;
  int64_t manifests_replaced = 0;
  int64_t entries_processed = 0;
  std::string engine_name;
  std::string engine_version;
};

// Totals continue the parent's; where it has none they are left out. `extra` wins over what is
// computed, but for "operation".
std::map<std::string, std::string> MakeSummary(const SnapshotFacts& facts, const Snapshot* parent,
                                               const std::map<std::string, std::string>& extra);

}  // namespace crannog::table::iceberg
