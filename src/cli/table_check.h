// Proves that every table of the lake's heads is whole: metadata, manifests and data files are
// there and agree with each other.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "catalog/repository.h"
#include "object/files.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/manifest/manifest_list.h"

namespace crannog::cli {

struct TableCheckReport {
  uint64_t tables = 0;
  uint64_t snapshots = 0;
  uint64_t manifests = 0;
  uint64_t files = 0;
  uint64_t size_bytes = 0;  // of the files
  // "table bronze.orders on main: data file s3://...: is not there"
  std::vector<std::string> problems;
};

// Not thread-safe. What several branches or snapshots share is looked at once.
class TableCheck {
 public:
  // `progress` is told the number of files looked at.
  TableCheck(const catalog::Repository& repository, object::Files& files,
             std::function<void(uint64_t)> progress)
      : repository_(&repository), files_(&files), progress_(std::move(progress)) {}

  // An Error only when the catalog cannot be read; everything else is a problem in the report.
  Result<TableCheckReport> Run();

 private:
  struct Snapshot {  // what a snapshot's manifests add up to
    int64_t records = 0;
    int64_t data_files = 0;
    bool deletes = false;
  };

  Status CheckReference(const catalog::Reference& reference);
  void CheckEntry(const catalog::Reference& reference, const catalog::Entry& entry);
  void CheckTable(const std::string& location);
  void CheckView(const std::string& location);
  void CheckSnapshot(const table::iceberg::Snapshot& snapshot);
  void CheckManifest(const table::iceberg::ManifestFile& manifest, Snapshot& sums);
  void CheckManifestCounts(const table::iceberg::ManifestFile& manifest, int added, int existing,
                           int deleted);
  void CheckDataFile(std::string_view path, int64_t size_bytes, bool parquet);
  void CheckTotals(const table::iceberg::Snapshot& snapshot, const Snapshot& sums);
  // True the first time a file is named.
  bool First(std::string_view location);
  // The whole file, or nothing and a problem.
  std::optional<std::string> Read(const std::string& what, const std::string& location,
                                  uint64_t size_bytes_max);
  void Report(std::string_view what, std::string_view problem);

  const catalog::Repository* repository_;
  object::Files* files_;
  std::function<void(uint64_t)> progress_;
  TableCheckReport report_;
  std::string owner_;  // "table bronze.orders on main"
  std::unordered_set<uint64_t> seen_;
};

}  // namespace crannog::cli
