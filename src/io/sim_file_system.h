// Files in memory with the manners of a disk: what was not synced may be lost or torn by a crash.
//
// For tests that kill the program at a chosen instant:
//
//   SimFileSystem disk;                       // run once, count the sync points
//   for n in 0..disk.sync_count():            // then once for each
//     disk.KillAtSync(n); run; disk.Crash(seed); reopen; check
//
// The model: a file's bytes become durable by File::Sync(), a directory's entries by
// SyncDirectory(). At a crash each 512-byte sector written since the last sync keeps its old or
// gets its new content, the file's size falls anywhere between the synced and the current one,
// and each directory change since the last sync of that directory is kept up to a random point of
// their order (as a journalled file system does); the seed decides. Renames are never half done.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "io/file_system.h"

namespace crannog::io {

// Thread-safe.
class SimFileSystem final : public FileSystem {
 public:
  SimFileSystem();
  ~SimFileSystem() override;

  // The n-th sync point (file or directory; counted from 0 since construction) does not happen,
  // and from there on every call fails with kIo: the process is dead until Crash().
  void KillAtSync(uint64_t n);
  // The same for the n-th change of any kind (write, truncate, create, rename, remove, sync); a
  // killed write may leave a part of itself.
  void KillAtWrite(uint64_t n);
  // Only the n-th sync point or change fails with kIo; life goes on. A failed sync makes nothing
  // durable.
  void FailAtSync(uint64_t n);
  void FailAtWrite(uint64_t n);
  // Room for the content of all files, used and new; writes beyond it fail with kExhausted.
  void SetCapacity(uint64_t size_bytes);
  // Forgets every kill, failure and capacity set above.
  void ClearFaults();

  bool killed() const;
  uint64_t sync_count() const;
  uint64_t write_count() const;
  uint64_t used_bytes() const;

  // Power loss: keeps what is durable, and by `seed` some of what is not. Files and locks opened
  // before fail from now on; faults are cleared and counting goes on.
  void Crash(uint64_t seed);
  // Power loss in which nothing unsynced survives.
  void CrashLosingAll();
  // The process dies but the machine lives: all is still seen, and still not durable.
  void KillProcess();
  // Flips one bit of a file's durable content: bit rot.
  Status FlipBit(const std::string& path, uint64_t offset_bytes, int bit);

  Result<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override;
  Result<FileInfo> Stat(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override;
  Status CreateDirectory(const std::string& path) override;
  Status Remove(const std::string& path) override;
  Status RemoveDirectory(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Link(const std::string& from, const std::string& to) override;
  Status SyncDirectory(const std::string& directory) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override;
  Result<uint64_t> FreeBytes(const std::string& path) override;

  struct Disk;

 private:
  std::shared_ptr<Disk> disk_;  // shared with the files open on it
};

}  // namespace crannog::io
