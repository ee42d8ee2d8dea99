#include "object/content/content_ids.h"

#include <optional>
#include <string>

#include "base/check.h"
#include "object/content/limits.h"
#include "object/content/row_keys.h"

namespace crannog::object {

Result<IdReservation> ContentIds::Load() {
  CRANNOG_ASSIGN(const std::optional<std::string> row,
                 state_->Get(state::Table::kBuckets, kIdsRow));
  if (!row) return IdReservation{};
  return DecodeIdReservation(*row);
}

Status ContentIds::Start(const IdReservation& swept) {
  const std::lock_guard lock(mutex_);
  next_ = swept.block_end;
  end_ = swept.block_end;
  if (swept.block_begin == swept.block_end && swept.open.empty()) return {};
  state::Batch batch;
  batch.Put(state::Table::kBuckets, kIdsRow,
            Encode(IdReservation{swept.block_end, swept.block_end, {}}));
  // Unsynced is enough: if it is lost, the next open sweeps the same ids again.
  return state_->Commit(batch, state::Sync::kLater);
}

Result<uint64_t> ContentIds::TakeLocked() {
  if (next_ == end_) {
    const IdReservation block{end_, end_ + kFileIdBlock, {open_.begin(), open_.end()}};
    state::Batch batch;
    batch.Put(state::Table::kBuckets, kIdsRow, Encode(block));
    CRANNOG_RETURN_IF_ERROR(state_->Commit(batch, state::Sync::kNow));
    end_ = block.block_end;
  }
  CRANNOG_CHECK(next_ < end_);
  return next_++;
}

Result<ContentId> ContentIds::Take() {
  const std::lock_guard lock(mutex_);
  CRANNOG_ASSIGN(const uint64_t id, TakeLocked());
  return static_cast<ContentId>(id);
}

Result<ContentId> ContentIds::TakeForFile() {
  const std::lock_guard lock(mutex_);
  CRANNOG_ASSIGN(const uint64_t id, TakeLocked());
  open_.insert(id);
  return static_cast<ContentId>(id);
}

void ContentIds::Settle(ContentId id) {
  const std::lock_guard lock(mutex_);
  open_.erase(static_cast<uint64_t>(id));
}

}  // namespace crannog::object
