// metadata.json files: read v1, v2 and v3, written in the table's own version.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/table_metadata.h"

namespace crannog::table::iceberg {

// Largest metadata file read, after decompression.
inline constexpr size_t kMetadataBytesMax = size_t{1} << 30;

// `file` (its location) only serves errors. Gzip is told by the bytes, not by the name.
//   kCorrupt      names the file and the JSON path
//   kUnsupported  a format version beyond 3
Result<TableMetadata> ParseTableMetadata(std::string_view bytes, std::string_view file);
// The same as it stands inside other documents (REST catalogs).
Result<TableMetadata> TableMetadataFromJson(const codec::JsonAt& at);

codec::Json TableMetadataToJson(const TableMetadata& metadata);
std::string WriteTableMetadata(const TableMetadata& metadata);
// For names that end in .gz.metadata.json.
Result<std::string> WriteTableMetadataGzip(const TableMetadata& metadata);

}  // namespace crannog::table::iceberg
