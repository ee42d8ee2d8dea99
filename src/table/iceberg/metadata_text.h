// Metadata as JSON text, made from what did not change since the last time: the text of a snapshot
// never changes, and a table with many snapshots is mostly that.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "table/iceberg/format/table_metadata.h"

namespace crannog::table::iceberg {

// Thread-safe.
class MetadataText {
 public:
  // The same document as WriteTableMetadata gives.
  Result<std::string> Write(const TableMetadata& table, bool gzip);

 private:
  std::string SnapshotText(const SnapshotPtr& snapshot, int format_version);

  struct Entry {
    SnapshotPtr snapshot;  // keeps the address from being reused
    int format_version;
    std::string text;
  };
  std::mutex mutex_;  // guards what follows
  std::unordered_map<const Snapshot*, Entry> texts_;
  uint64_t bytes_ = 0;
};

}  // namespace crannog::table::iceberg
