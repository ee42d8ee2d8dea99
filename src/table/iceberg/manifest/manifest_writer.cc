// Writing manifests: entries to Avro, counts and partition summaries for the manifest list.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "table/iceberg/format/schema_json.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/manifest/manifest_avro_schema.h"
#include "table/iceberg/manifest/partition_avro.h"

namespace crannog::table::iceberg {
namespace {

using codec::AvroEncoder;

template <typename T>
void WriteOptional(const std::optional<T>& value, AvroEncoder& to) {
  to.WriteLong(value ? 1 : 0);
  if (value) to.WriteLong(*value);
}

void WriteOptionalBytes(std::string_view bytes, bool present, AvroEncoder& to) {
  to.WriteLong(present ? 1 : 0);
  if (present) to.WriteBytes(bytes);
}

void WriteItem(const FieldCount& item, AvroEncoder& to) {
  to.WriteInt(item.field_id);
  to.WriteLong(item.count);
}

void WriteItem(const FieldBound& item, AvroEncoder& to) {
  to.WriteInt(item.field_id);
  to.WriteBytes(item.value);
}

void WriteItem(int64_t item, AvroEncoder& to) { to.WriteLong(item); }

// A list that is null when it is empty.
template <typename Item>
void WriteOptionalList(const std::vector<Item>& items, AvroEncoder& to) {
  to.WriteLong(items.empty() ? 0 : 1);
  if (items.empty()) return;
  to.WriteLong(static_cast<int64_t>(items.size()));
  for (const Item& item : items) WriteItem(item, to);
  to.WriteLong(0);
}

// What the manifest list will say about one partition field.
class Summary {
 public:
  void Add(const Value& value) {
    if (value.is_null()) {
      summary_.contains_null = true;
    } else if (value.is_nan()) {
      summary_.contains_nan = true;
    } else {
      if (low_.is_null() || Compare(value, low_) < 0) low_ = value;
      if (high_.is_null() || Compare(value, high_) > 0) high_ = value;
    }
  }
  FieldSummary Finish() const {
    FieldSummary summary = summary_;
    if (!summary.contains_nan) summary.contains_nan = false;
    if (!low_.is_null()) {
      summary.lower_bound = EncodeBinary(low_);
      summary.upper_bound = EncodeBinary(high_);
    }
    return summary;
  }

 private:
  FieldSummary summary_;
  Value low_;
  Value high_;
};

std::vector<std::pair<std::string, std::string>> HeaderOf(const ManifestWriteOptions& options) {
  return {
      {"schema", codec::WriteJson(SchemaToJson(*options.schema))},
      {"schema-id", std::to_string(options.schema->schema_id())},
      {"partition-spec", codec::WriteJson(PartitionFieldsToJson(*options.spec))},
      {"partition-spec-id", std::to_string(options.spec->spec_id)},
      {"format-version", std::to_string(options.format_version)},
      {"content", options.content == ManifestContent::kData ? "data" : "deletes"},
  };
}

}  // namespace

struct ManifestWriter::Impl {
  explicit Impl(const ManifestWriteOptions& write_options, const Type& type)
      : options(write_options),
        partition_type(type),
        summaries(type.fields().size()),
        partition(type.fields().size()),
        avro(ManifestAvroSchema(type, write_options.format_version), HeaderOf(write_options),
             write_options.codec) {}

  Status TakePartition(const DataFile& data_file);
  void WriteDataFile(const DataFile& data_file);
  void Count(const ManifestEntry& entry);

  ManifestWriteOptions options;
  Type partition_type;
  std::vector<Summary> summaries;
  std::vector<Value> partition;
  codec::AvroFileWriter avro;
  ManifestFile file;
  uint64_t entry_count = 0;
  std::optional<int64_t> min_sequence_number;
};

ManifestWriter::ManifestWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ManifestWriter::~ManifestWriter() = default;

Result<std::unique_ptr<ManifestWriter>> ManifestWriter::Make(const ManifestWriteOptions& options) {
  CRANNOG_CHECK(options.schema != nullptr && options.spec != nullptr);
  if (options.format_version < 2 || options.format_version > 3) {
    return Fail(Code::kUnsupported,
                fmt::format("write a manifest of format version {}", options.format_version));
  }
  const Type partition = PartitionType(*options.spec, *options.schema);
  for (const NestedField& field : partition.fields()) {
    if (field.type.is_nested()) {
      return Fail(Code::kInvalid,
                  fmt::format("partition field \"{}\" is not primitive", field.name));
    }
  }
  auto impl = std::make_unique<Impl>(options, partition);
  impl->file.partition_spec_id = options.spec->spec_id;
  impl->file.content = options.content;
  impl->file.sequence_number = kUnassignedSequenceNumber;
  impl->file.added_snapshot_id = options.snapshot_id;
  impl->file.added_files_count = 0;
  impl->file.existing_files_count = 0;
  impl->file.deleted_files_count = 0;
  impl->file.added_rows_count = 0;
  impl->file.existing_rows_count = 0;
  impl->file.deleted_rows_count = 0;
  return std::unique_ptr<ManifestWriter>(new ManifestWriter(std::move(impl)));
}

// Values of earlier types of a column (int, now long) are taken over into the present one.
Status ManifestWriter::Impl::TakePartition(const DataFile& data_file) {
  const auto& fields = partition_type.fields();
  if (data_file.partition.size() != fields.size()) {
    return Fail(Code::kInvalid,
                fmt::format("file {} has {} partition values, its spec {} fields",
                            data_file.file_path, data_file.partition.size(), fields.size()));
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    auto value = data_file.partition[i].To(fields[i].type);
    if (!value) {
      return std::unexpected(std::move(value).error().Within(
          fmt::format("partition field \"{}\" of {}", fields[i].name, data_file.file_path)));
    }
    partition[i] = std::move(*value);
  }
  return {};
}

void ManifestWriter::Impl::WriteDataFile(const DataFile& data_file) {
  AvroEncoder to = avro.encoder();
  to.WriteInt(static_cast<int32_t>(data_file.content));
  to.WriteBytes(data_file.file_path);
  std::string format(FileFormatName(data_file.file_format));
  // The reference writes the names in capitals and reads either.
  for (char& c : format) c = static_cast<char>(c - 'a' + 'A');
  to.WriteBytes(format);
  for (const Value& value : partition) {
    to.WriteLong(value.is_null() ? 0 : 1);
    if (!value.is_null()) EncodeAvroValue(value, to);
  }
  to.WriteLong(data_file.record_count);
  to.WriteLong(data_file.file_size_in_bytes);
  WriteOptionalList(data_file.column_sizes, to);
  WriteOptionalList(data_file.value_counts, to);
  WriteOptionalList(data_file.null_value_counts, to);
  WriteOptionalList(data_file.nan_value_counts, to);
  WriteOptionalList(data_file.lower_bounds, to);
  WriteOptionalList(data_file.upper_bounds, to);
  WriteOptionalBytes(data_file.key_metadata, !data_file.key_metadata.empty(), to);
  WriteOptionalList(data_file.split_offsets, to);
  WriteOptionalList(data_file.equality_ids, to);
  WriteOptional(data_file.sort_order_id, to);
  if (options.format_version >= 3) WriteOptional(data_file.first_row_id, to);
  WriteOptionalBytes(data_file.referenced_data_file.value_or(""),
                     data_file.referenced_data_file.has_value(), to);
  if (options.format_version >= 3) {
    WriteOptional(data_file.content_offset, to);
    WriteOptional(data_file.content_size_in_bytes, to);
  }
}

void ManifestWriter::Impl::Count(const ManifestEntry& entry) {
  const int64_t rows = entry.data_file.record_count;
  switch (entry.status) {
    case EntryStatus::kAdded:
      file.added_files_count = *file.added_files_count + 1;
      file.added_rows_count = *file.added_rows_count + rows;
      break;
    case EntryStatus::kExisting:
      file.existing_files_count = *file.existing_files_count + 1;
      file.existing_rows_count = *file.existing_rows_count + rows;
      break;
    case EntryStatus::kDeleted:
      file.deleted_files_count = *file.deleted_files_count + 1;
      file.deleted_rows_count = *file.deleted_rows_count + rows;
      break;
  }
  if (entry.is_live() && entry.sequence_number) {
    min_sequence_number = std::min(min_sequence_number.value_or(INT64_MAX), *entry.sequence_number);
  }
  for (size_t i = 0; i < partition.size(); ++i) summaries[i].Add(partition[i]);
  ++entry_count;
}

Status ManifestWriter::AddNew(const DataFile& file, std::optional<int64_t> data_sequence_number) {
  ManifestEntry entry;
  entry.status = EntryStatus::kAdded;
  entry.snapshot_id = impl_->options.snapshot_id;
  entry.sequence_number = data_sequence_number;
  entry.data_file = file;
  entry.data_file.first_row_id.reset();
  return Add(entry);
}

Status ManifestWriter::AddExisting(const ManifestEntry& entry) {
  ManifestEntry copy = entry;
  copy.status = EntryStatus::kExisting;
  return Add(copy);
}

Status ManifestWriter::AddDeleted(const ManifestEntry& entry) {
  ManifestEntry copy = entry;
  copy.status = EntryStatus::kDeleted;
  copy.snapshot_id = impl_->options.snapshot_id;
  return Add(copy);
}

Status ManifestWriter::Add(const ManifestEntry& entry) {
  const DataFile& file = entry.data_file;
  const auto refuse = [&](std::string_view what) {
    return Fail(Code::kInvalid, fmt::format("manifest entry {}: {}", file.file_path, what));
  };
  const bool is_data = impl_->options.content == ManifestContent::kData;
  if (is_data != (file.content == FileContent::kData)) {
    return refuse("data and delete files do not share a manifest");
  }
  if (file.file_format == FileFormat::kOther) return refuse("no file format");
  if (file.is_deletion_vector() && impl_->options.format_version < 3) {
    return refuse("deletion vectors need format version 3");
  }
  if (entry.status != EntryStatus::kAdded &&
      (!entry.snapshot_id || !entry.sequence_number || !entry.file_sequence_number)) {
    return refuse("an existing or deleted entry needs its snapshot id and sequence numbers");
  }
  CRANNOG_RETURN_IF_ERROR(impl_->TakePartition(file));
  AvroEncoder to = impl_->avro.encoder();
  to.WriteInt(static_cast<int32_t>(entry.status));
  WriteOptional(entry.snapshot_id, to);
  WriteOptional(entry.sequence_number, to);
  WriteOptional(entry.file_sequence_number, to);
  impl_->WriteDataFile(file);
  impl_->Count(entry);
  return impl_->avro.EndRecord();
}

uint64_t ManifestWriter::entry_count() const { return impl_->entry_count; }

uint64_t ManifestWriter::size_bytes_estimate() const { return impl_->avro.size_bytes_estimate(); }

Result<ManifestWriter::Finished> ManifestWriter::Finish() {
  Finished finished;
  CRANNOG_ASSIGN(finished.bytes, impl_->avro.Finish());
  finished.file = std::move(impl_->file);
  finished.file.manifest_length = static_cast<int64_t>(finished.bytes.size());
  finished.file.min_sequence_number =
      impl_->min_sequence_number.value_or(kUnassignedSequenceNumber);
  finished.file.partitions.emplace();
  for (const Summary& summary : impl_->summaries) {
    finished.file.partitions->push_back(summary.Finish());
  }
  return finished;
}

}  // namespace crannog::table::iceberg
