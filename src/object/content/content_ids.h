// Hands out content ids, and remembers on disk which of them may have a file nobody knows about.
// For object/ only.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>

#include "base/result.h"
#include "object/content/content_ref.h"
#include "object/content/entry.h"
#include "state/store.h"

namespace crannog::object {

// Ids are reserved in blocks by one synced row, which also lists the ids whose files are on their
// way. After a crash, an unpublished file can only have an id of the last block or of that list:
// a sweep looks at those and never at the whole folder. Thread-safe.
class ContentIds {
 public:
  explicit ContentIds(state::Store& state) : state_(&state) {}

  // Reads the row. What it returns is to be swept before Start().
  Result<IdReservation> Load();
  // Marks everything so far as swept.
  Status Start(const IdReservation& swept);

  // For what has rows only.
  Result<ContentId> Take();
  // For a file. The id counts as unpublished until Settle(): the file's row is committed, or the
  // file is durably gone. An id that is never settled is swept at the next open.
  Result<ContentId> TakeForFile();
  void Settle(ContentId id);

 private:
  Result<uint64_t> TakeLocked();

  state::Store* state_;  // not null
  // Guards what follows. Held while a block is reserved: nobody can go on without one.
  std::mutex mutex_;
  uint64_t next_ = 1;
  uint64_t end_ = 1;
  std::set<uint64_t> open_;
};

}  // namespace crannog::object
