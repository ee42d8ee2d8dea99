#include "object/content/reclaimer.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "object/content/entry.h"
#include "object/content/limits.h"
#include "object/content/row_keys.h"

namespace crannog::object {

Reclaimer::~Reclaimer() {
  thread_.request_stop();
  changed_.notify_all();
}

void Reclaimer::StartThread() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Loop(stop); });
}

void Reclaimer::Wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  changed_.notify_one();
}

void Reclaimer::Loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [&] { return awake_; })) return;
      awake_ = false;
    }
    const Result<size_t> done = RunAll();
    // What failed stays queued on disk; the next wake, or the next open, tries again.
    if (!done && logger_ != nullptr) {
      logger_->Warn("reclaim deleted content", {{"error", done.error().ToString()}});
    }
  }
}

Result<size_t> Reclaimer::RunAll() {
  const std::lock_guard lock(pass_mutex_);
  size_t total = 0;
  while (true) {
    CRANNOG_ASSIGN(const size_t count, RunOnce());
    if (count == 0) return total;
    total += count;
  }
}

Result<size_t> Reclaimer::RunOnce() {
  state::Batch done;
  std::vector<ContentId> files;
  size_t count = 0;
  {
    CRANNOG_ASSIGN(const std::unique_ptr<state::Cursor> cursor,
                   state_->Scan(state::Table::kReclaim, state::ScanOptions{}));
    while (count < kReclaimBatchMax && files.size() < kPartsMax) {
      CRANNOG_ASSIGN(const bool more, cursor->Next());
      if (!more) break;
      CRANNOG_ASSIGN(const ContentId id, ParseReclaimRow(cursor->key()));
      // Its entry left the index before this row could be seen, so no new pin can hold.
      if (pins_->IsPinned(id)) continue;
      CRANNOG_ASSIGN(const ReclaimRecord record, DecodeReclaimRecord(cursor->value()));
      files.insert(files.end(), record.files.begin(), record.files.end());
      done.Delete(state::Table::kReclaim, cursor->key());
      ++count;
    }
  }
  if (count == 0) return 0;
  // The deletion itself may not be synced yet (Durability::kWithNextCommit): a crash would bring
  // the object back, and its content must still be there then.
  CRANNOG_RETURN_IF_ERROR(state_->Flush());
  CRANNOG_RETURN_IF_ERROR(files_->Remove(files));
  // Unsynced is enough: the same files would be unlinked again, and ids are never reused.
  CRANNOG_RETURN_IF_ERROR(state_->Commit(done, state::Sync::kLater));
  return count;
}

}  // namespace crannog::object
