// Writing manifest lists: assigning what a manifest could not know, then Avro.
#include <fmt/format.h>

#include <utility>

#include "table/iceberg/manifest/manifest_list.h"

namespace crannog::table::iceberg {
namespace {

using codec::AvroEncoder;

// "Manifest Lists", v2 and v3; the order is the reference's.
std::string ListSchema(int format_version) {
  std::string schema =
      R"({"type":"record","name":"manifest_file","fields":[)"
      R"({"name":"manifest_path","type":"string","field-id":500},)"
      R"({"name":"manifest_length","type":"long","field-id":501},)"
      R"({"name":"partition_spec_id","type":"int","field-id":502},)"
      R"({"name":"content","type":"int","field-id":517},)"
      R"({"name":"sequence_number","type":"long","field-id":515},)"
      R"({"name":"min_sequence_number","type":"long","field-id":516},)"
      R"({"name":"added_snapshot_id","type":"long","field-id":503},)"
      R"({"name":"added_files_count","type":"int","field-id":504},)"
      R"({"name":"existing_files_count","type":"int","field-id":505},)"
      R"({"name":"deleted_files_count","type":"int","field-id":506},)"
      R"({"name":"added_rows_count","type":"long","field-id":512},)"
      R"({"name":"existing_rows_count","type":"long","field-id":513},)"
      R"({"name":"deleted_rows_count","type":"long","field-id":514},)"
      R"({"name":"partitions","type":["null",{"type":"array","items":)"
      R"({"type":"record","name":"r508","fields":[)"
      R"({"name":"contains_null","type":"boolean","field-id":509},)"
      R"({"name":"contains_nan","type":["null","boolean"],"default":null,"field-id":518},)"
      R"({"name":"lower_bound","type":["null","bytes"],"default":null,"field-id":510},)"
      R"({"name":"upper_bound","type":["null","bytes"],"default":null,"field-id":511}]},)"
      R"("element-id":508}],"default":null,"field-id":507},)"
      R"({"name":"key_metadata","type":["null","bytes"],"default":null,"field-id":519})";
  if (format_version >= 3) {
    schema += R"(,{"name":"first_row_id","type":["null","long"],"default":null,"field-id":520})";
  }
  return schema + "]}";
}

void WriteOptionalBytes(const std::optional<std::string>& bytes, AvroEncoder& to) {
  to.WriteLong(bytes ? 1 : 0);
  if (bytes) to.WriteBytes(*bytes);
}

void WriteSummary(const FieldSummary& summary, AvroEncoder& to) {
  to.WriteBool(summary.contains_null);
  to.WriteLong(summary.contains_nan ? 1 : 0);
  if (summary.contains_nan) to.WriteBool(*summary.contains_nan);
  WriteOptionalBytes(summary.lower_bound, to);
  WriteOptionalBytes(summary.upper_bound, to);
}

void WriteManifestFile(const ManifestFile& file, int format_version, AvroEncoder to) {
  to.WriteBytes(file.manifest_path);
  to.WriteLong(file.manifest_length);
  to.WriteInt(file.partition_spec_id);
  to.WriteInt(static_cast<int32_t>(file.content));
  to.WriteLong(file.sequence_number);
  to.WriteLong(file.min_sequence_number);
  to.WriteLong(file.added_snapshot_id);
  for (const auto& count :
       {file.added_files_count, file.existing_files_count, file.deleted_files_count}) {
    to.WriteInt(*count);
  }
  for (const auto& count :
       {file.added_rows_count, file.existing_rows_count, file.deleted_rows_count}) {
    to.WriteLong(*count);
  }
  to.WriteLong(file.partitions ? 1 : 0);
  if (file.partitions) {
    if (!file.partitions->empty()) {
      to.WriteLong(static_cast<int64_t>(file.partitions->size()));
      for (const FieldSummary& summary : *file.partitions) WriteSummary(summary, to);
    }
    to.WriteLong(0);
  }
  WriteOptionalBytes(file.key_metadata, to);
  if (format_version >= 3) {
    to.WriteLong(file.first_row_id ? 1 : 0);
    if (file.first_row_id) to.WriteLong(*file.first_row_id);
  }
}

Status Check(const ManifestFile& file, const ManifestListWriteOptions& options) {
  const auto refuse = [&](std::string_view what) {
    return Fail(Code::kInvalid, fmt::format("manifest {}: {}", file.manifest_path, what));
  };
  if (file.manifest_path.empty()) return refuse("no path");
  if (!file.added_files_count || !file.existing_files_count || !file.deleted_files_count ||
      !file.added_rows_count || !file.existing_rows_count || !file.deleted_rows_count) {
    return refuse("counts are missing (a v1 manifest has to be read to be listed)");
  }
  const bool unassigned = file.sequence_number == kUnassignedSequenceNumber ||
                          file.min_sequence_number == kUnassignedSequenceNumber;
  if (unassigned && file.added_snapshot_id != options.snapshot_id) {
    return refuse("it has no sequence number and belongs to another snapshot");
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> HeaderOf(const ManifestListWriteOptions& options) {
  std::vector<std::pair<std::string, std::string>> header = {
      {"snapshot-id", std::to_string(options.snapshot_id)},
      {"parent-snapshot-id",
       options.parent_snapshot_id ? std::to_string(*options.parent_snapshot_id) : "null"},
      {"sequence-number", std::to_string(options.sequence_number)},
      {"format-version", std::to_string(options.format_version)},
  };
  if (options.first_row_id) {
    header.emplace_back("first-row-id", std::to_string(*options.first_row_id));
  }
  return header;
}

}  // namespace

Result<WrittenManifestList> WriteManifestList(std::vector<ManifestFile> manifests,
                                              const ManifestListWriteOptions& options) {
  if (options.format_version < 2 || options.format_version > 3) {
    return Fail(Code::kUnsupported,
                fmt::format("write a manifest list of format version {}", options.format_version));
  }
  const bool lineage = options.format_version >= 3;
  if (lineage && !options.first_row_id) {
    return Fail(Code::kInvalid, "a manifest list of format version 3 needs the first row id");
  }
  codec::AvroFileWriter avro(ListSchema(options.format_version), HeaderOf(options), options.codec);
  WrittenManifestList written;
  written.next_row_id = options.first_row_id.value_or(0);
  for (ManifestFile& file : manifests) {
    CRANNOG_RETURN_IF_ERROR(Check(file, options));
    if (file.sequence_number == kUnassignedSequenceNumber) {
      file.sequence_number = options.sequence_number;
    }
    if (file.min_sequence_number == kUnassignedSequenceNumber) {
      file.min_sequence_number = options.sequence_number;
    }
    const bool numbered = lineage && file.content == ManifestContent::kData;
    if (!numbered) {
      file.first_row_id.reset();
    } else if (!file.first_row_id) {
      file.first_row_id = written.next_row_id;
      written.next_row_id += *file.added_rows_count + *file.existing_rows_count;
    }
    WriteManifestFile(file, options.format_version, avro.encoder());
    CRANNOG_RETURN_IF_ERROR(avro.EndRecord());
  }
  CRANNOG_ASSIGN(written.bytes, avro.Finish());
  written.manifests = std::move(manifests);
  return written;
}

}  // namespace crannog::table::iceberg
