// A directory tree as one sorted list of paths. Internal to object/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"
#include "object/files.h"

namespace crannog::object {

// Where a warehouse keeps files on their way; never listed.
inline constexpr std::string_view kWarehouseTemporaryFolder = ".crannog-tmp";

// Finds the files below `root` whose path starts with `prefix` and sorts after `after`: the first
// `count_max` in byte order of the path. Links to directories are not followed. Not thread-safe.
class DirectoryWalk {
 public:
  DirectoryWalk(io::FileSystem& files, std::string root, std::string prefix, std::string after,
                size_t count_max)
      : files_(&files),
        root_(std::move(root)),
        prefix_(std::move(prefix)),
        after_(std::move(after)),
        count_max_(count_max) {}

  // Locations are bare paths.
  Result<std::vector<FileEntry>> Run();

 private:
  Status Visit(const std::string& directory, int depth);
  bool MayHold(std::string_view directory_with_slash) const;

  io::FileSystem* files_;  // not null
  std::string root_;
  std::string prefix_;
  std::string after_;
  size_t count_max_;
  std::vector<FileEntry> found_;
};

}  // namespace crannog::object
