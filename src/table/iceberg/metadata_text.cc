#include "table/iceberg/metadata_text.h"

#include <string_view>
#include <utility>

#include "base/check.h"
#include "codec/compression.h"
#include "codec/json.h"
#include "table/iceberg/format/table_metadata_json.h"

namespace crannog::table::iceberg {

namespace {

constexpr uint64_t kTextBytesMax = uint64_t{64} << 20;
// Quotes inside JSON strings are escaped, so this text is a member and nothing else.
constexpr std::string_view kNoSnapshots = "\"snapshots\":[]";

}  // namespace

std::string MetadataText::SnapshotText(const SnapshotPtr& snapshot, int format_version) {
  {
    const std::lock_guard lock(mutex_);
    const auto it = texts_.find(snapshot.get());
    if (it != texts_.end() && it->second.format_version == format_version) return it->second.text;
  }
  std::string text = codec::WriteJson(SnapshotToJson(*snapshot, format_version));
  const std::lock_guard lock(mutex_);
  if (bytes_ > kTextBytesMax) {
    texts_.clear();
    bytes_ = 0;
  }
  bytes_ += text.size();
  texts_.insert_or_assign(snapshot.get(), Entry{snapshot, format_version, text});
  return text;
}

Result<std::string> MetadataText::Write(const TableMetadata& table, bool gzip) {
  if (gzip) return WriteTableMetadataGzip(table);
  TableMetadata rest = table;
  rest.snapshots.clear();
  std::string text = codec::WriteJson(TableMetadataToJson(rest));
  const size_t at = text.find(kNoSnapshots);
  if (at == std::string::npos) return WriteTableMetadata(table);
  std::string list;
  for (const SnapshotPtr& snapshot : table.snapshots) {
    if (!list.empty()) list += ',';
    list += SnapshotText(snapshot, table.format_version);
  }
  text.insert(at + kNoSnapshots.size() - 1, list);
  return text;
}

}  // namespace crannog::table::iceberg
