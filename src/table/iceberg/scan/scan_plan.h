// Which files a query reads, with the deletes that apply to each. Specification: "Scan Planning".
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/files.h"
#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/scan/expression.h"
#include "table/iceberg/scan/manifest_index.h"
#include "table/iceberg/scan/planning_cache.h"

namespace crannog::table::iceberg {

// One live data file, as its manifest's index has it. A pointer and a number: valid while the plan
// it came from lives.
class PlannedFile {
 public:
  PlannedFile(const ManifestIndex& manifest, uint32_t row) : manifest_(&manifest), row_(row) {}

  std::string path() const { return manifest_->Path(row_); }
  FileFormat format() const { return manifest_->Format(row_); }
  uint64_t record_count() const { return manifest_->RecordCount(row_); }
  uint64_t size_bytes() const { return manifest_->FileSizeBytes(row_); }
  int32_t spec_id() const { return manifest_->spec_id(); }
  // One value for each field of its spec.
  std::vector<Value> partition() const { return manifest_->Partition(row_); }
  int64_t data_sequence_number() const { return manifest_->DataSequenceNumber(row_); }
  int64_t file_sequence_number() const { return manifest_->FileSequenceNumber(row_); }
  std::optional<int64_t> first_row_id() const { return manifest_->FirstRowId(row_); }
  const std::string& manifest_path() const { return manifest_->manifest_path(); }
  const ManifestIndex& manifest() const { return *manifest_; }
  ColumnSummary column(int32_t field_id) const { return manifest_->Column(field_id, row_); }
  std::optional<uint64_t> null_count(int32_t field_id) const {
    return manifest_->NullCount(field_id, row_);
  }

 private:
  const ManifestIndex* manifest_;
  uint32_t row_;
};

// The deletes that apply to one data file. They belong to the plan.
struct FileDeletes {
  const DeleteFile* deletion_vector = nullptr;
  std::vector<const DeleteFile*> position_deletes;  // none beside a deletion vector
  std::vector<const DeleteFile*> equality_deletes;
};

// A data file to read.
struct FileScan {
  PlannedFile file;
  const FileDeletes* deletes = nullptr;  // null: none apply
  bool all_match = false;                // see ScanRequest::decide_all_match
};

struct ScanCounts {
  uint64_t manifests = 0;
  uint64_t manifests_skipped = 0;  // by their partition summaries: never opened
  uint64_t files = 0;
  uint64_t files_skipped = 0;
  uint64_t bytes = 0;
  uint64_t bytes_skipped = 0;
  uint64_t delete_files = 0;
};

struct ScanPlan {
  std::vector<FileScan> files;
  // In skipped manifests files and rows count, bytes do not: manifest lists do not say them.
  ScanCounts counts;
  uint64_t record_count = 0;  // of `files`, before deletes
  // Whether deletes apply to any of the files; false: record_count is exact.
  bool has_deletes = false;
  // What the above points into.
  std::vector<ManifestIndexPtr> manifests;
  std::vector<ManifestIndexPtr> delete_manifests;
  std::deque<FileDeletes> delete_sets;
};

// What to plan. Refers to its parts, which outlive the call.
struct ScanRequest {
  const TableMetadata* table = nullptr;  // not null
  const Snapshot* snapshot = nullptr;    // null: an empty table
  const Predicate* predicate = nullptr;  // null: true
  // The schema that the predicate's field ids and types are of; null: the snapshot's.
  SchemaPtr schema;
  // Sets FileScan::all_match where statistics and partition prove that every row matches: a DELETE
  // drops those files whole and rewrites the others.
  bool decide_all_match = false;
};

// The files of the snapshot that may hold rows that match the predicate.
//   kInvalid             the predicate does not bind
//   kNotFound, kCorrupt  a manifest list or manifest is missing or damaged; names the file
Result<ScanPlan> PlanScan(object::Files& files, PlanningCache& cache, const ScanRequest& request);
// The same in short.
Result<ScanPlan> PlanScan(object::Files& files, PlanningCache& cache, const TableMetadata& table,
                          const Snapshot* snapshot, const Predicate& predicate);

}  // namespace crannog::table::iceberg
