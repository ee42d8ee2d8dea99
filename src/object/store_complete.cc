// Store: the end of a multipart upload.
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "object/checksummed_writer.h"
#include "object/content_writer.h"
#include "object/store.h"
#include "object/store_core.h"
#include "object/upload_completion.h"
#include "object/upload_rows.h"

namespace crannog::object {

using state::Table;

namespace {

// The parts' contents as one: nothing, a part's own, one row of small pieces, or a manifest.
Result<ContentRef> JoinContent(StoreCore& core, state::Batch& batch,
                               const std::vector<PartRecord>& parts) {
  Manifest pieces;
  ContentRef whole;
  bool all_inline = true;
  for (const PartRecord& part : parts) {
    if (part.content.kind == ContentKind::kEmpty) continue;
    pieces.push_back(part.content);
    whole.size_bytes += part.content.size_bytes;
    all_inline = all_inline && part.content.kind == ContentKind::kInline;
  }
  if (pieces.empty()) return ContentRef{};
  if (pieces.size() == 1) return pieces.front();
  if (all_inline && whole.size_bytes <= core.options.inline_size_bytes_max) {
    std::string bytes;
    for (const ContentRef& piece : pieces) {
      const std::string row = ContentRow(piece.id, ContentRowKind::kInline);
      CRANNOG_ASSIGN(const std::optional<std::string> part, core.state.Get(Table::kContent, row));
      if (!part || part->size() != piece.size_bytes) {
        return Fail(Code::kCorrupt, "a part's bytes are missing from state");
      }
      bytes += *part;
      batch.Delete(Table::kContent, row);
    }
    CRANNOG_ASSIGN(const StagedContent joined, StagedContent::Inline(core, std::move(bytes)));
    joined.AddRows(batch);
    return joined.ref();
  }
  whole.kind = ContentKind::kManifest;
  CRANNOG_ASSIGN(whole.id, core.ids.Take());
  batch.Put(Table::kContent, ContentRow(whole.id, ContentRowKind::kManifest), Encode(pieces));
  return whole;
}

// The rows of the upload go; the contents of parts that were not chosen too.
Status DropUpload(const StoreCore& core, const UploadName& name, const PartRecords& uploaded,
                  const std::vector<PartRecord>& chosen, state::Batch& batch) {
  std::set<uint32_t> kept;
  for (const PartRecord& part : chosen) kept.insert(part.info.number);
  for (const auto& [number, part] : uploaded) {
    if (!kept.contains(number)) CRANNOG_RETURN_IF_ERROR(core.ReleaseContent(batch, part.content));
    batch.Delete(Table::kUploads, PartRow(name.upload_id, number));
  }
  batch.Delete(Table::kUploads, name.Row());
  return {};
}

Status DescribeWhole(StoreCore& core, const UploadInfo& upload,
                     const std::vector<PartRecord>& parts, const CompleteOptions& options,
                     ObjectInfo& info) {
  info.part_count = static_cast<uint32_t>(parts.size());
  info.attributes = upload.attributes;
  if (HaveMd5Etags(parts)) {
    info.etag = MultipartEtag(parts);
  } else {
    CRANNOG_ASSIGN(const ContentId id, core.ids.Take());
    info.etag = OpaqueEtag(id, core.clock.NowMillis());
  }
  uint64_t size_bytes = 0;
  for (const PartRecord& part : parts) size_bytes += part.info.size_bytes;
  if (options.size_bytes && *options.size_bytes != size_bytes) {
    return Fail(Code::kCorrupt, "the parts have " + std::to_string(size_bytes) +
                                    " bytes, declared were " + std::to_string(*options.size_bytes));
  }
  if (!upload.checksum_algorithm) {
    if (!options.checksum) return {};
    return Fail(Code::kInvalid, "a checksum is declared, but the upload was created without");
  }
  CRANNOG_ASSIGN(Checksum whole,
                 MultipartChecksum(*upload.checksum_algorithm, upload.checksum_type, parts));
  if (options.checksum && *options.checksum != whole.value) {
    return Fail(Code::kCorrupt, "the parts' checksum is " + whole.ToHeader() + ", declared was " +
                                    ToBase64(*options.checksum));
  }
  info.checksums.push_back(std::move(whole));
  return {};
}

// A client that lost the answer asks again: the upload is gone, its object says it was ours.
Result<ObjectInfo> Replay(StoreCore& core, const UploadName& name) {
  CRANNOG_ASSIGN(std::optional<ObjectEntry> entry, core.LoadEntry(name.bucket->id, name.key));
  if (entry && entry->upload_id == name.upload_id) return std::move(entry->info);
  return NoUpload(name.upload_id);
}

Result<ObjectInfo> Complete(StoreCore& core, const UploadName& name,
                            std::span<const CompletedPart> wanted, const CompleteOptions& options) {
  const std::shared_lock gate(name.bucket->gate);
  CRANNOG_RETURN_IF_ERROR(StoreCore::CheckGate(*name.bucket));
  const StripedLocks::Held upload_lock = core.LockUpload(name.upload_id);
  CRANNOG_ASSIGN(const std::optional<UploadRecord> upload, LoadUpload(core, name));
  if (!upload) return Replay(core, name);
  CRANNOG_ASSIGN(const PartRecords uploaded, LoadParts(core, name.upload_id));
  CRANNOG_ASSIGN(const std::vector<PartRecord> parts,
                 ChooseParts(uploaded, wanted, upload->info, core.options.part_size_bytes_min));
  Publication publication;
  publication.bucket = name.bucket;
  publication.conditions = options.conditions;
  publication.durability = options.durability;
  publication.entry.upload_id = name.upload_id;
  publication.entry.info.key = name.key;
  CRANNOG_RETURN_IF_ERROR(
      DescribeWhole(core, upload->info, parts, options, publication.entry.info));
  CRANNOG_ASSIGN(publication.entry.content, JoinContent(core, publication.batch, parts));
  CRANNOG_RETURN_IF_ERROR(DropUpload(core, name, uploaded, parts, publication.batch));
  Result<ObjectInfo> published = core.PublishWithinGate(std::move(publication));
  if (published && parts.size() < uploaded.size()) core.reclaimer.Wake();
  return published;
}

}  // namespace

Result<ObjectInfo> Store::CompleteUpload(const ObjectName& name, std::string_view upload_id,
                                         std::span<const CompletedPart> parts,
                                         const CompleteOptions& options) {
  CRANNOG_ASSIGN(const UploadName found, FindUploadName(*core_, name, upload_id));
  Result<ObjectInfo> completed = Complete(*core_, found, parts, options);
  if (completed) return completed;
  return std::unexpected(
      std::move(completed).error().Within(Describe("complete upload of", name.bucket, name.key)));
}

}  // namespace crannog::object
