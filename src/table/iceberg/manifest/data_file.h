// Data files, delete files and deletion vectors as manifests list them: owned (DataFile) and as a
// view into a decoded block (DataFileView). Specification: "Data File Fields".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {

enum class FileContent : uint8_t { kData, kPositionDeletes, kEqualityDeletes };
enum class FileFormat : uint8_t { kAvro, kOrc, kParquet, kPuffin, kOther };

// "parquet"; kOther is "".
std::string_view FileFormatName(FileFormat format);

// One entry of column_sizes, value_counts and the like.
struct FieldCount {
  int32_t field_id = 0;
  int64_t count = 0;

  friend bool operator==(const FieldCount& a, const FieldCount& b) = default;
};

// One entry of lower_bounds and upper_bounds: Appendix D bytes, see DecodeBinary.
struct FieldBound {
  int32_t field_id = 0;
  std::string value;

  friend bool operator==(const FieldBound& a, const FieldBound& b) = default;
};

struct FieldBoundView {
  int32_t field_id = 0;
  std::string_view value;
};

// The maps are ordered by field id and empty when null.
struct DataFile {
  FileContent content = FileContent::kData;
  std::string file_path;
  FileFormat file_format = FileFormat::kParquet;
  std::vector<Value> partition;  // one a field of the manifest's spec
  int64_t record_count = 0;
  int64_t file_size_in_bytes = 0;
  std::vector<FieldCount> column_sizes;
  std::vector<FieldCount> value_counts;
  std::vector<FieldCount> null_value_counts;
  std::vector<FieldCount> nan_value_counts;
  std::vector<FieldBound> lower_bounds;
  std::vector<FieldBound> upper_bounds;
  std::string key_metadata;  // "" is null
  std::vector<int64_t> split_offsets;
  std::vector<int32_t> equality_ids;
  std::optional<int32_t> sort_order_id;
  std::optional<int64_t> first_row_id;              // v3
  std::optional<std::string> referenced_data_file;  // v2, v3
  std::optional<int64_t> content_offset;            // v3
  std::optional<int64_t> content_size_in_bytes;     // v3

  bool is_deletion_vector() const {
    return content == FileContent::kPositionDeletes && file_format == FileFormat::kPuffin;
  }

  friend bool operator==(const DataFile& a, const DataFile& b) = default;
};

// The same without owning: strings point into the manifest's decoded block and lists into the
// reader's buffers, both valid until the reader moves on.
struct DataFileView {
  FileContent content = FileContent::kData;
  FileFormat file_format = FileFormat::kParquet;
  std::string_view file_path;
  std::span<const Value> partition;
  int64_t record_count = 0;
  int64_t file_size_in_bytes = 0;
  std::span<const FieldCount> column_sizes;
  std::span<const FieldCount> value_counts;
  std::span<const FieldCount> null_value_counts;
  std::span<const FieldCount> nan_value_counts;
  std::span<const FieldBoundView> lower_bounds;
  std::span<const FieldBoundView> upper_bounds;
  std::string_view key_metadata;
  std::span<const int64_t> split_offsets;
  std::span<const int32_t> equality_ids;
  std::optional<int32_t> sort_order_id;
  std::optional<int64_t> first_row_id;
  std::optional<std::string_view> referenced_data_file;
  std::optional<int64_t> content_offset;
  std::optional<int64_t> content_size_in_bytes;

  DataFile ToOwned() const;
};

// Binary search in one of the ordered maps; null when the field is not there.
const FieldCount* FindCount(std::span<const FieldCount> counts, int32_t field_id);
const FieldBound* FindBound(std::span<const FieldBound> bounds, int32_t field_id);
const FieldBoundView* FindBound(std::span<const FieldBoundView> bounds, int32_t field_id);

}  // namespace crannog::table::iceberg
