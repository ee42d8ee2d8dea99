// Manifest lists: the Avro file of a snapshot that names its manifests and sums them up.
//
// Specification: "Manifest Lists".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/avro.h"

namespace crannog::table::iceberg {

enum class ManifestContent : uint8_t { kData, kDeletes };

// The sequence number of a manifest that is not committed yet; WriteManifestList replaces it by
// the snapshot's.
inline constexpr int64_t kUnassignedSequenceNumber = -1;

// Over all entries of a manifest, for one field of its spec.
struct FieldSummary {
  bool contains_null = false;
  std::optional<bool> contains_nan;
  std::optional<std::string> lower_bound;  // Appendix D bytes in the partition field's type
  std::optional<std::string> upper_bound;

  friend bool operator==(const FieldSummary& a, const FieldSummary& b) = default;
};

struct ManifestFile {
  std::string manifest_path;
  int64_t manifest_length = 0;
  int32_t partition_spec_id = 0;
  ManifestContent content = ManifestContent::kData;
  int64_t sequence_number = 0;
  int64_t min_sequence_number = 0;
  int64_t added_snapshot_id = 0;
  // Null only in v1 lists: unknown, to be taken for non-zero.
  std::optional<int32_t> added_files_count;
  std::optional<int32_t> existing_files_count;
  std::optional<int32_t> deleted_files_count;
  std::optional<int64_t> added_rows_count;
  std::optional<int64_t> existing_rows_count;
  std::optional<int64_t> deleted_rows_count;
  std::optional<std::vector<FieldSummary>> partitions;
  std::optional<std::string> key_metadata;
  std::optional<int64_t> first_row_id;  // v3, data manifests

  bool has_added_files() const { return added_files_count.value_or(1) > 0; }
  bool has_existing_files() const { return existing_files_count.value_or(1) > 0; }
  bool has_live_files() const { return has_added_files() || has_existing_files(); }

  friend bool operator==(const ManifestFile& a, const ManifestFile& b) = default;
};

// All manifests of the list, in its order. v1 lists get the defaults of "Reading v1 metadata".
//   kCorrupt  names the file
Result<std::vector<ManifestFile>> ReadManifestList(std::string_view bytes, std::string_view file);

struct ManifestListWriteOptions {
  int format_version = 2;  // 2 or 3
  int64_t snapshot_id = 0;
  std::optional<int64_t> parent_snapshot_id = std::nullopt;
  int64_t sequence_number = 0;
  std::optional<int64_t> first_row_id = std::nullopt;  // v3: the table's next-row-id; required then
  codec::AvroCodec codec = codec::AvroCodec::kDeflate;
};

struct WrittenManifestList {
  std::string bytes;
  // v3: what the table's next-row-id becomes (options.first_row_id + the rows assigned here).
  int64_t next_row_id = 0;
  // As written, with sequence numbers and first row ids assigned.
  std::vector<ManifestFile> manifests;
};

// Assigns the snapshot's sequence number where it is kUnassignedSequenceNumber and, in v3, first
// row ids to data manifests without one (as the specification's simple approach does: by added and
// existing rows).
//   kInvalid  a manifest without counts, or an unassigned one of another snapshot
Result<WrittenManifestList> WriteManifestList(std::vector<ManifestFile> manifests,
                                              const ManifestListWriteOptions& options);

}  // namespace crannog::table::iceberg
