// The lake's state: ordered tables, atomic durable batches, snapshots. The only authority.
//
// On disk it is a RocksDB database (docs/formats/state.md); nothing outside this folder sees
// RocksDB. Of one directory only one Store may be open: the lake lock (lake_lock.h) sees to that
// between processes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "io/clock.h"
#include "io/file_system.h"
#include "state/batch.h"
#include "state/reader.h"

namespace crannog::state {

enum class Sync : uint8_t {
  // On disk when Commit() returns, with every commit before it. Commits that arrive together
  // share one fdatasync.
  kNow,
  // Visible at once, durable with the next kNow commit or Flush(). A crash keeps a prefix of all
  // commits: never this one without those before it.
  kLater,
};

struct StoreOptions {
  std::string directory;  // created when absent, with its parents
  // Null means the real disk by RocksDB's own POSIX layer (fastest). Otherwise every byte goes
  // through the seam, which must outlive the store.
  io::FileSystem* file_system = nullptr;
  // Null means the real time. RocksDB waits a second after each failure in the background: tests
  // hand in a clock that does not. Must outlive the store.
  io::Clock* clock = nullptr;
  Logger* logger = nullptr;  // must outlive the store; null is silent
  bool create_if_missing = true;
  uint64_t block_cache_bytes = 32ULL << 20;
  uint64_t write_buffer_bytes = 32ULL << 20;  // memory for unflushed writes of all tables together
  uint64_t blob_bytes_min = 1024;             // TableKind::kBlobs: smaller values stay inline
};

struct StoreStats {
  uint64_t commit_count = 0;  // answered well, since opened
  uint64_t sync_count = 0;    // of the write-ahead log, since opened
  uint64_t disk_bytes = 0;    // live files, without the log
  uint64_t memory_bytes = 0;  // write buffers, block cache, filters and indexes
};

struct VerifyFinding {
  std::string file;
  std::string problem;
};

// Thread-safe.
class Store : public Reader {
 public:
  // Opens, or creates, and recovers what the last process left: every commit that was answered
  // under Sync::kNow and nothing half done.
  //   kNotFound     nothing there and create_if_missing is off
  //   kUnsupported  written by a newer release; the message names it and says what to do
  //   kCorrupt      a file is damaged or missing; the message names it
  //   kUnavailable  another Store has it open
  //   kExhausted, kIo
  static Result<std::unique_ptr<Store>> Open(const StoreOptions& options);
  ~Store()
      override;  // syncs what is outstanding and closes; all cursors and snapshots must be gone

  // Applies `batch` whole or not at all; when this returns well, every reader sees it.
  //   kTooLarge   beyond kBatchBytesMax, or a key beyond kKeyBytesMax; nothing changed
  //   kExhausted  the disk is full; nothing changed. Works again once there is room
  //   kUnknown    the log could not be written or synced: no reader sees the batch now, yet after
  //               a restart it may be there (whole)
  //   kIo         the disk failed earlier; nothing changed, and nothing will until the store is
  //               opened again, since what the disk holds is no longer known. Reads go on
  Status Commit(const Batch& batch, Sync sync);
  // Makes every earlier commit durable. Errors as Commit().
  Status Flush();

  Result<std::optional<std::string>> Get(Table table, std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> GetMany(
      Table table, std::span<const std::string_view> keys) const override;
  Result<std::unique_ptr<Cursor>> Scan(Table table, const ScanOptions& options) const override;
  std::unique_ptr<Snapshot> TakeSnapshot() const;

  // Reads every live table, blob and log file and checks its checksums. What is damaged is listed;
  // an Error only when the check itself could not run.
  Result<std::vector<VerifyFinding>> Verify();
  // Merges a table's files and drops what was deleted or overwritten; long.
  Status Compact(Table table);
  StoreStats stats() const;

  struct Impl;

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One batch at most: memory is bounded, and so is the time others wait behind it.
inline constexpr size_t kBatchBytesMax = 256ULL << 20;
inline constexpr size_t kKeyBytesMax = 8192;

}  // namespace crannog::state
