// The disk as a seam: POSIX files (posix_file_system.h), or files in memory that lose what was not
// synced when the test says so (sim_file_system.h).
//
// Every error names the operation, the path and the system's reason:
//   kNotFound kExists kForbidden  as usual
//   kExhausted  the disk, a quota or the table of open files is full
//   kInvalid    the path is not of the needed kind (a directory for a file, a loop, too long)
//   kIo         anything else; after a failed sync, what was written may or may not be on disk
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::io {

// An open file. Reads and writes at an offset are thread-safe; Append() is for one thread at a
// time. Dropping it closes it and syncs nothing.
class File {
 public:
  virtual ~File() = default;
  // How many bytes there were at `offset_bytes`: fewer than asked only at the end of the file.
  virtual Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const = 0;
  // All of `bytes` or an Error; after an Error any part may have been written.
  virtual Status WriteAt(uint64_t offset_bytes, std::string_view bytes) = 0;
  // At the end of the file.
  virtual Status Append(std::string_view bytes) = 0;
  // Content and size are on the disk when this returns (fdatasync). The name that leads to the
  // file needs SyncDirectory() besides.
  virtual Status Sync() = 0;
  virtual Status Truncate(uint64_t size_bytes) = 0;
  virtual Result<uint64_t> Size() const = 0;
};

enum class OpenMode : uint8_t {
  kRead,       // must exist
  kReadWrite,  // must exist; Append() starts at its end
  kCreate,     // for reading and writing, created when absent
  kCreateNew,  // for reading and writing; kExists when present
  kTruncate,   // for reading and writing, created when absent, emptied when present
};

struct FileInfo {
  uint64_t size_bytes = 0;
  int64_t modified_ms = 0;  // since the epoch
  uint64_t link_count = 1;
  bool is_directory = false;
};

struct DirectoryEntry {
  std::string name;  // without its directory
  bool is_directory = false;
};

// Held until dropped, or until the process ends however it ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

// Thread-safe. Paths are absolute or relative to the process's working directory.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) = 0;
  virtual Result<FileInfo> Stat(const std::string& path) = 0;
  // In the order of names, without "." and "..".
  virtual Result<std::vector<DirectoryEntry>> List(const std::string& directory) = 0;
  // The parent must exist; kExists when the path does.
  virtual Status CreateDirectory(const std::string& path) = 0;
  virtual Status Remove(const std::string& path) = 0;
  // Only an empty one; kInvalid otherwise.
  virtual Status RemoveDirectory(const std::string& path) = 0;
  // Replaces `to` in one step when it is a file.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  // A second name for the same file; kExists when `to` is taken.
  virtual Status Link(const std::string& from, const std::string& to) = 0;
  // Names created, removed and renamed in `directory` are on the disk when this returns.
  virtual Status SyncDirectory(const std::string& directory) = 0;
  // Exclusive among processes and among callers in this one; creates the file when absent.
  //   kUnavailable  somebody else holds it
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
  virtual Result<uint64_t> FreeBytes(const std::string& path) = 0;

  // What the above make easy.
  Result<bool> Exists(const std::string& path);
  // With every missing parent, each synced into its own parent. Fine when it exists already.
  Status CreateDirectories(const std::string& path);
  // kTooLarge beyond `size_bytes_max`.
  Result<std::string> ReadFile(const std::string& path, uint64_t size_bytes_max);
  // Replaces `path` whole or not at all: temporary name, sync, rename, directory sync.
  Status WriteFileDurably(const std::string& path, std::string_view bytes);
  // A directory and all below it; fine when there is nothing.
  Status RemoveTree(const std::string& path);
};

// "a/b" of "a/b/c", "/" of "/c", "." of "c".
std::string ParentPath(std::string_view path);
// Puts one '/' between the two.
std::string JoinPath(std::string_view directory, std::string_view name);

}  // namespace crannog::io
