// An open object.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "object/content/object_info.h"
#include "object/files.h"

namespace crannog::io {
class FileSystem;
}

namespace crannog::object {

class ContentPin;
class PieceFiles;

// A stretch of an object's content, where it lies. The extents of an object, one after the other,
// are its content.
struct Extent {
  uint64_t offset_bytes = 0;  // in the object
  uint64_t size_bytes = 0;
  // The file that holds exactly this extent from its first byte on, or empty: then `bytes` is it.
  std::string path;
  std::string_view bytes;  // lives as long as the Reader
};

// Thread-safe. While it lives its content stays readable, and the paths of its extents stay in
// place, even if the object is deleted or overwritten. Must not outlive its Store.
class Reader final : public FileReader {
 public:
  ~Reader() override;

  const ObjectInfo& info() const { return info_; }
  uint64_t size_bytes() const override { return info_.size_bytes; }
  int64_t modified_ms() const override { return info_.modified_ms; }
  const std::string& etag() const override { return info_.etag; }
  // pread on the content file, or a copy of the bytes kept in state: nothing is buffered.
  Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const override;
  // For readers that go to the files themselves. None for an empty object.
  const std::vector<Extent>& extents() const { return extents_; }

 private:
  friend class ObjectOpener;
  Reader();

  ObjectInfo info_;
  std::vector<std::unique_ptr<std::string>>
      inline_bytes_;  // what the extents without a path point into
  std::vector<Extent> extents_;
  std::unique_ptr<ContentPin> pin_;    // null when all of the content is inline
  std::unique_ptr<PieceFiles> files_;  // the open files, opened when first read
};

}  // namespace crannog::object
