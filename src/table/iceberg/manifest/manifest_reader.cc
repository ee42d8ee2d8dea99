// Reading manifests: the writer's schema is compiled once into a list of steps, each of which
// reads one field to its place or skips it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/manifest/manifest_fields.h"
#include "table/iceberg/manifest/manifest_header.h"
#include "table/iceberg/manifest/partition_avro.h"

namespace crannog::table::iceberg {
namespace {

using codec::AvroCursor;
using codec::AvroSchema;
using codec::AvroType;

struct Step {
  ManifestField field = ManifestField::kNone;  // kNone: skip
  const AvroSchema* whole = nullptr;
  const AvroSchema* value = nullptr;  // without the union around it
  int null_branch = -1;
};

std::unexpected<Error> WrongShape(const codec::AvroField& field) {
  return Fail(Code::kCorrupt, fmt::format("field \"{}\" is of an unexpected type", field.name));
}

bool IsWhole(const AvroSchema& schema) {
  return schema.type == AvroType::kInt || schema.type == AvroType::kLong;
}

bool IsBytes(const AvroSchema& schema) {
  return schema.type == AvroType::kBytes || schema.type == AvroType::kString;
}

// An array of two-field records whose key is whole.
const AvroSchema* MapValue(const AvroSchema& schema) {
  if (schema.type != AvroType::kArray || schema.items->type != AvroType::kRecord) return nullptr;
  const auto& fields = schema.items->fields;
  if (fields.size() != 2 || !IsWhole(*fields[0].schema)) return nullptr;
  return fields[1].schema.get();
}

bool HasShape(const AvroSchema& schema, FieldShape shape) {
  switch (shape) {
    case FieldShape::kWhole:
      return IsWhole(schema);
    case FieldShape::kBytes:
      return IsBytes(schema);
    case FieldShape::kRecord:
      return schema.type == AvroType::kRecord;
    case FieldShape::kWholeList:
      return schema.type == AvroType::kArray && IsWhole(*schema.items);
    case FieldShape::kCountMap: {
      const AvroSchema* value = MapValue(schema);
      return value != nullptr && IsWhole(*value);
    }
    case FieldShape::kBoundMap: {
      const AvroSchema* value = MapValue(schema);
      return value != nullptr && IsBytes(*value);
    }
  }
  return false;
}

Result<std::vector<Step>> Compile(const AvroSchema& record, std::span<const FieldRule> rules,
                                  bool statistics) {
  std::vector<Step> steps;
  uint64_t seen = 0;
  for (const codec::AvroField& field : record.fields) {
    Step step;
    step.whole = field.schema.get();
    const FieldRule* rule = FindRule(rules, field.field_id, field.name);
    if (rule != nullptr && (statistics || !rule->is_statistic)) {
      step.value = field.schema->OptionalOf(&step.null_branch);
      if (step.value == nullptr) {
        step.value = step.whole;
        step.null_branch = -1;
      }
      if (!HasShape(*step.value, rule->shape)) return WrongShape(field);
      step.field = rule->field;
      const uint64_t bit = uint64_t{1} << static_cast<unsigned>(rule->field);
      if ((seen & bit) != 0) return WrongShape(field);
      seen |= bit;
    }
    steps.push_back(step);
  }
  for (const FieldRule& rule : rules) {
    if (rule.required && (seen & (uint64_t{1} << static_cast<unsigned>(rule.field))) == 0) {
      return Fail(Code::kCorrupt, fmt::format("required field \"{}\" is missing", rule.name));
    }
  }
  return steps;
}

FileFormat FormatNamed(std::string_view name) {
  const auto is = [&](std::string_view known) {
    return std::ranges::equal(name, known, {}, [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  };
  if (is("parquet")) return FileFormat::kParquet;
  if (is("avro")) return FileFormat::kAvro;
  if (is("orc")) return FileFormat::kOrc;
  if (is("puffin")) return FileFormat::kPuffin;
  return FileFormat::kOther;
}

void ReadCounts(const AvroSchema& schema, AvroCursor& cursor, std::vector<FieldCount>& to) {
  const size_t least = schema.items->size_bytes_min;
  while (const int64_t count = cursor.ReadArrayBlock(least)) {
    for (int64_t i = 0; i < count; ++i) {
      const int32_t id = cursor.ReadInt();
      to.push_back({id, cursor.ReadLong()});
    }
  }
  if (!std::ranges::is_sorted(to, {}, &FieldCount::field_id)) {
    std::ranges::stable_sort(to, {}, &FieldCount::field_id);
  }
}

void ReadBounds(const AvroSchema& schema, AvroCursor& cursor, std::vector<FieldBoundView>& to) {
  const size_t least = schema.items->size_bytes_min;
  while (const int64_t count = cursor.ReadArrayBlock(least)) {
    for (int64_t i = 0; i < count; ++i) {
      const int32_t id = cursor.ReadInt();
      to.push_back({id, cursor.ReadBytes()});
    }
  }
  if (!std::ranges::is_sorted(to, {}, &FieldBoundView::field_id)) {
    std::ranges::stable_sort(to, {}, &FieldBoundView::field_id);
  }
}

}  // namespace

struct ManifestReader::Impl {
  std::string name;
  ManifestInheritance inheritance;
  ManifestReadOptions options;
  codec::AvroFileReader file;
  ManifestHeader header;
  Type partition_type;

  std::vector<Step> entry_steps;
  std::vector<Step> file_steps;
  struct PartitionStep {
    AvroValuePlan plan;
    const AvroSchema* whole;
    int slot;  // in the spec's order; -1 skips
  };
  std::vector<PartitionStep> partition_steps;
  bool has_sequence_numbers = false;

  AvroCursor cursor;
  int64_t left_in_block = 0;
  std::optional<int64_t> next_row_id;
  bool broken = false;

  ManifestEntryView entry;
  std::vector<Value> partition;
  std::vector<FieldCount> column_sizes;
  std::vector<FieldCount> value_counts;
  std::vector<FieldCount> null_value_counts;
  std::vector<FieldCount> nan_value_counts;
  std::vector<FieldBoundView> lower_bounds;
  std::vector<FieldBoundView> upper_bounds;
  std::vector<int64_t> split_offsets;
  std::vector<int32_t> equality_ids;

  Impl(std::string file_name, codec::AvroFileReader reader)
      : name(std::move(file_name)), file(std::move(reader)) {}

  Status Prepare();
  Status PreparePartition(const AvroSchema& record);
  Result<bool> NextBlock();
  void ClearEntry();
  void ReadEntry();
  void ReadEntryField(const Step& step);
  void ReadFileField(const Step& step);
  void ReadFileList(const Step& step);
  void ReadPartition();
  void Inherit();
};

Status ManifestReader::Impl::Prepare() {
  CRANNOG_ASSIGN(header, ReadManifestHeader(file));
  next_row_id = inheritance.first_row_id;
  const AvroSchema& root = *file.schema();
  if (root.type != AvroType::kRecord) return Fail(Code::kCorrupt, "the Avro schema is no record");
  CRANNOG_ASSIGN(entry_steps, Compile(root, kEntryRules, true));
  for (const Step& step : entry_steps) {
    if (step.field == ManifestField::kSequenceNumber) has_sequence_numbers = true;
    if (step.field != ManifestField::kDataFile) continue;
    if (step.null_branch >= 0) return Fail(Code::kCorrupt, "data_file is optional");
    CRANNOG_ASSIGN(file_steps, Compile(*step.value, kDataFileRules, options.statistics));
  }
  for (const Step& step : file_steps) {
    if (step.field != ManifestField::kPartition) continue;
    if (step.null_branch >= 0) return Fail(Code::kCorrupt, "partition is optional");
    CRANNOG_RETURN_IF_ERROR(PreparePartition(*step.value));
  }
  return {};
}

Status ManifestReader::Impl::PreparePartition(const AvroSchema& record) {
  const Type wanted = PartitionType(header.spec, *header.schema);
  std::vector<NestedField> fields = wanted.fields();
  partition.resize(fields.size());
  for (const codec::AvroField& field : record.fields) {
    PartitionStep step{{}, field.schema.get(), -1};
    for (size_t i = 0; i < fields.size() && step.slot < 0; ++i) {
      const bool same =
          field.field_id ? *field.field_id == fields[i].id : field.name == AvroName(fields[i].name);
      if (same) step.slot = static_cast<int>(i);
    }
    if (step.slot >= 0) {
      NestedField& slot = fields[static_cast<size_t>(step.slot)];
      CRANNOG_ASSIGN(step.plan, PlanAvroValue(*field.schema, slot.type));
      slot.type = step.plan.type;
    }
    partition_steps.push_back(std::move(step));
  }
  partition_type = Type::Struct(std::move(fields));
  return {};
}

void ManifestReader::Impl::ClearEntry() {
  entry = ManifestEntryView();
  column_sizes.clear();
  value_counts.clear();
  null_value_counts.clear();
  nan_value_counts.clear();
  lower_bounds.clear();
  upper_bounds.clear();
  split_offsets.clear();
  equality_ids.clear();
}

namespace {

// Steps over the union's branch; false when the value is null (or the branch is nonsense).
bool HasValue(const Step& step, AvroCursor& cursor) {
  if (step.null_branch < 0) return true;
  const int64_t branch = cursor.ReadLong();
  if (branch == 1 - step.null_branch) return true;
  if (branch != step.null_branch) cursor.Fail();
  return false;
}

}  // namespace

void ManifestReader::Impl::ReadEntry() {
  ClearEntry();
  for (const Step& step : entry_steps) {
    if (step.field == ManifestField::kNone) {
      cursor.Skip(*step.whole);
    } else if (HasValue(step, cursor)) {
      ReadEntryField(step);
    }
  }
  DataFileView& view = entry.data_file;
  view.partition = partition;
  view.column_sizes = column_sizes;
  view.value_counts = value_counts;
  view.null_value_counts = null_value_counts;
  view.nan_value_counts = nan_value_counts;
  view.lower_bounds = lower_bounds;
  view.upper_bounds = upper_bounds;
  view.split_offsets = split_offsets;
  view.equality_ids = equality_ids;
}

void ManifestReader::Impl::ReadEntryField(const Step& step) {
  switch (step.field) {
    case ManifestField::kStatus: {
      const int64_t status = cursor.ReadLong();
      if (status < 0 || status > 2) return cursor.Fail();
      entry.status = static_cast<EntryStatus>(status);
      return;
    }
    case ManifestField::kSnapshotId:
      entry.snapshot_id = cursor.ReadLong();
      return;
    case ManifestField::kSequenceNumber:
      entry.sequence_number = cursor.ReadLong();
      return;
    case ManifestField::kFileSequenceNumber:
      entry.file_sequence_number = cursor.ReadLong();
      return;
    default:
      break;
  }
  for (const Step& file_step : file_steps) {
    if (file_step.field == ManifestField::kNone) {
      cursor.Skip(*file_step.whole);
    } else if (HasValue(file_step, cursor)) {
      ReadFileField(file_step);
    }
  }
}

void ManifestReader::Impl::ReadFileField(const Step& step) {
  DataFileView& view = entry.data_file;
  switch (step.field) {
    case ManifestField::kContent: {
      const int64_t content = cursor.ReadLong();
      if (content < 0 || content > 2) return cursor.Fail();
      view.content = static_cast<FileContent>(content);
      return;
    }
    case ManifestField::kFilePath:
      view.file_path = cursor.ReadBytes();
      return;
    case ManifestField::kFileFormat:
      view.file_format = FormatNamed(cursor.ReadBytes());
      return;
    case ManifestField::kPartition:
      ReadPartition();
      return;
    case ManifestField::kRecordCount:
      view.record_count = cursor.ReadLong();
      return;
    case ManifestField::kFileSize:
      view.file_size_in_bytes = cursor.ReadLong();
      return;
    case ManifestField::kKeyMetadata:
      view.key_metadata = cursor.ReadBytes();
      return;
    case ManifestField::kSortOrderId:
      view.sort_order_id = cursor.ReadInt();
      return;
    case ManifestField::kFirstRowId:
      view.first_row_id = cursor.ReadLong();
      return;
    case ManifestField::kReferencedDataFile:
      view.referenced_data_file = cursor.ReadBytes();
      return;
    case ManifestField::kContentOffset:
      view.content_offset = cursor.ReadLong();
      return;
    case ManifestField::kContentSize:
      view.content_size_in_bytes = cursor.ReadLong();
      return;
    default:
      ReadFileList(step);
      return;
  }
}

void ManifestReader::Impl::ReadFileList(const Step& step) {
  switch (step.field) {
    case ManifestField::kColumnSizes:
      return ReadCounts(*step.value, cursor, column_sizes);
    case ManifestField::kValueCounts:
      return ReadCounts(*step.value, cursor, value_counts);
    case ManifestField::kNullValueCounts:
      return ReadCounts(*step.value, cursor, null_value_counts);
    case ManifestField::kNanValueCounts:
      return ReadCounts(*step.value, cursor, nan_value_counts);
    case ManifestField::kLowerBounds:
      return ReadBounds(*step.value, cursor, lower_bounds);
    case ManifestField::kUpperBounds:
      return ReadBounds(*step.value, cursor, upper_bounds);
    case ManifestField::kSplitOffsets:
      while (const int64_t count = cursor.ReadArrayBlock(1)) {
        for (int64_t i = 0; i < count; ++i) split_offsets.push_back(cursor.ReadLong());
      }
      return;
    case ManifestField::kEqualityIds:
      while (const int64_t count = cursor.ReadArrayBlock(1)) {
        for (int64_t i = 0; i < count; ++i) equality_ids.push_back(cursor.ReadInt());
      }
      return;
    default:
      cursor.Fail();
      return;
  }
}

void ManifestReader::Impl::ReadPartition() {
  for (const PartitionStep& step : partition_steps) {
    if (step.slot < 0) {
      cursor.Skip(*step.whole);
    } else {
      DecodeAvroValue(step.plan, cursor, partition[static_cast<size_t>(step.slot)]);
    }
  }
}

// "Sequence Number Inheritance", "First Row ID Inheritance".
void ManifestReader::Impl::Inherit() {
  if (!entry.snapshot_id) entry.snapshot_id = inheritance.snapshot_id;
  const bool takes_over =
      entry.status == EntryStatus::kAdded || inheritance.sequence_number == int64_t{0};
  if (!has_sequence_numbers) {
    entry.sequence_number = 0;
    entry.file_sequence_number = 0;
  } else if (takes_over) {
    if (!entry.sequence_number) entry.sequence_number = inheritance.sequence_number;
    if (!entry.file_sequence_number) entry.file_sequence_number = inheritance.sequence_number;
  }
  DataFileView& view = entry.data_file;
  if (view.content != FileContent::kData) {
    view.first_row_id.reset();
  } else if (!view.first_row_id && next_row_id && entry.is_live()) {
    view.first_row_id = next_row_id;
    next_row_id = *next_row_id + view.record_count;
  }
}

Result<bool> ManifestReader::Impl::NextBlock() {
  while (left_in_block == 0) {
    if (!cursor.at_end()) return Fail(Code::kCorrupt, "a block has bytes after its last entry");
    CRANNOG_ASSIGN(const auto block, file.NextBlock());
    if (!block) return false;
    left_in_block = block->count;
    cursor = AvroCursor(block->bytes);
  }
  return true;
}

ManifestReader::ManifestReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ManifestReader::~ManifestReader() = default;

Result<std::unique_ptr<ManifestReader>> ManifestReader::Open(std::string_view bytes,
                                                             std::string_view file,
                                                             const ManifestInheritance& inheritance,
                                                             const ManifestReadOptions& options) {
  const std::string context = fmt::format("manifest {}", file);
  auto reader = codec::AvroFileReader::Open(bytes);
  if (!reader) return std::unexpected(std::move(reader).error().Within(context));
  auto impl = std::make_unique<Impl>(std::string(file), std::move(*reader));
  impl->inheritance = inheritance;
  impl->options = options;
  auto prepared = impl->Prepare();
  if (!prepared) return std::unexpected(std::move(prepared).error().Within(context));
  return std::unique_ptr<ManifestReader>(new ManifestReader(std::move(impl)));
}

int ManifestReader::format_version() const { return impl_->header.format_version; }
ManifestContent ManifestReader::content() const { return impl_->header.content; }
const PartitionSpec& ManifestReader::spec() const { return impl_->header.spec; }
const SchemaPtr& ManifestReader::schema() const { return impl_->header.schema; }
const Type& ManifestReader::partition_type() const { return impl_->partition_type; }

Result<const ManifestEntryView*> ManifestReader::Next() {
  Impl& impl = *impl_;
  const auto broken = [&](std::string_view what) {
    impl.broken = true;
    return Fail(Code::kCorrupt, fmt::format("manifest {}: {}", impl.name, what));
  };
  if (impl.broken) return broken("was found broken before");
  while (true) {
    auto more = impl.NextBlock();
    if (!more) return broken(more.error().message());
    if (!*more) return nullptr;
    impl.ReadEntry();
    --impl.left_in_block;
    const DataFileView& view = impl.entry.data_file;
    if (!impl.cursor.ok()) return broken("an entry is cut short or of the wrong form");
    if (view.record_count < 0 || view.file_size_in_bytes < 0) return broken("a negative size");
    if (view.record_count > (int64_t{1} << 60)) return broken("an impossible record count");
    impl.Inherit();
    if (!impl.options.live_only || impl.entry.is_live()) return &impl.entry;
  }
}

ManifestEntry ManifestEntryView::ToOwned() const {
  return {status, snapshot_id, sequence_number, file_sequence_number, data_file.ToOwned()};
}

Result<std::vector<ManifestEntry>> ReadManifest(std::string_view bytes, std::string_view file,
                                                const ManifestInheritance& inheritance,
                                                const ManifestReadOptions& options) {
  CRANNOG_ASSIGN(const auto reader, ManifestReader::Open(bytes, file, inheritance, options));
  std::vector<ManifestEntry> entries;
  while (true) {
    CRANNOG_ASSIGN(const ManifestEntryView* entry, reader->Next());
    if (entry == nullptr) return entries;
    entries.push_back(entry->ToOwned());
  }
}

}  // namespace crannog::table::iceberg
