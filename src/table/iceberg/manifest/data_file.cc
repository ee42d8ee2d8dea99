#include "table/iceberg/manifest/data_file.h"

#include <algorithm>

namespace crannog::table::iceberg {
namespace {

template <typename Item>
const Item* FindItem(std::span<const Item> items, int32_t field_id) {
  const auto found = std::ranges::lower_bound(items, field_id, {}, &Item::field_id);
  return found == items.end() || found->field_id != field_id ? nullptr : &*found;
}

template <typename T>
std::vector<T> Owned(std::span<const T> items) {
  return std::vector<T>(items.begin(), items.end());
}

std::vector<FieldBound> OwnedBounds(std::span<const FieldBoundView> bounds) {
  std::vector<FieldBound> owned;
  owned.reserve(bounds.size());
  for (const FieldBoundView& bound : bounds) {
    owned.push_back({bound.field_id, std::string(bound.value)});
  }
  return owned;
}

}  // namespace

std::string_view FileFormatName(FileFormat format) {
  switch (format) {
    case FileFormat::kAvro:
      return "avro";
    case FileFormat::kOrc:
      return "orc";
    case FileFormat::kParquet:
      return "parquet";
    case FileFormat::kPuffin:
      return "puffin";
    case FileFormat::kOther:
      return "";
  }
  return "";
}

DataFile DataFileView::ToOwned() const {
  DataFile file;
  file.content = content;
  file.file_path = file_path;
  file.file_format = file_format;
  file.partition = Owned(partition);
  file.record_count = record_count;
  file.file_size_in_bytes = file_size_in_bytes;
  file.column_sizes = Owned(column_sizes);
  file.value_counts = Owned(value_counts);
  file.null_value_counts = Owned(null_value_counts);
  file.nan_value_counts = Owned(nan_value_counts);
  file.lower_bounds = OwnedBounds(lower_bounds);
  file.upper_bounds = OwnedBounds(upper_bounds);
  file.key_metadata = key_metadata;
  file.split_offsets = Owned(split_offsets);
  file.equality_ids = Owned(equality_ids);
  file.sort_order_id = sort_order_id;
  file.first_row_id = first_row_id;
  if (referenced_data_file) file.referenced_data_file = std::string(*referenced_data_file);
  file.content_offset = content_offset;
  file.content_size_in_bytes = content_size_in_bytes;
  return file;
}

const FieldCount* FindCount(std::span<const FieldCount> counts, int32_t field_id) {
  return FindItem(counts, field_id);
}

const FieldBound* FindBound(std::span<const FieldBound> bounds, int32_t field_id) {
  return FindItem(bounds, field_id);
}

const FieldBoundView* FindBound(std::span<const FieldBoundView> bounds, int32_t field_id) {
  return FindItem(bounds, field_id);
}

}  // namespace crannog::table::iceberg
