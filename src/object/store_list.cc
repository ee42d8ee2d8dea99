// Store: listings.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/hex.h"
#include "base/ordered_key.h"
#include "object/content/rolled_scan.h"
#include "object/store.h"
#include "object/store_core.h"

namespace crannog::object {

using state::Table;

namespace {

// A continuation token is the last key or common prefix of the page before, as "1" and hex.
constexpr char kTokenVersion = '1';

std::string EncodeToken(std::string_view last) { return kTokenVersion + HexEncode(last); }

Result<std::string> DecodeToken(std::string_view token) {
  if (token.starts_with(kTokenVersion)) {
    Result<std::string> last = HexDecode(token.substr(1));
    if (last && !last->empty()) return last;
  }
  return Fail(Code::kInvalid, "list objects: not a continuation token of this store");
}

}  // namespace

Result<ObjectPage> Store::List(std::string_view bucket_name, const ListOptions& options) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(bucket_name));
  std::string after = options.start_after;
  if (options.continuation_token) {
    CRANNOG_ASSIGN(after, DecodeToken(*options.continuation_token));
  }
  ObjectPage page;
  if (options.count_max == 0) return page;
  std::string last;
  RolledScan scan;
  scan.table = Table::kObjects;
  scan.prefix = options.prefix;
  scan.delimiter = options.delimiter;
  scan.count_max = std::min(options.count_max, kListKeysMax);
  scan.row_prefix = [&](std::string_view prefix) { return ObjectRowPrefix(bucket->id, prefix); };
  scan.begin = scan.row_prefix(options.prefix);
  scan.end = PrefixEnd(scan.begin);
  if (!after.empty()) scan.begin = std::max(scan.begin, RowAfter(scan, after));
  scan.key_of_row = [](std::string_view row) -> Result<std::optional<std::string_view>> {
    CRANNOG_ASSIGN(const ObjectRowName name, ParseObjectRow(row));
    if (!name.version.empty()) return std::nullopt;
    return name.key;
  };
  scan.on_row = [&](std::string_view row, std::string_view value) -> Status {
    CRANNOG_ASSIGN(const ObjectRowName name, ParseObjectRow(row));
    Result<ObjectEntry> entry = DecodeObjectEntry(value);
    if (!entry) return std::unexpected(std::move(entry).error().Within(name.key));
    entry->info.key = std::string(name.key);
    last = entry->info.key;
    page.objects.push_back(std::move(entry->info));
    return {};
  };
  scan.on_common_prefix = [&](std::string_view common) {
    last = std::string(common);
    page.common_prefixes.push_back(last);
  };
  if (!scan.end.empty() && scan.begin >= scan.end) return page;
  CRANNOG_ASSIGN(const bool more, Run(scan, core_->state));
  if (more) page.continuation_token = EncodeToken(last);
  return page;
}

Result<UploadPage> Store::ListUploads(std::string_view bucket_name,
                                      const ListUploadsOptions& options) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(bucket_name));
  UploadPage page;
  if (options.count_max == 0) return page;
  std::string last_key;
  std::string last_id;
  RolledScan scan;
  scan.table = Table::kUploads;
  scan.prefix = options.prefix;
  scan.delimiter = options.delimiter;
  scan.count_max = std::min(options.count_max, kListKeysMax);
  scan.row_prefix = [&](std::string_view prefix) { return UploadRowPrefix(bucket->id, prefix); };
  scan.begin = scan.row_prefix(options.prefix);
  scan.end = PrefixEnd(scan.begin);
  if (!options.key_marker.empty()) {
    const bool within_key = !options.upload_id_marker.empty();
    const std::string marker =
        within_key ? UploadRow(bucket->id, options.key_marker, options.upload_id_marker) + '\0'
                   : RowAfter(scan, options.key_marker);
    scan.begin = std::max(scan.begin, marker);
  }
  scan.key_of_row = [](std::string_view row) -> Result<std::optional<std::string_view>> {
    CRANNOG_ASSIGN(const UploadRowName name, ParseUploadRow(row));
    return name.key;
  };
  scan.on_row = [&](std::string_view row, std::string_view value) -> Status {
    CRANNOG_ASSIGN(const UploadRowName name, ParseUploadRow(row));
    CRANNOG_ASSIGN(UploadRecord record, DecodeUploadRecord(value));
    last_key = record.info.key = std::string(name.key);
    last_id = record.info.upload_id = std::string(name.upload_id);
    page.uploads.push_back(std::move(record.info));
    return {};
  };
  scan.on_common_prefix = [&](std::string_view common) {
    last_key = std::string(common);
    last_id.clear();
    page.common_prefixes.push_back(last_key);
  };
  if (!scan.end.empty() && scan.begin >= scan.end) return page;
  CRANNOG_ASSIGN(const bool more, Run(scan, core_->state));
  if (more) {
    page.next_key_marker = last_key;
    page.next_upload_id_marker = last_id;
  }
  return page;
}

}  // namespace crannog::object
