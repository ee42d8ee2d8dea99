// Snapshots, the references to them, and the logs of both. Specification: "Snapshots",
// "Snapshot References"; Appendix C for the JSON.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"

namespace crannog::table::iceberg {

// Values of the summary's "operation".
inline constexpr std::string_view kOperationAppend = "append";
inline constexpr std::string_view kOperationReplace = "replace";
inline constexpr std::string_view kOperationOverwrite = "overwrite";
inline constexpr std::string_view kOperationDelete = "delete";

struct Snapshot {
  int64_t snapshot_id = 0;
  std::optional<int64_t> parent_snapshot_id;
  int64_t sequence_number = 0;  // 0 in v1
  int64_t timestamp_ms = 0;
  std::string manifest_list;                   // "" only in v1 with `manifests`
  std::vector<std::string> manifests;          // v1 only, when there is no manifest list
  std::map<std::string, std::string> summary;  // with "operation", where the file had a summary
  std::optional<int32_t> schema_id;
  std::optional<int64_t> first_row_id;  // v3
  std::optional<int64_t> added_rows;    // v3
  std::optional<std::string> key_id;    // v3

  // "" when the file did not say (v1).
  std::string_view operation() const;

  friend bool operator==(const Snapshot& a, const Snapshot& b) = default;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

inline constexpr std::string_view kMainBranch = "main";

enum class SnapshotRefType : uint8_t { kBranch, kTag };

struct SnapshotRef {
  int64_t snapshot_id = 0;
  SnapshotRefType type = SnapshotRefType::kBranch;
  std::optional<int32_t> min_snapshots_to_keep;  // branches only
  std::optional<int64_t> max_snapshot_age_ms;    // branches only
  std::optional<int64_t> max_ref_age_ms;

  friend bool operator==(const SnapshotRef& a, const SnapshotRef& b) = default;
};

struct SnapshotLogEntry {
  int64_t timestamp_ms = 0;
  int64_t snapshot_id = 0;

  friend bool operator==(const SnapshotLogEntry& a, const SnapshotLogEntry& b) = default;
};

struct MetadataLogEntry {
  int64_t timestamp_ms = 0;
  std::string metadata_file;

  friend bool operator==(const MetadataLogEntry& a, const MetadataLogEntry& b) = default;
};

codec::Json SnapshotToJson(const Snapshot& snapshot, int format_version);
Result<Snapshot> SnapshotFromJson(const codec::JsonAt& at, int format_version);
codec::Json SnapshotRefToJson(const SnapshotRef& ref);
Result<SnapshotRef> SnapshotRefFromJson(const codec::JsonAt& at);

}  // namespace crannog::table::iceberg
