// The open files of one Reader, few at a time. Internal to object/.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "io/file_system.h"
#include "object/content/limits.h"
#include "object/reader.h"

namespace crannog::object {

// Thread-safe, once OpenOnly() is done.
class PieceFiles {
 public:
  explicit PieceFiles(io::FileSystem& files) : files_(&files) {}

  // For objects of one extent, before the reader is shared.
  Status OpenOnly(const Extent& extent) {
    CRANNOG_ASSIGN(only_, files_->Open(extent.path, io::OpenMode::kRead));
    return {};
  }

  // The file of `extent`, opened if need be; the least recently used one is closed for it.
  Result<std::shared_ptr<io::File>> FileOf(const Extent& extent) {
    if (only_ != nullptr) return only_;
    const std::lock_guard lock(mutex_);
    for (auto it = open_.begin(); it != open_.end(); ++it) {
      if (it->first != &extent) continue;
      open_.splice(open_.begin(), open_, it);
      return it->second;
    }
    CRANNOG_ASSIGN(std::shared_ptr<io::File> file, files_->Open(extent.path, io::OpenMode::kRead));
    open_.emplace_front(&extent, file);
    if (open_.size() > kReaderFilesOpenMax) open_.pop_back();
    return file;
  }

 private:
  io::FileSystem* files_;  // not null
  std::shared_ptr<io::File> only_;
  std::mutex mutex_;  // guards open_; held while a file is opened
  std::list<std::pair<const Extent*, std::shared_ptr<io::File>>> open_;  // latest first
};

}  // namespace crannog::object
