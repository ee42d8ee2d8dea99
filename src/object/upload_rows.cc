#include "object/upload_rows.h"

#include <utility>

#include "object/content/names.h"

namespace crannog::object {

using state::Table;

std::unexpected<Error> NoUpload(std::string_view upload_id) {
  return Fail(Code::kNotFound, "upload " + std::string(upload_id) + " does not exist");
}

Result<UploadName> FindUploadName(StoreCore& core, const ObjectName& name,
                                  std::string_view upload_id) {
  CRANNOG_RETURN_IF_ERROR(CheckKey(name.key));
  CRANNOG_ASSIGN(std::shared_ptr<Bucket> bucket, core.FindBucket(name.bucket));
  if (!IdFromHex(upload_id)) return NoUpload(upload_id.substr(0, kUploadIdSize));
  return UploadName{std::move(bucket), std::string(name.key), std::string(upload_id)};
}

Result<std::optional<UploadRecord>> LoadUpload(StoreCore& core, const UploadName& name) {
  CRANNOG_ASSIGN(const std::optional<std::string> row, core.state.Get(Table::kUploads, name.Row()));
  if (!row) return std::nullopt;
  CRANNOG_ASSIGN(UploadRecord record, DecodeUploadRecord(*row));
  record.info.key = name.key;
  record.info.upload_id = name.upload_id;
  return record;
}

Result<PartRecords> LoadParts(StoreCore& core, std::string_view upload_id) {
  CRANNOG_ASSIGN(
      const std::unique_ptr<state::Cursor> cursor,
      core.state.Scan(Table::kUploads, state::ScanOptions::Prefix(PartRowPrefix(upload_id))));
  PartRecords parts;
  while (true) {
    CRANNOG_ASSIGN(const bool more, cursor->Next());
    if (!more) return parts;
    CRANNOG_ASSIGN(const PartRowName name, ParsePartRow(cursor->key()));
    CRANNOG_ASSIGN(PartRecord part, DecodePartRecord(cursor->value()));
    part.info.number = name.number;
    parts.emplace(name.number, std::move(part));
  }
}

}  // namespace crannog::object
