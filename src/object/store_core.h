// What the operations of the Store share. Internal to object/.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/clock.h"
#include "io/file_system.h"
#include "object/content/content_files.h"
#include "object/content/content_ids.h"
#include "object/content/content_pins.h"
#include "object/content/entry.h"
#include "object/content/reclaimer.h"
#include "object/content/row_keys.h"
#include "object/content/striped_locks.h"
#include "object/store.h"
#include "state/store.h"

namespace crannog::object {

struct Bucket {
  std::string name;
  uint64_t id = 0;
  int64_t created_ms = 0;
  // Shared by everyone who changes something in the bucket, exclusive to delete it.
  std::shared_mutex gate;
  bool deleted = false;  // guarded by gate
};

// An object about to become visible.
struct Publication {
  std::shared_ptr<Bucket> bucket;
  ObjectEntry entry;  // with info.key; modified_ms is set on publishing
  WriteConditions conditions;
  Durability durability = Durability::kNow;
  state::Batch batch;  // the rows of its content, and whatever goes with it
};

// Thread-safe. The order of locks: a bucket's gate, upload stripe, key stripe, content stripe. They
// are held over the state commit: that is what makes a condition and its write one step. Commits
// of other keys share the sync meanwhile.
class StoreCore {
 public:
  StoreCore(io::FileSystem& file_system, io::Clock& io_clock, state::Store& state_store,
            StoreOptions store_options);

  Status Open();

  Result<std::shared_ptr<Bucket>> FindBucket(std::string_view name);
  static Status CheckGate(const Bucket& bucket);  // under the gate: is it still there?

  Result<std::optional<ObjectEntry>> LoadEntry(uint64_t bucket_id, std::string_view key) const;
  Result<Manifest> LoadManifest(ContentId id) const;
  StripedLocks::Held LockKey(const Bucket& bucket, std::string_view key);
  static uint64_t KeyHash(const Bucket& bucket, std::string_view key);
  StripedLocks::Held LockUpload(std::string_view upload_id);
  // One and two contents; those that cannot be shared need none.
  StripedLocks::Held LockContent(const ContentRef& first, const ContentRef& second);

  // Under the content's lock: one owner more, or less; the last one's leaving queues the files.
  Status AcquireContent(state::Batch& batch, const ContentRef& content) const;
  Status ReleaseContent(state::Batch& batch, const ContentRef& content) const;

  // Checks conditions, replaces what was there, commits. The variant expects the gate held.
  Result<ObjectInfo> Publish(Publication publication);
  Result<ObjectInfo> PublishWithinGate(Publication publication);

  // One upload with all its parts; all of a bucket's. The gate is held.
  Status AbortUploadWithinGate(const Bucket& bucket, std::string_view key,
                               std::string_view upload_id);
  Status AbortUploadsWithinGate(const Bucket& bucket);

  Status Commit(const state::Batch& batch, Durability durability);

  io::FileSystem& files_system;
  io::Clock& clock;
  state::Store& state;
  const StoreOptions options;
  ContentIds ids;
  ContentFiles files;
  ContentPins pins;
  Reclaimer reclaimer;
  StripedLocks key_locks;
  StripedLocks upload_locks;
  StripedLocks content_locks;

  std::mutex buckets_mutex;  // guards buckets; creating and deleting hold it over their commit
  std::map<std::string, std::shared_ptr<Bucket>, std::less<>> buckets;

 private:
  Status CheckFormat();
  Status LoadBuckets();
  Status Sweep();
  Result<uint64_t> LoadReferences(ContentId id) const;
  Status ReleaseManifest(state::Batch& batch, ContentId id) const;
};

// "put object lake/a.parquet"; for messages.
std::string Describe(std::string_view operation, std::string_view bucket, std::string_view key);

// kPrecondition or, for if_match without an object, kNotFound.
Status CheckConditions(const WriteConditions& conditions, const ObjectEntry* current);
Status CheckIfMatch(const std::optional<std::string>& if_match, const ObjectEntry* current);

}  // namespace crannog::object
