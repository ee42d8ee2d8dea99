// Finds the deletes of a data file among all delete files of a snapshot. Specification: "Scan
// Planning", scope rules.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/scan/manifest_index.h"
#include "table/iceberg/scan/scan_plan.h"

namespace crannog::table::iceberg {

// What a delete file may apply to, of a data file.
struct DeleteTarget {
  std::string_view path;
  int32_t spec_id = 0;
  std::span<const Value> partition;
  int64_t data_sequence_number = 0;
  // What is known about a column of the file; empty: nothing.
  std::function<ColumnSummary(int32_t field_id)> column;
};

// Points into the manifests it was made of. Thread-safe once made.
class DeleteIndex {
 public:
  DeleteIndex(const TableMetadata& table, const Schema& schema);
  void Add(const ManifestIndex& manifest);
  void Add(const DeleteFile& file);
  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }

  // Fills `deletes` and returns whether there are any.
  bool Find(const DeleteTarget& target, FileDeletes& deletes) const;

 private:
  using Files = std::vector<const DeleteFile*>;
  void AddPositions(const DeleteFile& file);
  bool MayShareRows(const DeleteFile& deletes, const DeleteTarget& target) const;
  void TakeEqualities(const Files& files, const DeleteTarget& target, FileDeletes& deletes) const;

  const TableMetadata* table_;
  const Schema* schema_;
  size_t count_ = 0;
  std::unordered_map<std::string, Files> by_path_;  // vectors, and positions of one data file
  std::unordered_map<std::string, Files> positions_by_partition_;
  std::unordered_map<std::string, Files> equalities_by_partition_;
  Files global_equalities_;
};

// A spec id and partition values as bytes: equal ones give equal text (NaN equals NaN).
std::string PartitionKey(int32_t spec_id, std::span<const Value> partition);

}  // namespace crannog::table::iceberg
