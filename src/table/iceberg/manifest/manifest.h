// Manifests: Avro files that list data or delete files of one partition spec.
//
// Reading is one pass over borrowed bytes; inheritance of snapshot id, sequence numbers and first
// row id from the manifest list is applied on the way. Specification: "Manifests".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/avro.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/manifest/data_file.h"
#include "table/iceberg/manifest/manifest_list.h"

namespace crannog::table::iceberg {

enum class EntryStatus : uint8_t { kExisting, kAdded, kDeleted };

struct ManifestEntry {
  EntryStatus status = EntryStatus::kAdded;
  std::optional<int64_t> snapshot_id;
  std::optional<int64_t> sequence_number;       // of the data
  std::optional<int64_t> file_sequence_number;  // of the commit that added the file
  DataFile data_file;

  bool is_live() const { return status != EntryStatus::kDeleted; }
};

struct ManifestEntryView {
  EntryStatus status = EntryStatus::kAdded;
  std::optional<int64_t> snapshot_id;
  std::optional<int64_t> sequence_number;
  std::optional<int64_t> file_sequence_number;
  DataFileView data_file;

  bool is_live() const { return status != EntryStatus::kDeleted; }
  ManifestEntry ToOwned() const;
};

// What entries with nulls take over: from the manifest list's line about this manifest.
struct ManifestInheritance {
  std::optional<int64_t> snapshot_id = std::nullopt;
  std::optional<int64_t> sequence_number = std::nullopt;
  std::optional<int64_t> first_row_id = std::nullopt;

  static ManifestInheritance Of(const ManifestFile& file) {
    return {file.added_snapshot_id, file.sequence_number, file.first_row_id};
  }
};

struct ManifestReadOptions {
  bool statistics = true;  // column sizes, counts and bounds; skipped when false
  bool live_only = false;  // leaves entries of status DELETED out
};

// Not thread-safe; several readers may share the bytes.
class ManifestReader {
 public:
  // Reads the header. `bytes` is the whole file and stays alive and unchanged while the reader
  // does. Partitions read by the schema and spec the file itself carries.
  //   kCorrupt  names the file
  static Result<std::unique_ptr<ManifestReader>> Open(std::string_view bytes, std::string_view file,
                                                      const ManifestInheritance& inheritance,
                                                      const ManifestReadOptions& options = {});
  ~ManifestReader();

  int format_version() const;
  ManifestContent content() const;
  // What the file says it was written with.
  const PartitionSpec& spec() const;
  const SchemaPtr& schema() const;
  // The partition struct as the file has it.
  const Type& partition_type() const;

  // The next entry, valid until the next call; null at the end.
  //   kCorrupt  names the file; the reader is then useless
  Result<const ManifestEntryView*> Next();

 private:
  struct Impl;
  explicit ManifestReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Everything at once.
Result<std::vector<ManifestEntry>> ReadManifest(std::string_view bytes, std::string_view file,
                                                const ManifestInheritance& inheritance,
                                                const ManifestReadOptions& options = {});

struct ManifestWriteOptions {
  int format_version = 2;  // 2 or 3
  ManifestContent content = ManifestContent::kData;
  // Not null. Has every source column of the spec: an older schema of the table where the current
  // one has lost them.
  SchemaPtr schema = nullptr;
  PartitionSpecPtr spec;    // not null
  int64_t snapshot_id = 0;  // of the snapshot being made
  codec::AvroCodec codec = codec::AvroCodec::kDeflate;
};

// A manifest being written, in memory. Not thread-safe.
//
// Entries are written as they are given, so for new files leave sequence numbers (and the first
// row id) empty to have them inherited; existing and deleted ones must carry them.
class ManifestWriter {
 public:
  static Result<std::unique_ptr<ManifestWriter>> Make(const ManifestWriteOptions& options);
  ~ManifestWriter();

  // A new file of this snapshot: status ADDED, everything inherited but an explicit data sequence
  // number.
  Status AddNew(const DataFile& file, std::optional<int64_t> data_sequence_number = {});
  // An entry of an older manifest, as read (with what it inherited), as EXISTING ...
  Status AddExisting(const ManifestEntry& entry);
  // ... or as DELETED by this snapshot.
  Status AddDeleted(const ManifestEntry& entry);
  // As it stands.
  //   kInvalid  the partition does not fit the spec, or an EXISTING or DELETED entry lacks its
  //             sequence numbers or snapshot id
  Status Add(const ManifestEntry& entry);

  uint64_t entry_count() const;
  // About what Finish() will return, to roll over to the next manifest.
  uint64_t size_bytes_estimate() const;

  struct Finished {
    std::string bytes;
    // For the manifest list: path is empty, sequence numbers are kUnassigned (see
    // manifest_list.h) where the commit has to say; length, counts and partition summaries are
    // filled.
    ManifestFile file;
  };
  // The writer is done for after this.
  Result<Finished> Finish();

 private:
  struct Impl;
  explicit ManifestWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crannog::table::iceberg
