// The Files face over a plain directory: "file:///data/warehouse/..." or the bare path. Every file
// lies under its own name, so that any engine reads it with Crannog stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "io/file_system.h"
#include "object/files.h"

namespace crannog::object {

// Thread-safe. Locations outside the root are kInvalid, whether by "..", by another root or by a
// symbolic link that leads out of it. (A link planted by someone else between the check and the
// use is not defended against: the root belongs to the lake's user.)
//
// Durability::kWithNextCommit is kNow here: there is no log to ride on.
class DirectoryFiles final : public Files {
 public:
  // Creates `root` (an absolute path, not "/") when absent. Files on their way lie in its folder
  // ".crannog-tmp", which no listing shows; what earlier processes left there is swept unless
  // another process has the root open too. `files` must outlive the face.
  static Result<std::unique_ptr<DirectoryFiles>> Open(io::FileSystem& files, std::string root);
  // For a folder that is not ours but has tables we read: it must exist, and nothing is made in it
  // before the first file is written there.
  //   kNotFound  no such folder
  static Result<std::unique_ptr<DirectoryFiles>> OpenExisting(io::FileSystem& files,
                                                              std::string root);

  Result<std::unique_ptr<FileReader>> Open(std::string_view location) override;
  Result<std::unique_ptr<FileWriter>> Create(std::string_view location,
                                             const WriteOptions& options) override;
  // Directories that become empty stay.
  Status Delete(std::string_view location) override;
  Result<std::vector<FileEntry>> List(std::string_view prefix, std::string_view start_after,
                                      size_t count_max) override;
  bool Owns(std::string_view location) const override;

 private:
  DirectoryFiles(io::FileSystem& files, std::string root);
  Status Sweep();
  Status PrepareToWrite();
  // The path behind a location, once it is certain to lie within the root.
  Result<std::string> PathOf(std::string_view location) const;

  io::FileSystem* files_;  // not null
  std::string root_;       // absolute, without a slash at the end
  std::string canonical_root_;
  std::mutex prepare_mutex_;    // guards the next, which is set once
  std::string temporary_stem_;  // of this process: path of its temporary files but for a number
  std::atomic<uint64_t> temporary_next_ = 0;
  std::unique_ptr<io::FileLock> lock_;  // null when another process holds it
};

}  // namespace crannog::object
