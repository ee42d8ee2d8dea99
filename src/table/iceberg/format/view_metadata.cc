#include "table/iceberg/format/view_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "table/iceberg/format/schema_json.h"
#include "table/iceberg/format/string_map_json.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;
using codec::JsonAt;

constexpr size_t kHistoryDefault = 10;
constexpr size_t kMetadataBytesMax = size_t{64} << 20;

bool SameCaseless(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

size_t HistoryKept(const ViewMetadata& view) {
  const auto found = view.properties.find("version.history.num-entries");
  if (found == view.properties.end()) return kHistoryDefault;
  const std::string& text = found->second;
  size_t count = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), count);
  return result.ec == std::errc() && count > 0 ? count : kHistoryDefault;
}

int32_t FindOrAddSchema(ViewMetadata& view, const SchemaPtr& schema) {
  int32_t highest = -1;
  for (const SchemaPtr& known : view.schemas) {
    if (known->SameFields(*schema)) return known->schema_id();
    highest = std::max(highest, known->schema_id());
  }
  view.schemas.push_back(schema->WithId(highest + 1));
  return highest + 1;
}

// The oldest go first, never the current one.
void DropOldVersions(ViewMetadata& view) {
  const size_t kept = HistoryKept(view);
  for (auto it = view.versions.begin(); view.versions.size() > kept && it != view.versions.end();) {
    it = it->version_id == view.current_version_id ? it + 1 : view.versions.erase(it);
  }
  // Log entries before one whose version is gone say nothing true about the time between.
  auto& log = view.version_log;
  for (size_t i = log.size(); i > 0; --i) {
    if (view.FindVersion(log[i - 1].version_id) != nullptr) continue;
    log.erase(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
}

}  // namespace

const ViewRepresentation* ViewVersion::FindDialect(std::string_view dialect) const {
  for (const ViewRepresentation& representation : representations) {
    if (SameCaseless(representation.dialect, dialect)) return &representation;
  }
  return nullptr;
}

bool ViewVersion::SameDefinition(const ViewVersion& other) const {
  return schema_id == other.schema_id && summary == other.summary &&
         representations == other.representations && default_catalog == other.default_catalog &&
         default_namespace == other.default_namespace;
}

const ViewVersion* ViewMetadata::FindVersion(int32_t version_id) const {
  const auto found = std::ranges::find(versions, version_id, &ViewVersion::version_id);
  return found == versions.end() ? nullptr : &*found;
}

SchemaPtr ViewMetadata::SchemaById(int32_t schema_id) const {
  for (const SchemaPtr& schema : schemas) {
    if (schema->schema_id() == schema_id) return schema;
  }
  return nullptr;
}

const ViewVersion& ViewMetadata::CurrentVersion() const {
  const ViewVersion* version = FindVersion(current_version_id);
  CRANNOG_CHECK(version != nullptr);
  return *version;
}

SchemaPtr ViewMetadata::CurrentSchema() const {
  SchemaPtr schema = SchemaById(CurrentVersion().schema_id);
  CRANNOG_CHECK(schema != nullptr);
  return schema;
}

int32_t SetViewVersion(ViewMetadata& view, ViewVersion version, const SchemaPtr& schema) {
  version.schema_id = FindOrAddSchema(view, schema);
  const int64_t timestamp_ms = version.timestamp_ms;
  int32_t id = 0;
  int32_t highest = 0;
  for (const ViewVersion& known : view.versions) {
    if (known.SameDefinition(version)) id = known.version_id;
    highest = std::max(highest, known.version_id);
  }
  const bool is_current = id != 0 && id == view.current_version_id;
  if (is_current) return id;
  if (id == 0) {
    id = highest + 1;
    version.version_id = id;
    view.versions.push_back(std::move(version));
  }
  view.current_version_id = id;
  view.version_log.push_back({timestamp_ms, id});
  DropOldVersions(view);
  return id;
}

namespace {

Result<ViewRepresentation> RepresentationFromJson(const JsonAt& at) {
  ViewRepresentation representation;
  CRANNOG_ASSIGN(representation.type, at.String("type"));
  if (representation.type != "sql") return representation;  // a later kind: kept by name only
  CRANNOG_ASSIGN(representation.sql, at.String("sql"));
  CRANNOG_ASSIGN(representation.dialect, at.String("dialect"));
  return representation;
}

Result<ViewVersion> VersionFromJson(const JsonAt& at) {
  ViewVersion version;
  CRANNOG_ASSIGN(version.version_id, at.Int("version-id"));
  CRANNOG_ASSIGN(version.schema_id, at.Int("schema-id"));
  CRANNOG_ASSIGN(version.timestamp_ms, at.Long("timestamp-ms"));
  CRANNOG_ASSIGN(const JsonAt summary, at.Member("summary"));
  CRANNOG_ASSIGN(version.summary, summary.AsStringMap());
  CRANNOG_ASSIGN(version.default_catalog, at.StringIfAny("default-catalog"));
  if (const auto space = at.MemberIfAny("default-namespace")) {
    CRANNOG_ASSIGN(version.default_namespace, space->AsStrings());
  }
  CRANNOG_ASSIGN(const JsonAt representations, at.Member("representations"));
  CRANNOG_ASSIGN(const size_t size, representations.ArraySize());
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto representation, RepresentationFromJson(representations.At(i)));
    version.representations.push_back(std::move(representation));
  }
  return version;
}

Json VersionToJson(const ViewVersion& version) {
  Json json = Json::NewObject();
  json.Set("version-id", version.version_id)
      .Set("timestamp-ms", version.timestamp_ms)
      .Set("schema-id", version.schema_id)
      .Set("summary", StringMapToJson(version.summary));
  if (version.default_catalog) json.Set("default-catalog", *version.default_catalog);
  json.Set("default-namespace", StringsToJson(version.default_namespace));
  Json representations = Json::NewArray();
  for (const ViewRepresentation& representation : version.representations) {
    representations.Append(Json::NewObject()
                               .Set("type", representation.type)
                               .Set("sql", representation.sql)
                               .Set("dialect", representation.dialect));
  }
  return json.Set("representations", std::move(representations));
}

Status ReadVersions(const JsonAt& at, ViewMetadata& view) {
  CRANNOG_ASSIGN(const JsonAt schemas, at.Member("schemas"));
  CRANNOG_ASSIGN(const size_t schema_count, schemas.ArraySize());
  for (size_t i = 0; i < schema_count; ++i) {
    CRANNOG_ASSIGN(auto schema, SchemaFromJson(schemas.At(i)));
    view.schemas.push_back(std::move(schema));
  }
  CRANNOG_ASSIGN(const JsonAt versions, at.Member("versions"));
  CRANNOG_ASSIGN(const size_t version_count, versions.ArraySize());
  for (size_t i = 0; i < version_count; ++i) {
    CRANNOG_ASSIGN(auto version, VersionFromJson(versions.At(i)));
    if (view.SchemaById(version.schema_id) == nullptr) {
      return versions.At(i).Wrong(fmt::format("schema {} does not exist", version.schema_id));
    }
    view.versions.push_back(std::move(version));
  }
  CRANNOG_ASSIGN(const JsonAt log, at.Member("version-log"));
  CRANNOG_ASSIGN(const size_t log_size, log.ArraySize());
  for (size_t i = 0; i < log_size; ++i) {
    const JsonAt item = log.At(i);
    ViewVersionLogEntry entry;
    CRANNOG_ASSIGN(entry.timestamp_ms, item.Long("timestamp-ms"));
    CRANNOG_ASSIGN(entry.version_id, item.Int("version-id"));
    view.version_log.push_back(entry);
  }
  return {};
}

}  // namespace

Result<ViewMetadata> ViewMetadataFromJson(const JsonAt& at) {
  ViewMetadata view;
  CRANNOG_ASSIGN(view.format_version, at.Int("format-version"));
  if (view.format_version != 1) {
    return Fail(Code::kUnsupported, fmt::format("view format version {}", view.format_version));
  }
  CRANNOG_ASSIGN(view.view_uuid, at.String("view-uuid"));
  CRANNOG_ASSIGN(view.location, at.String("location"));
  if (const auto properties = at.MemberIfAny("properties")) {
    CRANNOG_ASSIGN(view.properties, properties->AsStringMap());
  }
  CRANNOG_RETURN_IF_ERROR(ReadVersions(at, view));
  CRANNOG_ASSIGN(view.current_version_id, at.Int("current-version-id"));
  if (view.FindVersion(view.current_version_id) == nullptr) {
    return at.Wrong(fmt::format("current version {} does not exist", view.current_version_id));
  }
  return view;
}

Result<ViewMetadata> ParseViewMetadata(std::string_view bytes, std::string_view file) {
  const std::string context = fmt::format("view metadata {}", file);
  auto json = codec::ParseJson(bytes, {.size_bytes_max = kMetadataBytesMax});
  if (!json) return std::unexpected(std::move(json).error().Within(context));
  auto view = ViewMetadataFromJson(JsonAt(*json));
  if (!view) return std::unexpected(std::move(view).error().Within(context));
  return view;
}

Json ViewMetadataToJson(const ViewMetadata& view) {
  Json json = Json::NewObject();
  json.Set("view-uuid", view.view_uuid)
      .Set("format-version", view.format_version)
      .Set("location", view.location)
      .Set("properties", StringMapToJson(view.properties));
  Json schemas = Json::NewArray();
  for (const SchemaPtr& schema : view.schemas) schemas.Append(SchemaToJson(*schema));
  json.Set("schemas", std::move(schemas)).Set("current-version-id", view.current_version_id);
  Json versions = Json::NewArray();
  for (const ViewVersion& version : view.versions) versions.Append(VersionToJson(version));
  json.Set("versions", std::move(versions));
  Json log = Json::NewArray();
  for (const ViewVersionLogEntry& entry : view.version_log) {
    log.Append(Json::NewObject()
                   .Set("timestamp-ms", entry.timestamp_ms)
                   .Set("version-id", entry.version_id));
  }
  return json.Set("version-log", std::move(log));
}

std::string WriteViewMetadata(const ViewMetadata& view) {
  return codec::WriteJson(ViewMetadataToJson(view));
}

}  // namespace crannog::table::iceberg
