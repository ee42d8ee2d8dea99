#include "state/store.h"

#include <rocksdb/statistics.h>

#include "base/check.h"
#include "state/batch_internal.h"
#include "state/durable_mark_internal.h"
#include "state/rocks_status_internal.h"
#include "state/store_internal.h"

namespace crannog::state {
namespace {

// Closing writes table files only when replaying the log would take noticeable time.
constexpr uint64_t kReplayBytesMax = 4ULL << 20;
constexpr size_t kReplayFilesMax = 8;

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

Status CheckLimits(const Batch& batch, const Batch::Impl& impl) {
  if (batch.size_bytes() > kBatchBytesMax) {
    return Fail(Code::kTooLarge, "commit to state: a batch of " +
                                     std::to_string(batch.size_bytes()) + " bytes, at most " +
                                     std::to_string(kBatchBytesMax));
  }
  for (const Change& change : impl.changes) {
    if (change.key_size <= kKeyBytesMax) continue;
    return Fail(Code::kTooLarge, "commit to state table " + std::string(TableName(change.table)) +
                                     ": a key of " + std::to_string(change.key_size) +
                                     " bytes, at most " + std::to_string(kKeyBytesMax));
  }
  return {};
}

rocksdb::Status Apply(const Batch::Impl& impl, const Change& change, const RocksTables& tables,
                      rocksdb::WriteBatch& to) {
  rocksdb::ColumnFamilyHandle* handle = tables.Of(change.table);
  const std::string_view key = impl.Key(change);
  const std::string_view value = impl.Value(change);
  switch (change.kind) {
    case ChangeKind::kPut:
      return to.Put(handle, ToSlice(key), ToSlice(value));
    case ChangeKind::kDelete:
      return to.Delete(handle, ToSlice(key));
    case ChangeKind::kDeleteRange: {
      if (!value.empty()) {
        if (key >= value) return rocksdb::Status::OK();
        return to.DeleteRange(handle, ToSlice(key), ToSlice(value));
      }
      // No key is longer than kKeyBytesMax, so none sorts at or after this one.
      const std::string end(kKeyBytesMax + 1, '\xff');
      return to.DeleteRange(handle, ToSlice(key), end);
    }
  }
  CRANNOG_CHECK(false);
}

// Whether the failure may have left the whole batch in the log. A log that ran out of room in
// mid-write holds a piece of it, which recovery drops; but a sync that failed tells nothing.
bool MayBeLogged(const rocksdb::Status& status) {
  return !IsDiskFull(status) || status.ToString().find("sync") != std::string::npos;
}

}  // namespace

void Store::Impl::Settle() {
  uint64_t unflushed_bytes = 0;
  db->GetAggregatedIntProperty("rocksdb.cur-size-active-mem-table", &unflushed_bytes);
  const bool flush = unflushed_bytes > kReplayBytesMax || log_file_count > kReplayFilesMax;
  const rocksdb::Status status =
      flush ? db->Flush(rocksdb::FlushOptions(), handles) : db->SyncWAL();
  Status settled = FromRocks("close state", status);
  const uint64_t sequence = db->GetLatestSequenceNumber();
  if (settled && sequence > durable_mark) {
    settled = WriteDurableMark(*files, options.directory, sequence);
  }
  if (!settled) logger->Warn("state: close", {{"reason", settled.error().ToString()}});
}

Store::Impl::~Impl() {
  if (db == nullptr) return;
  if (ready && !health->failed) Settle();
  for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
  const rocksdb::Status closed = db->Close();
  if (!closed.ok()) logger->Warn("state: close", {{"reason", closed.ToString()}});
}

Status Store::Impl::Heal() {
  if (!health->failed) return {};
  const std::lock_guard healing(heal_mutex);
  if (!health->failed) return {};
  const rocksdb::Status resumed = db->Resume();
  if (!resumed.ok()) return FailRocks("commit to state after an earlier failure", resumed);
  health->failed = false;
  logger->Info("state: takes writes again");
  return {};
}

Status Store::Impl::Write(rocksdb::WriteBatch& batch, Sync sync) {
  CRANNOG_RETURN_IF_ERROR(Heal());
  rocksdb::WriteOptions write;
  write.sync = sync == Sync::kNow;
  const rocksdb::Status written = db->Write(write, &batch);
  if (written.ok()) return {};
  health->failed = true;
  if (!MayBeLogged(written)) return FailRocks("commit to state", written);
  return Fail(Code::kUnknown, "commit to state: " + written.ToString());
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::Open(const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  CRANNOG_RETURN_IF_ERROR(OpenStore(*impl));
  impl->ready = true;
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Status Store::Commit(const Batch& batch, Sync sync) {
  const Batch::Impl& changes = *batch.impl_;
  CRANNOG_RETURN_IF_ERROR(CheckLimits(batch, changes));
  rocksdb::WriteBatch rocks(changes.bytes.size() + 16 * changes.changes.size() + 16);
  for (const Change& change : changes.changes) {
    const rocksdb::Status added = Apply(changes, change, impl_->tables, rocks);
    if (!added.ok()) return FailRocks("build a batch of state", added);
  }
  CRANNOG_RETURN_IF_ERROR(impl_->Write(rocks, sync));
  impl_->commit_count.fetch_add(1, std::memory_order_relaxed);
  return {};
}

Status Store::Flush() {
  rocksdb::WriteBatch nothing;
  return impl_->Write(nothing, Sync::kNow);
}

Result<std::optional<std::string>> Store::Get(Table table, std::string_view key) const {
  return RocksGet(impl_->tables, nullptr, table, key);
}

Result<std::vector<std::optional<std::string>>> Store::GetMany(
    Table table, std::span<const std::string_view> keys) const {
  return RocksGetMany(impl_->tables, nullptr, table, keys);
}

Result<std::unique_ptr<Cursor>> Store::Scan(Table table, const ScanOptions& options) const {
  return RocksScan(impl_->tables, nullptr, table, options);
}

std::unique_ptr<Snapshot> Store::TakeSnapshot() const { return RocksSnapshot(impl_->tables); }

Status Store::Compact(Table table) {
  CRANNOG_RETURN_IF_ERROR(impl_->Heal());
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
  options.blob_garbage_collection_age_cutoff = 1;
  return FromRocks("compact state table " + std::string(TableName(table)),
                   impl_->db->CompactRange(options, impl_->tables.Of(table), nullptr, nullptr));
}

StoreStats Store::stats() const {
  StoreStats stats;
  stats.commit_count = impl_->commit_count.load(std::memory_order_relaxed);
  stats.sync_count = impl_->statistics->getTickerCount(rocksdb::WAL_FILE_SYNCED);
  for (rocksdb::ColumnFamilyHandle* handle : impl_->handles) {
    for (const char* property : {"rocksdb.live-sst-files-size", "rocksdb.live-blob-file-size"}) {
      uint64_t size_bytes = 0;
      if (impl_->db->GetIntProperty(handle, property, &size_bytes)) stats.disk_bytes += size_bytes;
    }
  }
  impl_->db->GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &stats.memory_bytes);
  stats.memory_bytes += impl_->cache->GetUsage();
  return stats;
}

}  // namespace crannog::state
