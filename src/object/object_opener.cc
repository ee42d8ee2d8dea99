#include "object/object_opener.h"

#include <string>
#include <utility>

#include "object/piece_files.h"

namespace crannog::object {

using state::Table;

Result<std::unique_ptr<Reader>> ObjectOpener::Open(const Bucket& bucket, std::string_view key) {
  for (int attempt = 0; attempt < kOpenAttemptsMax; ++attempt) {
    Result<std::unique_ptr<Reader>> reader = Attempt(bucket, key);
    if (!reader) {
      return std::unexpected(
          std::move(reader).error().Within(Describe("open object", bucket.name, key)));
    }
    if (*reader != nullptr) return reader;
  }
  return Fail(Code::kUnavailable,
              Describe("open object", bucket.name, key) + ": it is being overwritten too fast");
}

// The pin counts only if the content was still in the index once it was taken: whoever removes the
// content from the index looks for pins afterwards. Hence the second look-up.
Result<std::unique_ptr<Reader>> ObjectOpener::Attempt(const Bucket& bucket, std::string_view key) {
  CRANNOG_ASSIGN(std::optional<ObjectEntry> entry, core_->LoadEntry(bucket.id, key));
  if (!entry) return Fail(Code::kNotFound, "no such object");
  std::unique_ptr<Reader> reader(new Reader());
  const ContentRef content = entry->content;
  reader->info_ = std::move(entry->info);
  if (content.kind == ContentKind::kEmpty) return reader;
  if (content.kind != ContentKind::kInline) reader->pin_ = core_->pins.Pin(content.id);
  const Status added = AddContent(*reader, content);
  if (added && content.kind == ContentKind::kInline) return reader;

  CRANNOG_ASSIGN(const std::optional<ObjectEntry> again, core_->LoadEntry(bucket.id, key));
  if (!again || again->content != content) return nullptr;
  if (!added) {
    return Fail(added.error().code() == Code::kNotFound ? Code::kCorrupt : added.error().code(),
                added.error().message());
  }
  reader->files_ = std::make_unique<PieceFiles>(core_->files_system);
  // One file, the usual case, is opened now: reading it takes no lock.
  if (reader->extents_.size() == 1) {
    CRANNOG_RETURN_IF_ERROR(reader->files_->OpenOnly(reader->extents_.front()));
  }
  return reader;
}

Status ObjectOpener::AddContent(Reader& reader, const ContentRef& content) {
  if (content.kind != ContentKind::kManifest) return AddPiece(reader, content);
  CRANNOG_ASSIGN(const Manifest manifest, core_->LoadManifest(content.id));
  for (const ContentRef& piece : manifest) {
    CRANNOG_RETURN_IF_ERROR(AddPiece(reader, piece));
  }
  const Extent* last = reader.extents_.empty() ? nullptr : &reader.extents_.back();
  const uint64_t size = last == nullptr ? 0 : last->offset_bytes + last->size_bytes;
  if (size == content.size_bytes) return {};
  return Fail(Code::kCorrupt, "the pieces have " + std::to_string(size) + " bytes, the object " +
                                  std::to_string(content.size_bytes));
}

Status ObjectOpener::AddPiece(Reader& reader, const ContentRef& piece) {
  Extent extent;
  if (!reader.extents_.empty()) {
    extent.offset_bytes = reader.extents_.back().offset_bytes + reader.extents_.back().size_bytes;
  }
  extent.size_bytes = piece.size_bytes;
  if (piece.kind == ContentKind::kFile) {
    extent.path = core_->files.PathOf(piece.id);
    reader.extents_.push_back(std::move(extent));
    return {};
  }
  const std::string row = ContentRow(piece.id, ContentRowKind::kInline);
  CRANNOG_ASSIGN(std::optional<std::string> bytes, core_->state.Get(Table::kContent, row));
  if (!bytes) {
    return Fail(Code::kNotFound,
                "content " + IdToHex(static_cast<uint64_t>(piece.id)) + " has no row");
  }
  if (bytes->size() != piece.size_bytes) {
    return Fail(Code::kCorrupt, "content " + IdToHex(static_cast<uint64_t>(piece.id)) + " has " +
                                    std::to_string(bytes->size()) + " bytes instead of " +
                                    std::to_string(piece.size_bytes));
  }
  reader.inline_bytes_.push_back(std::make_unique<std::string>(std::move(*bytes)));
  extent.bytes = *reader.inline_bytes_.back();
  reader.extents_.push_back(std::move(extent));
  return {};
}

}  // namespace crannog::object
