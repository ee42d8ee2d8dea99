#include "table/iceberg/manifest/manifest_list.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "codec/json.h"

namespace crannog::table::iceberg {
namespace {

using codec::AvroCursor;
using codec::AvroEncoder;
using codec::AvroSchema;
using codec::AvroType;

enum class ListField : uint8_t {
  kNone,
  kPath,
  kLength,
  kSpecId,
  kContent,
  kSequenceNumber,
  kMinSequenceNumber,
  kAddedSnapshotId,
  kAddedFiles,
  kExistingFiles,
  kDeletedFiles,
  kAddedRows,
  kExistingRows,
  kDeletedRows,
  kPartitions,
  kKeyMetadata,
  kFirstRowId,
};

enum class Shape : uint8_t { kWhole, kBytes, kSummaries };

struct Rule {
  ListField field;
  int32_t id;
  std::string_view name;
  std::string_view old_name;  // of writers before the names were settled
  Shape shape = Shape::kWhole;
  bool required = false;
};

constexpr Rule kRules[] = {
    {ListField::kPath, 500, "manifest_path", "", Shape::kBytes, true},
    {ListField::kLength, 501, "manifest_length", "", Shape::kWhole, true},
    {ListField::kSpecId, 502, "partition_spec_id", "", Shape::kWhole, true},
    {ListField::kContent, 517, "content", ""},
    {ListField::kSequenceNumber, 515, "sequence_number", ""},
    {ListField::kMinSequenceNumber, 516, "min_sequence_number", ""},
    {ListField::kAddedSnapshotId, 503, "added_snapshot_id", ""},
    {ListField::kAddedFiles, 504, "added_files_count", "added_data_files_count"},
    {ListField::kExistingFiles, 505, "existing_files_count", "existing_data_files_count"},
    {ListField::kDeletedFiles, 506, "deleted_files_count", "deleted_data_files_count"},
    {ListField::kAddedRows, 512, "added_rows_count", ""},
    {ListField::kExistingRows, 513, "existing_rows_count", ""},
    {ListField::kDeletedRows, 514, "deleted_rows_count", ""},
    {ListField::kPartitions, 507, "partitions", "", Shape::kSummaries},
    {ListField::kKeyMetadata, 519, "key_metadata", "", Shape::kBytes},
    {ListField::kFirstRowId, 520, "first_row_id", ""},
};

struct Step {
  ListField field = ListField::kNone;
  const AvroSchema* whole = nullptr;
  const AvroSchema* value = nullptr;
  int null_branch = -1;
};

// The fields of a summary by their ids, in the file's order.
enum class SummaryField : uint8_t { kNone, kContainsNull, kContainsNan, kLower, kUpper };

struct SummaryStep {
  SummaryField field = SummaryField::kNone;
  const AvroSchema* whole = nullptr;
  int null_branch = -1;
};

struct Plan {
  std::vector<Step> steps;
  std::vector<SummaryStep> summary_steps;
};

bool IsWhole(const AvroSchema& schema) {
  return schema.type == AvroType::kInt || schema.type == AvroType::kLong;
}

bool IsBytes(const AvroSchema& schema) {
  return schema.type == AvroType::kBytes || schema.type == AvroType::kString;
}

const AvroSchema* Unwrap(const AvroSchema& schema, int& null_branch) {
  const AvroSchema* value = schema.OptionalOf(&null_branch);
  if (value != nullptr) return value;
  null_branch = -1;
  return &schema;
}

Result<std::vector<SummaryStep>> PlanSummary(const AvroSchema& record) {
  std::vector<SummaryStep> steps;
  for (const codec::AvroField& field : record.fields) {
    SummaryStep step;
    step.whole = field.schema.get();
    const int32_t id = field.field_id.value_or(0);
    const auto is = [&](int32_t known, std::string_view name) {
      return field.field_id ? id == known : field.name == name;
    };
    if (is(509, "contains_null")) step.field = SummaryField::kContainsNull;
    if (is(518, "contains_nan")) step.field = SummaryField::kContainsNan;
    if (is(510, "lower_bound")) step.field = SummaryField::kLower;
    if (is(511, "upper_bound")) step.field = SummaryField::kUpper;
    const AvroSchema* value = Unwrap(*step.whole, step.null_branch);
    const bool is_flag =
        step.field == SummaryField::kContainsNull || step.field == SummaryField::kContainsNan;
    const bool fits = is_flag ? value->type == AvroType::kBoolean : IsBytes(*value);
    if (step.field != SummaryField::kNone && !fits) {
      return Fail(Code::kCorrupt, fmt::format("field \"{}\" is of an unexpected type", field.name));
    }
    steps.push_back(step);
  }
  return steps;
}

const Rule* FindRule(const codec::AvroField& field) {
  for (const Rule& rule : kRules) {
    const bool named = field.name == rule.name || field.name == rule.old_name;
    if (field.field_id ? *field.field_id == rule.id : named) return &rule;
  }
  return nullptr;
}

Result<Plan> PlanList(const AvroSchema& root) {
  if (root.type != AvroType::kRecord) return Fail(Code::kCorrupt, "the Avro schema is no record");
  Plan plan;
  uint32_t seen = 0;
  for (const codec::AvroField& field : root.fields) {
    Step step;
    step.whole = field.schema.get();
    if (const Rule* rule = FindRule(field)) {
      step.field = rule->field;
      step.value = Unwrap(*step.whole, step.null_branch);
      const bool is_list = step.value->type == AvroType::kArray && [&] {
        int ignored = -1;
        return Unwrap(*step.value->items, ignored)->type == AvroType::kRecord && ignored < 0;
      }();
      const bool fits = rule->shape == Shape::kWhole   ? IsWhole(*step.value)
                        : rule->shape == Shape::kBytes ? IsBytes(*step.value)
                                                       : is_list;
      if (!fits) {
        return Fail(Code::kCorrupt,
                    fmt::format("field \"{}\" is of an unexpected type", field.name));
      }
      seen |= 1U << static_cast<unsigned>(rule->field);
      if (rule->shape == Shape::kSummaries) {
        CRANNOG_ASSIGN(plan.summary_steps, PlanSummary(*step.value->items));
      }
    }
    plan.steps.push_back(step);
  }
  for (const Rule& rule : kRules) {
    if (rule.required && (seen & (1U << static_cast<unsigned>(rule.field))) == 0) {
      return Fail(Code::kCorrupt, fmt::format("required field \"{}\" is missing", rule.name));
    }
  }
  return plan;
}

bool HasValue(int null_branch, AvroCursor& cursor) {
  if (null_branch < 0) return true;
  const int64_t branch = cursor.ReadLong();
  if (branch == 1 - null_branch) return true;
  if (branch != null_branch) cursor.Fail();
  return false;
}

FieldSummary ReadSummary(const Plan& plan, AvroCursor& cursor) {
  FieldSummary summary;
  for (const SummaryStep& step : plan.summary_steps) {
    if (step.field == SummaryField::kNone) {
      cursor.Skip(*step.whole);
      continue;
    }
    if (!HasValue(step.null_branch, cursor)) continue;
    switch (step.field) {
      case SummaryField::kContainsNull:
        summary.contains_null = cursor.ReadBool();
        break;
      case SummaryField::kContainsNan:
        summary.contains_nan = cursor.ReadBool();
        break;
      case SummaryField::kLower:
        summary.lower_bound = std::string(cursor.ReadBytes());
        break;
      default:
        summary.upper_bound = std::string(cursor.ReadBytes());
        break;
    }
  }
  return summary;
}

void ReadField(const Plan& plan, const Step& step, AvroCursor& cursor, ManifestFile& file) {
  switch (step.field) {
    case ListField::kPath:
      file.manifest_path = cursor.ReadBytes();
      return;
    case ListField::kLength:
      file.manifest_length = cursor.ReadLong();
      return;
    case ListField::kSpecId:
      file.partition_spec_id = cursor.ReadInt();
      return;
    case ListField::kContent: {
      const int64_t content = cursor.ReadLong();
      if (content < 0 || content > 1) return cursor.Fail();
      file.content = static_cast<ManifestContent>(content);
      return;
    }
    case ListField::kSequenceNumber:
      file.sequence_number = cursor.ReadLong();
      return;
    case ListField::kMinSequenceNumber:
      file.min_sequence_number = cursor.ReadLong();
      return;
    case ListField::kAddedSnapshotId:
      file.added_snapshot_id = cursor.ReadLong();
      return;
    case ListField::kAddedFiles:
      file.added_files_count = cursor.ReadInt();
      return;
    case ListField::kExistingFiles:
      file.existing_files_count = cursor.ReadInt();
      return;
    case ListField::kDeletedFiles:
      file.deleted_files_count = cursor.ReadInt();
      return;
    case ListField::kAddedRows:
      file.added_rows_count = cursor.ReadLong();
      return;
    case ListField::kExistingRows:
      file.existing_rows_count = cursor.ReadLong();
      return;
    case ListField::kDeletedRows:
      file.deleted_rows_count = cursor.ReadLong();
      return;
    case ListField::kPartitions: {
      auto& summaries = file.partitions.emplace();
      while (const int64_t count = cursor.ReadArrayBlock(step.value->items->size_bytes_min)) {
        for (int64_t i = 0; i < count && cursor.ok(); ++i) {
          summaries.push_back(ReadSummary(plan, cursor));
        }
      }
      return;
    }
    case ListField::kKeyMetadata:
      file.key_metadata = std::string(cursor.ReadBytes());
      return;
    case ListField::kFirstRowId:
      file.first_row_id = cursor.ReadLong();
      return;
    case ListField::kNone:
      cursor.Skip(*step.whole);
      return;
  }
}

Result<std::vector<ManifestFile>> ReadAll(std::string_view bytes) {
  CRANNOG_ASSIGN(auto reader, codec::AvroFileReader::Open(bytes));
  CRANNOG_ASSIGN(const Plan plan, PlanList(*reader.schema()));
  std::vector<ManifestFile> manifests;
  while (true) {
    CRANNOG_ASSIGN(const auto block, reader.NextBlock());
    if (!block) return manifests;
    AvroCursor cursor(block->bytes);
    for (int64_t i = 0; i < block->count && cursor.ok(); ++i) {
      ManifestFile file;
      for (const Step& step : plan.steps) {
        if (step.field == ListField::kNone || HasValue(step.null_branch, cursor)) {
          ReadField(plan, step, cursor, file);
        }
      }
      manifests.push_back(std::move(file));
    }
    if (!cursor.ok() || !cursor.at_end()) {
      return Fail(Code::kCorrupt, "an entry is cut short or of the wrong form");
    }
  }
}

}  // namespace

Result<std::vector<ManifestFile>> ReadManifestList(std::string_view bytes, std::string_view file) {
  auto manifests = ReadAll(bytes);
  if (!manifests) {
    return std::unexpected(
        std::move(manifests).error().Within(fmt::format("manifest list {}", file)));
  }
  return manifests;
}

}  // namespace crannog::table::iceberg
