#include "object/content_writer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/varint.h"
#include "object/content/limits.h"

namespace crannog::object {

StagedContent::StagedContent(StagedContent&& other) noexcept
    : core_(other.core_),
      ref_(other.ref_),
      bytes_(std::move(other.bytes_)),
      owns_file_(std::exchange(other.owns_file_, false)) {}

StagedContent::~StagedContent() {
  if (!owns_file_) return;
  // If this fails the id stays open, and the next open sweeps the file.
  const std::array<ContentId, 1> file = {ref_.id};
  if (core_->files.Remove(file)) core_->ids.Settle(ref_.id);
}

Result<StagedContent> StagedContent::Inline(StoreCore& core, std::string bytes) {
  StagedContent staged(core);
  if (bytes.empty()) return staged;
  CRANNOG_ASSIGN(staged.ref_.id, core.ids.Take());
  staged.ref_.kind = ContentKind::kInline;
  staged.ref_.size_bytes = bytes.size();
  staged.bytes_ = std::move(bytes);
  return staged;
}

void StagedContent::AddRows(state::Batch& batch) const {
  if (ref_.kind == ContentKind::kInline) {
    batch.Put(state::Table::kContent, ContentRow(ref_.id, ContentRowKind::kInline), bytes_);
  } else if (ref_.kind == ContentKind::kFile) {
    std::string size;
    AppendVarint(size, ref_.size_bytes);
    batch.Put(state::Table::kContent, ContentRow(ref_.id, ContentRowKind::kFile), size);
  }
}

void StagedContent::Keep(bool published) {
  if (!owns_file_) return;
  owns_file_ = false;
  if (published) core_->ids.Settle(ref_.id);
}

ContentWriter::~ContentWriter() {
  if (temporary_.path.empty()) return;
  temporary_.file.reset();
  // What cannot be removed now is swept at the next open.
  (void)core_->files_system.Remove(temporary_.path);
}

Status ContentWriter::Append(std::string_view bytes) {
  if (bytes.size() > kObjectSizeBytesMax - size_bytes_) {
    return Fail(Code::kTooLarge,
                "objects have at most " + std::to_string(kObjectSizeBytesMax) + " bytes");
  }
  size_bytes_ += bytes.size();
  if (size_bytes_ <= core_->options.inline_size_bytes_max) {
    buffer_ += bytes;
    return {};
  }
  if (temporary_.file == nullptr) {
    CRANNOG_ASSIGN(temporary_, core_->files.CreateTemporary());
  }
  if (buffer_.size() + bytes.size() < kWriteBufferSizeBytes) {
    if (buffer_.capacity() < kWriteBufferSizeBytes) buffer_.reserve(kWriteBufferSizeBytes);
    buffer_ += bytes;
    return {};
  }
  CRANNOG_RETURN_IF_ERROR(FlushBuffer());
  // Large pieces go straight through.
  if (bytes.size() >= kWriteBufferSizeBytes) return temporary_.file->Append(bytes);
  buffer_ += bytes;
  return {};
}

Status ContentWriter::FlushBuffer() {
  if (buffer_.empty()) return {};
  CRANNOG_RETURN_IF_ERROR(temporary_.file->Append(buffer_));
  buffer_.clear();
  return {};
}

Result<StagedContent> ContentWriter::Stage() {
  if (temporary_.file == nullptr) return StagedContent::Inline(*core_, std::move(buffer_));
  CRANNOG_RETURN_IF_ERROR(FlushBuffer());
  CRANNOG_RETURN_IF_ERROR(temporary_.file->Sync());
  CRANNOG_ASSIGN(const uint64_t written, temporary_.file->Size());
  if (written != size_bytes_) {
    return Fail(Code::kIo, "write " + temporary_.path + ": has " + std::to_string(written) +
                               " bytes instead of " + std::to_string(size_bytes_));
  }
  temporary_.file.reset();
  StagedContent staged(*core_);
  CRANNOG_ASSIGN(staged.ref_.id, core_->ids.TakeForFile());
  staged.ref_.kind = ContentKind::kFile;
  staged.ref_.size_bytes = size_bytes_;
  staged.owns_file_ = true;
  CRANNOG_RETURN_IF_ERROR(core_->files.Publish(temporary_.path, staged.ref_.id));
  temporary_.path.clear();
  return staged;
}

}  // namespace crannog::object
