// The folder of content files: where each lies, how it gets there and how it goes.
// For object/ only.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>

#include "base/result.h"
#include "io/file_system.h"
#include "object/content/content_ref.h"

namespace crannog::object {

struct TemporaryFile {
  std::unique_ptr<io::File> file;
  std::string path;
};

// Thread-safe.
class ContentFiles {
 public:
  static constexpr std::string_view kTemporaryFolder = "tmp";
  static constexpr size_t kFolderCount = 256;

  ContentFiles(io::FileSystem& files, std::string directory);

  // Creates the folder when absent and removes every temporary file.
  Status Open();
  std::string PathOf(ContentId id) const;
  const std::string& directory() const { return directory_; }
  io::FileSystem& files() const { return *files_; }

  Result<TemporaryFile> CreateTemporary();
  // Gives the synced temporary file its id's name, durably.
  Status Publish(const std::string& temporary_path, ContentId id);
  // Unlinks and makes that durable; files that are gone already are fine.
  Status Remove(std::span<const ContentId> ids);

 private:
  static size_t FolderOf(ContentId id);
  std::string FolderPath(size_t folder) const;
  Status EnsureFolder(size_t folder);

  io::FileSystem* files_;  // not null
  std::string directory_;
  std::atomic<uint64_t> temporary_next_ = 0;
  std::mutex mutex_;  // guards folder_exists_; held while a folder is made
  std::array<bool, kFolderCount> folder_exists_{};
};

}  // namespace crannog::object
