// The live entries of one manifest, decoded once and laid out in columns for pruning.
//
// A file costs about 30 bytes, plus what its path does not share with its neighbours, plus for each
// column with bounds twice the column's width (4, 8 or 16 bytes; of strings and binaries the first
// 16 bytes of each bound are kept). What is equal in all files of the manifest is stored once.
// bytes() says exactly.
//
// Immutable and so thread-safe once built.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/scan/expression.h"
#include "table/iceberg/scan/index_column.h"
#include "table/iceberg/scan/pruning.h"

namespace crannog::table::iceberg {

// One delete file, whole: there are few of them beside data files.
struct DeleteFile {
  DataFile file;  // a deletion vector has content_offset and content_size_in_bytes
  int32_t spec_id = 0;
  int64_t data_sequence_number = 0;
  int64_t file_sequence_number = 0;
  std::string manifest_path;
};

class ManifestIndex {
 public:
  // Takes entries one by one, so that a manifest never stands in memory twice.
  class Builder;

  const std::string& manifest_path() const { return manifest_path_; }
  int32_t spec_id() const { return spec_id_; }
  ManifestContent content() const { return content_; }
  // Live entries: what the rows below number.
  uint32_t file_count() const { return file_count_; }
  uint64_t record_count() const { return record_count_; }
  uint64_t size_bytes() const { return size_bytes_; }
  // Of memory.
  uint64_t bytes() const { return bytes_; }

  // Writes 1 into `selected` (file_count() bytes) for each file that may hold matching rows, 0 for
  // the others, and returns how many may. `partition_predicate` is over partition fields.
  uint32_t Select(const Predicate& partition_predicate, const BoundPredicate& row_predicate,
                  std::span<uint8_t> selected) const;

  // Of one file; row < file_count().
  std::string Path(uint32_t row) const;
  uint64_t RecordCount(uint32_t row) const { return static_cast<uint64_t>(record_counts_[row]); }
  uint64_t FileSizeBytes(uint32_t row) const { return static_cast<uint64_t>(file_sizes_[row]); }
  FileFormat Format(uint32_t row) const;
  std::vector<Value> Partition(uint32_t row) const;
  int64_t DataSequenceNumber(uint32_t row) const { return data_sequences_[row]; }
  int64_t FileSequenceNumber(uint32_t row) const { return file_sequences_[row]; }
  int64_t SnapshotId(uint32_t row) const { return snapshot_ids_[row]; }
  std::optional<int64_t> FirstRowId(uint32_t row) const;
  // Bounds and flags as they are known; string bounds may be shortened (lower ones down, upper ones
  // up; an upper bound that cannot be rounded up is left out).
  ColumnSummary Column(int32_t field_id, uint32_t row) const;
  std::optional<uint64_t> NullCount(int32_t field_id, uint32_t row) const;

  // Over all files of the manifest.
  ColumnSummary Column(int32_t field_id) const;
  std::optional<uint64_t> NullCount(int32_t field_id) const;

  // The row of a live file by its path.
  std::optional<uint32_t> Find(std::string_view path) const;

  // Of a delete manifest: each entry whole, by row. Empty for data manifests.
  const std::vector<DeleteFile>& delete_files() const { return delete_files_; }

 private:
  ManifestIndex() = default;
  const IndexColumn* FindColumn(int32_t field_id) const;
  const PartitionColumn* FindPartition(int32_t field_id) const;
  bool TotalMayMatch(const Predicate& predicate, bool partition) const;
  void Prune(const Predicate& predicate, bool partition, std::span<uint8_t> selected) const;
  void PruneLeaf(const Predicate& leaf, bool partition, std::span<uint8_t> selected) const;
  void BuildPathIndex() const;

  std::string manifest_path_;
  int32_t spec_id_ = 0;
  ManifestContent content_{};
  uint32_t file_count_ = 0;
  uint64_t record_count_ = 0;
  uint64_t size_bytes_ = 0;
  uint64_t bytes_ = 0;
  std::string path_prefix_;          // shared by all files
  std::string path_tails_;           // one after the other
  std::vector<uint32_t> path_ends_;  // into path_tails_
  std::vector<FileFormat> formats_;  // one, or one a file
  PackedIntegers record_counts_;
  PackedIntegers file_sizes_;
  PackedIntegers data_sequences_;
  PackedIntegers file_sequences_;
  PackedIntegers snapshot_ids_;
  PackedIntegers first_row_ids_;            // -1: none
  std::vector<PartitionColumn> partition_;  // in the spec's order, field_id of the partition field
  std::vector<IndexColumn> columns_;        // by field id, ascending
  std::vector<DeleteFile> delete_files_;
  mutable std::once_flag path_index_once_;  // guards path_index_ until it is built
  mutable std::vector<std::pair<uint32_t, uint32_t>> path_index_;  // hash and row, in order
};
using ManifestIndexPtr = std::shared_ptr<const ManifestIndex>;

class ManifestIndex::Builder {
 public:
  // `types` of columns come from all schemas of the table; the newest one wins.
  Builder(const ManifestFile& manifest, const TableMetadata& table);
  ~Builder();
  // Sequence numbers and row ids as inherited; deleted entries are skipped.
  void Add(const ManifestEntryView& entry);
  ManifestIndexPtr Finish() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crannog::table::iceberg
