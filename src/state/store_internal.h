// An open store's parts.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "state/rocks_reader_internal.h"
#include "state/store.h"

namespace crannog::state {

// What RocksDB tells us from its own threads.
struct StoreHealth {
  std::atomic<bool> failed = false;  // RocksDB refuses writes until it is healed
};

struct Store::Impl {
  ~Impl();
  // Makes all durable and leaves little to replay.
  void Settle();

  // Asks RocksDB to take writes again after a failure; at once when there was none.
  crannog::Status Heal();
  crannog::Status Write(rocksdb::WriteBatch& batch, Sync sync);

  StoreOptions options;
  Logger silent = Logger::Silent();
  Logger* logger = nullptr;  // not null once open
  std::unique_ptr<io::FileSystem> own_files;
  io::FileSystem* files = nullptr;
  std::unique_ptr<io::FileLock> lock;
  std::shared_ptr<StoreHealth> health = std::make_shared<StoreHealth>();
  std::unique_ptr<rocksdb::Env> env;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::Statistics> statistics;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // owned by `db` until destroyed by ~Impl
  RocksTables tables;
  bool ready = false;         // opened in full
  size_t log_file_count = 0;  // found when opened
  uint64_t durable_mark = 0;  // as the DURABLE file says
  std::atomic<uint64_t> commit_count = 0;
  std::mutex heal_mutex;  // one thread heals, the others wait for it
};

// Fills in all of `impl` but `options`.
crannog::Status OpenStore(Store::Impl& impl);

}  // namespace crannog::state
