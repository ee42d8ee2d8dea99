// Bytes on their way to being a content: in memory while small, then in a temporary file.
// For object/ only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "object/content/content_ref.h"
#include "object/store_core.h"

namespace crannog::object {

// Content that is complete and, if a file, durably in its place, but owned by no row yet. Dropped
// as it is, its file goes away. Not thread-safe; moved, never copied.
class StagedContent {
 public:
  explicit StagedContent(StoreCore& core) : core_(&core) {}
  StagedContent(StagedContent&& other) noexcept;
  StagedContent& operator=(StagedContent&&) = delete;
  ~StagedContent();

  // Takes an id for `bytes`, which stay in state.
  static Result<StagedContent> Inline(StoreCore& core, std::string bytes);

  const ContentRef& ref() const { return ref_; }
  // The rows that make it owned; for the batch that publishes it.
  void AddRows(state::Batch& batch) const;
  // How that batch's commit went. After kUnknown the file stays: its row may be there after a
  // crash, and if not the next open sweeps the file.
  template <typename T>
  void Committed(const Result<T>& outcome) {
    if (outcome) return Keep(/*published=*/true);
    if (outcome.error().code() == Code::kUnknown) Keep(/*published=*/false);
  }

 private:
  friend class ContentWriter;
  void Keep(bool published);

  StoreCore* core_;  // not null
  ContentRef ref_;
  std::string bytes_;  // of inline content
  bool owns_file_ = false;
};

// Not thread-safe.
class ContentWriter {
 public:
  explicit ContentWriter(StoreCore& core) : core_(&core) {}
  ContentWriter(const ContentWriter&) = delete;
  ContentWriter& operator=(const ContentWriter&) = delete;
  ~ContentWriter();

  Status Append(std::string_view bytes);
  uint64_t size_bytes() const { return size_bytes_; }
  // Ends the content. Nothing may be called afterwards.
  Result<StagedContent> Stage();

 private:
  Status FlushBuffer();

  StoreCore* core_;  // not null
  uint64_t size_bytes_ = 0;
  std::string buffer_;
  TemporaryFile temporary_;  // once beyond the inline limit
};

}  // namespace crannog::object
