// One process at a time on a lake: a lock file that says who holds it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/file_system.h"

namespace crannog::state {

// Who holds a lake, as its LOCK file tells. `server` is whatever the holder chose to announce.
struct LakeHolder {
  int64_t pid = 0;
  std::string started;  // ISO-8601 UTC
  std::string command;
  std::string host;
  std::string server;  // address that takes requests for this lake; empty when there is none

  friend bool operator==(const LakeHolder&, const LakeHolder&) = default;
};

// Held until dropped, or until the process dies in whatever way: a file left behind by a dead
// process is no obstacle.
class LakeLock {
 public:
  // Creates `lake_directory` when absent. `command` is how people will recognize this process.
  //   kUnavailable  another process holds it; the message names its pid and command and what to do
  //   kForbidden, kExhausted, kIo
  static Result<std::unique_ptr<LakeLock>> Acquire(io::FileSystem& file_system,
                                                   const std::string& lake_directory,
                                                   const std::string& command);
  ~LakeLock();

  // Writes into the file where this process serves the lake, so that others can go there.
  Status Announce(const std::string& server);

 private:
  LakeLock(io::FileSystem& file_system, std::string path, LakeHolder holder,
           std::unique_ptr<io::FileLock> lock);

  io::FileSystem* file_system_;  // not null
  std::string path_;
  LakeHolder holder_;
  std::unique_ptr<io::FileLock> lock_;
};

// What the LOCK file says, whether or not its writer still lives. Nothing when there is no file or
// it says nothing readable.
Result<std::optional<LakeHolder>> ReadLakeHolder(io::FileSystem& file_system,
                                                 const std::string& lake_directory);

}  // namespace crannog::state
