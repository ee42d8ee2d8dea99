// The fields of manifest entries and data files: ids, names and forms, as the specification lists
// them ("Manifest Entry Fields", "Data File Fields"). For this folder only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace crannog::table::iceberg {

enum class ManifestField : uint8_t {
  kNone,
  kStatus,
  kSnapshotId,
  kSequenceNumber,
  kFileSequenceNumber,
  kDataFile,
  kContent,
  kFilePath,
  kFileFormat,
  kPartition,
  kRecordCount,
  kFileSize,
  kColumnSizes,
  kValueCounts,
  kNullValueCounts,
  kNanValueCounts,
  kLowerBounds,
  kUpperBounds,
  kKeyMetadata,
  kSplitOffsets,
  kEqualityIds,
  kSortOrderId,
  kFirstRowId,
  kReferencedDataFile,
  kContentOffset,
  kContentSize,
};

enum class FieldShape : uint8_t { kWhole, kBytes, kRecord, kWholeList, kCountMap, kBoundMap };

struct FieldRule {
  ManifestField field;
  int32_t id;
  std::string_view name;
  FieldShape shape;
  bool required = false;      // in every version
  bool is_statistic = false;  // left out when the reader does not want statistics
};

inline constexpr FieldRule kEntryRules[] = {
    {ManifestField::kStatus, 0, "status", FieldShape::kWhole, true},
    {ManifestField::kSnapshotId, 1, "snapshot_id", FieldShape::kWhole},
    {ManifestField::kSequenceNumber, 3, "sequence_number", FieldShape::kWhole},
    {ManifestField::kFileSequenceNumber, 4, "file_sequence_number", FieldShape::kWhole},
    {ManifestField::kDataFile, 2, "data_file", FieldShape::kRecord, true},
};

inline constexpr FieldRule kDataFileRules[] = {
    {ManifestField::kContent, 134, "content", FieldShape::kWhole},
    {ManifestField::kFilePath, 100, "file_path", FieldShape::kBytes, true},
    {ManifestField::kFileFormat, 101, "file_format", FieldShape::kBytes, true},
    {ManifestField::kPartition, 102, "partition", FieldShape::kRecord, true},
    {ManifestField::kRecordCount, 103, "record_count", FieldShape::kWhole, true},
    {ManifestField::kFileSize, 104, "file_size_in_bytes", FieldShape::kWhole, true},
    {ManifestField::kColumnSizes, 108, "column_sizes", FieldShape::kCountMap, false, true},
    {ManifestField::kValueCounts, 109, "value_counts", FieldShape::kCountMap, false, true},
    {ManifestField::kNullValueCounts, 110, "null_value_counts", FieldShape::kCountMap, false, true},
    {ManifestField::kNanValueCounts, 137, "nan_value_counts", FieldShape::kCountMap, false, true},
    {ManifestField::kLowerBounds, 125, "lower_bounds", FieldShape::kBoundMap, false, true},
    {ManifestField::kUpperBounds, 128, "upper_bounds", FieldShape::kBoundMap, false, true},
    {ManifestField::kKeyMetadata, 131, "key_metadata", FieldShape::kBytes},
    {ManifestField::kSplitOffsets, 132, "split_offsets", FieldShape::kWholeList},
    {ManifestField::kEqualityIds, 135, "equality_ids", FieldShape::kWholeList},
    {ManifestField::kSortOrderId, 140, "sort_order_id", FieldShape::kWhole},
    {ManifestField::kFirstRowId, 142, "first_row_id", FieldShape::kWhole},
    {ManifestField::kReferencedDataFile, 143, "referenced_data_file", FieldShape::kBytes},
    {ManifestField::kContentOffset, 144, "content_offset", FieldShape::kWhole},
    {ManifestField::kContentSize, 145, "content_size_in_bytes", FieldShape::kWhole},
};

// By field id; by name only in files without ids.
inline const FieldRule* FindRule(std::span<const FieldRule> rules, std::optional<int32_t> id,
                                 std::string_view name) {
  for (const FieldRule& rule : rules) {
    if (id ? rule.id == *id : rule.name == name) return &rule;
  }
  return nullptr;
}

}  // namespace crannog::table::iceberg
