#include "cli/table_rows.h"

#include <charconv>
#include <string>

#include "table/iceberg/format/table_metadata_json.h"

namespace crannog::cli {

Result<std::optional<int64_t>> TableRows(object::Files& files, const catalog::Content& content) {
  namespace iceberg = table::iceberg;
  const auto* table = content.As<catalog::IcebergTable>();
  if (table == nullptr) return std::nullopt;
  CRANNOG_ASSIGN(const std::string bytes,
                 object::ReadAll(files, table->metadata_location, iceberg::kMetadataBytesMax));
  CRANNOG_ASSIGN(const iceberg::TableMetadata metadata,
                 iceberg::ParseTableMetadata(bytes, table->metadata_location));
  const iceberg::SnapshotPtr snapshot = metadata.CurrentSnapshot();
  if (!snapshot) return 0;
  const auto total = snapshot->summary.find("total-records");
  if (total == snapshot->summary.end()) return std::nullopt;
  int64_t rows = 0;
  const std::string& text = total->second;
  if (std::from_chars(text.data(), text.data() + text.size(), rows).ec != std::errc()) {
    return std::nullopt;
  }
  return rows;
}

}  // namespace crannog::cli
