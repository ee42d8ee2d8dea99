// Store: multipart uploads.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "object/checksummed_writer.h"
#include "object/content/names.h"
#include "object/store.h"
#include "object/store_core.h"
#include "object/upload_rows.h"

namespace crannog::object {

using state::Table;

namespace {

class PartWriter final : public ChecksummedWriter {
 public:
  PartWriter(StoreCore& core, UploadName name, uint32_t number, const PartOptions& options)
      : ChecksummedWriter(
            core,
            Describe("upload part " + std::to_string(number) + " of", name.bucket->name, name.key),
            options.etag, options.checksums),
        name_(std::move(name)),
        number_(number) {}

 protected:
  Status Precheck() override {
    CRANNOG_ASSIGN(const std::optional<UploadRecord> upload, LoadUpload(core(), name_));
    if (!upload) return NoUpload(name_.upload_id);
    return {};
  }

  Result<ObjectInfo> Publish(StagedContent staged, std::string etag,
                             std::vector<Checksum> checksums) override {
    PartRecord part;
    part.content = staged.ref();
    part.info.etag = std::move(etag);
    part.info.checksums = std::move(checksums);
    part.info.modified_ms = core().clock.NowMillis();
    const Status committed = CommitPart(staged, part);
    staged.Committed(committed);
    if (!committed) return std::unexpected(committed.error());
    ObjectInfo info;
    info.key = name_.key;
    info.size_bytes = part.content.size_bytes;
    info.modified_ms = part.info.modified_ms;
    info.etag = std::move(part.info.etag);
    info.checksums = std::move(part.info.checksums);
    return info;
  }

 private:
  Status CommitPart(const StagedContent& staged, const PartRecord& part) {
    const StripedLocks::Held upload_lock = core().LockUpload(name_.upload_id);
    // The upload may have been completed or aborted while the part was on its way.
    CRANNOG_RETURN_IF_ERROR(Precheck());
    const std::string row = PartRow(name_.upload_id, number_);
    state::Batch batch;
    CRANNOG_ASSIGN(const std::optional<std::string> earlier,
                   core().state.Get(Table::kUploads, row));
    if (earlier) {
      CRANNOG_ASSIGN(const PartRecord replaced, DecodePartRecord(*earlier));
      CRANNOG_RETURN_IF_ERROR(core().ReleaseContent(batch, replaced.content));
    }
    staged.AddRows(batch);
    batch.Put(Table::kUploads, row, Encode(part));
    CRANNOG_RETURN_IF_ERROR(core().Commit(batch, Durability::kNow));
    if (earlier) core().reclaimer.Wake();
    return {};
  }

  UploadName name_;
  uint32_t number_;
};

Status CheckUploadOptions(const UploadOptions& options) {
  CRANNOG_RETURN_IF_ERROR(CheckAttributes(options.attributes));
  if (!options.checksum_algorithm) return {};
  const ChecksumAlgorithm algorithm = *options.checksum_algorithm;
  const bool full = options.checksum_type == ChecksumType::kFullObject;
  const bool allowed =
      full ? ChecksumCombines(algorithm)
           : algorithm != ChecksumAlgorithm::kCrc64Nvme && algorithm != ChecksumAlgorithm::kMd5;
  if (allowed) return {};
  return Fail(Code::kInvalid, std::string(ChecksumName(algorithm)) + " cannot be " +
                                  (full ? "FULL_OBJECT" : "COMPOSITE"));
}

}  // namespace

Result<std::string> Store::CreateUpload(const ObjectName& name, const UploadOptions& options) {
  CRANNOG_RETURN_IF_ERROR(CheckKey(name.key));
  CRANNOG_RETURN_IF_ERROR(CheckUploadOptions(options));
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(name.bucket));
  CRANNOG_ASSIGN(const ContentId id, core_->ids.Take());
  const std::string upload_id = IdToHex(static_cast<uint64_t>(id));
  UploadRecord record;
  record.info.created_ms = core_->clock.NowMillis();
  record.info.attributes = options.attributes;
  record.info.checksum_algorithm = options.checksum_algorithm;
  record.info.checksum_type = options.checksum_type;
  state::Batch batch;
  batch.Put(Table::kUploads, UploadRow(bucket->id, name.key, upload_id), Encode(record));
  const std::shared_lock gate(bucket->gate);
  CRANNOG_RETURN_IF_ERROR(StoreCore::CheckGate(*bucket));
  CRANNOG_RETURN_IF_ERROR(core_->Commit(batch, Durability::kNow));
  return upload_id;
}

Result<std::unique_ptr<Writer>> Store::UploadPart(const ObjectName& name,
                                                  std::string_view upload_id, uint32_t number,
                                                  const PartOptions& options) {
  if (number == 0 || number > kPartsMax) {
    return Fail(Code::kInvalid, "upload part: numbers are 1 to " + std::to_string(kPartsMax));
  }
  CRANNOG_ASSIGN(UploadName found, FindUploadName(*core_, name, upload_id));
  CRANNOG_ASSIGN(const std::optional<UploadRecord> upload, LoadUpload(*core_, found));
  if (!upload) return NoUpload(upload_id);
  PartOptions with_checksum = options;
  if (upload->info.checksum_algorithm) {
    with_checksum.checksums.push_back(*upload->info.checksum_algorithm);
  }
  return std::make_unique<PartWriter>(*core_, std::move(found), number, with_checksum);
}

Result<PartPage> Store::ListParts(const ObjectName& name, std::string_view upload_id,
                                  uint32_t number_marker, size_t count_max) {
  CRANNOG_ASSIGN(const UploadName found, FindUploadName(*core_, name, upload_id));
  const StripedLocks::Held upload_lock = core_->LockUpload(upload_id);
  CRANNOG_ASSIGN(std::optional<UploadRecord> upload, LoadUpload(*core_, found));
  if (!upload) return NoUpload(upload_id);
  PartPage page;
  page.upload = std::move(upload->info);
  CRANNOG_ASSIGN(PartRecords parts, LoadParts(*core_, upload_id));
  for (auto it = parts.upper_bound(number_marker); it != parts.end(); ++it) {
    if (page.parts.size() == std::min(count_max, kListKeysMax)) {
      if (!page.parts.empty()) page.next_part_number_marker = page.parts.back().number;
      break;
    }
    page.parts.push_back(std::move(it->second.info));
  }
  return page;
}

Status Store::AbortUpload(const ObjectName& name, std::string_view upload_id) {
  CRANNOG_ASSIGN(const UploadName found, FindUploadName(*core_, name, upload_id));
  const std::shared_lock gate(found.bucket->gate);
  return core_->AbortUploadWithinGate(*found.bucket, name.key, upload_id);
}

Status StoreCore::AbortUploadWithinGate(const Bucket& bucket, std::string_view key,
                                        std::string_view upload_id) {
  const std::string row = UploadRow(bucket.id, key, upload_id);
  const StripedLocks::Held upload_lock = LockUpload(upload_id);
  CRANNOG_ASSIGN(const std::optional<std::string> upload, state.Get(Table::kUploads, row));
  if (!upload) return NoUpload(upload_id);
  CRANNOG_ASSIGN(const PartRecords parts, LoadParts(*this, upload_id));
  state::Batch batch;
  for (const auto& [number, part] : parts) {
    CRANNOG_RETURN_IF_ERROR(ReleaseContent(batch, part.content));
    batch.Delete(Table::kUploads, PartRow(upload_id, number));
  }
  batch.Delete(Table::kUploads, row);
  CRANNOG_RETURN_IF_ERROR(Commit(batch, Durability::kNow));
  reclaimer.Wake();
  return {};
}

Status StoreCore::AbortUploadsWithinGate(const Bucket& bucket) {
  CRANNOG_ASSIGN(
      const std::unique_ptr<state::Cursor> cursor,
      state.Scan(Table::kUploads, state::ScanOptions::Prefix(UploadRowPrefix(bucket.id, ""))));
  while (true) {
    CRANNOG_ASSIGN(const bool more, cursor->Next());
    if (!more) return {};
    CRANNOG_ASSIGN(const UploadRowName name, ParseUploadRow(cursor->key()));
    CRANNOG_RETURN_IF_ERROR(AbortUploadWithinGate(bucket, name.key, name.upload_id));
  }
}

}  // namespace crannog::object
