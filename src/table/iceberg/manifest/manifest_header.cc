#include "table/iceberg/manifest/manifest_header.h"

#include <fmt/format.h>

#include <charconv>

#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/schema_json.h"

namespace crannog::table::iceberg {
namespace {

Result<int32_t> NumberIn(const codec::AvroFileReader& file, std::string_view key,
                         int32_t otherwise) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end()) return otherwise;
  const std::string& text = found->second;
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Fail(Code::kCorrupt, fmt::format("metadata \"{}\" is no number", key));
  }
  return number;
}

}  // namespace

Result<ManifestHeader> ReadManifestHeader(const codec::AvroFileReader& file) {
  ManifestHeader header;
  CRANNOG_ASSIGN(header.format_version, NumberIn(file, "format-version", 1));
  if (header.format_version < 1 || header.format_version > 3) {
    return Fail(Code::kUnsupported, fmt::format("format version {}", header.format_version));
  }
  CRANNOG_ASSIGN(const int32_t spec_id, NumberIn(file, "partition-spec-id", 0));
  const auto content = file.metadata().find("content");
  if (content != file.metadata().end() && content->second == "deletes") {
    header.content = ManifestContent::kDeletes;
  }
  const auto schema = file.metadata().find("schema");
  const auto spec = file.metadata().find("partition-spec");
  if (schema == file.metadata().end() || spec == file.metadata().end()) {
    return Fail(Code::kCorrupt, "metadata \"schema\" or \"partition-spec\" is missing");
  }
  CRANNOG_ASSIGN(header.schema, ParseSchema(schema->second));
  CRANNOG_ASSIGN(const auto json, codec::ParseJson(spec->second));
  const codec::JsonAt at(json);
  // Some writers put the whole spec where only its fields belong.
  const auto fields = at.MemberIfAny("fields");
  CRANNOG_ASSIGN(header.spec, PartitionFieldsFromJson(fields ? *fields : at, spec_id));
  return header;
}

}  // namespace crannog::table::iceberg
