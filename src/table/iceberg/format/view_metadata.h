// Views: versions of SQL text with their schemas. Specification: view-spec.md, format version 1.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/schema.h"

namespace crannog::table::iceberg {

struct ViewRepresentation {
  std::string type = "sql";
  std::string sql;
  std::string dialect;

  friend bool operator==(const ViewRepresentation& a, const ViewRepresentation& b) = default;
};

struct ViewVersion {
  int32_t version_id = 0;
  int32_t schema_id = 0;
  int64_t timestamp_ms = 0;
  std::map<std::string, std::string> summary;
  std::vector<ViewRepresentation> representations;
  std::optional<std::string> default_catalog;
  std::vector<std::string> default_namespace;

  // Null when there is none; the dialect's case is ignored.
  const ViewRepresentation* FindDialect(std::string_view dialect) const;
  // Everything but version id and timestamp: what makes a new version unnecessary.
  bool SameDefinition(const ViewVersion& other) const;

  friend bool operator==(const ViewVersion& a, const ViewVersion& b) = default;
};

struct ViewVersionLogEntry {
  int64_t timestamp_ms = 0;
  int32_t version_id = 0;

  friend bool operator==(const ViewVersionLogEntry& a, const ViewVersionLogEntry& b) = default;
};

struct ViewMetadata {
  std::string view_uuid;
  int format_version = 1;
  std::string location;
  std::vector<SchemaPtr> schemas;
  int32_t current_version_id = 0;
  std::vector<ViewVersion> versions;
  std::vector<ViewVersionLogEntry> version_log;
  std::map<std::string, std::string> properties;

  const ViewVersion* FindVersion(int32_t version_id) const;
  SchemaPtr SchemaById(int32_t schema_id) const;
  // These exist in every valid view; checked.
  const ViewVersion& CurrentVersion() const;
  SchemaPtr CurrentSchema() const;
};

// Adds `version` under the next version id, or finds an equal one, and makes it current with a
// log entry at version.timestamp_ms. `schema` is found among the schemas or added; the version's
// schema_id and version_id are set here. Keeps at most the versions that property
// version.history.num-entries (10) allows. Returns the id now current.
int32_t SetViewVersion(ViewMetadata& view, ViewVersion version, const SchemaPtr& schema);

// `file` only serves errors.
//   kCorrupt      names the file and the JSON path
//   kUnsupported  a format version beyond 1
Result<ViewMetadata> ParseViewMetadata(std::string_view bytes, std::string_view file);
Result<ViewMetadata> ViewMetadataFromJson(const codec::JsonAt& at);
codec::Json ViewMetadataToJson(const ViewMetadata& view);
std::string WriteViewMetadata(const ViewMetadata& view);

}  // namespace crannog::table::iceberg
