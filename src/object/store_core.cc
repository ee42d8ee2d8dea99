#include "object/store_core.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/fast_hash.h"
#include "base/varint.h"

namespace crannog::object {

using state::Table;

StoreCore::StoreCore(io::FileSystem& file_system, io::Clock& io_clock, state::Store& state_store,
                     StoreOptions store_options)
    : files_system(file_system),
      clock(io_clock),
      state(state_store),
      options(std::move(store_options)),
      ids(state_store),
      files(file_system, options.directory),
      pins([this] { reclaimer.Wake(); }),
      reclaimer(state_store, files, pins, options.logger) {}

Status StoreCore::Open() {
  if (options.inline_size_bytes_max > kInlineSizeBytesCeiling) {
    return Fail(Code::kInvalid, "open object store: inline_size_bytes_max is above " +
                                    std::to_string(kInlineSizeBytesCeiling));
  }
  CRANNOG_RETURN_IF_ERROR(CheckFormat());
  CRANNOG_RETURN_IF_ERROR(files.Open());
  CRANNOG_RETURN_IF_ERROR(LoadBuckets());
  CRANNOG_RETURN_IF_ERROR(Sweep());
  if (options.reclaim_in_background) {
    reclaimer.StartThread();
    return {};
  }
  CRANNOG_RETURN_IF_ERROR(reclaimer.RunAll());
  return {};
}

Status StoreCore::CheckFormat() {
  CRANNOG_ASSIGN(const std::optional<std::string> row, state.Get(Table::kBuckets, kFormatRow));
  if (!row) {
    std::string value;
    AppendVarint(value, kFormatVersion);
    state::Batch batch;
    batch.Put(Table::kBuckets, kFormatRow, value);
    // Every later commit follows it in the log, so it needs no sync of its own.
    return state.Commit(batch, state::Sync::kLater);
  }
  std::string_view bytes = *row;
  CRANNOG_ASSIGN(const uint64_t version, TakeVarint(bytes));
  if (version <= kFormatVersion) return {};
  return Fail(Code::kUnsupported, "open object store: its format is " + std::to_string(version) +
                                      ", this program reads up to " +
                                      std::to_string(kFormatVersion) + "; use a newer crannog");
}

Status StoreCore::LoadBuckets() {
  state::ScanOptions scan;
  scan.begin = std::string(kBucketNamesBegin);
  CRANNOG_ASSIGN(const std::unique_ptr<state::Cursor> cursor, state.Scan(Table::kBuckets, scan));
  const std::lock_guard lock(buckets_mutex);
  while (true) {
    CRANNOG_ASSIGN(const bool more, cursor->Next());
    if (!more) return {};
    CRANNOG_ASSIGN(const BucketRecord record, DecodeBucketRecord(cursor->value()));
    auto bucket = std::make_shared<Bucket>();
    bucket->name = std::string(cursor->key());
    bucket->id = record.id;
    bucket->created_ms = record.created_ms;
    buckets[bucket->name] = std::move(bucket);
  }
}

// A file without its row was never published, or its row went before the crash.
Status StoreCore::Sweep() {
  CRANNOG_ASSIGN(const IdReservation reservation, ids.Load());
  std::vector<uint64_t> suspects = reservation.open;
  for (uint64_t id = reservation.block_begin; id < reservation.block_end; ++id) {
    suspects.push_back(id);
  }
  std::vector<ContentId> orphans;
  for (const uint64_t suspect : suspects) {
    const auto id = static_cast<ContentId>(suspect);
    CRANNOG_ASSIGN(const bool exists, files_system.Exists(files.PathOf(id)));
    if (!exists) continue;
    CRANNOG_ASSIGN(const std::optional<std::string> row,
                   state.Get(Table::kContent, ContentRow(id, ContentRowKind::kFile)));
    if (!row) orphans.push_back(id);
  }
  CRANNOG_RETURN_IF_ERROR(files.Remove(orphans));
  return ids.Start(reservation);
}

Result<std::shared_ptr<Bucket>> StoreCore::FindBucket(std::string_view name) {
  const std::lock_guard lock(buckets_mutex);
  const auto it = buckets.find(name);
  if (it != buckets.end()) return it->second;
  return Fail(Code::kNotFound, "bucket " + std::string(name) + " does not exist");
}

Status StoreCore::CheckGate(const Bucket& bucket) {
  if (!bucket.deleted) return {};
  return Fail(Code::kNotFound, "bucket " + bucket.name + " does not exist");
}

Result<std::optional<ObjectEntry>> StoreCore::LoadEntry(uint64_t bucket_id,
                                                        std::string_view key) const {
  CRANNOG_ASSIGN(const std::optional<std::string> row,
                 state.Get(Table::kObjects, ObjectRow(bucket_id, key)));
  if (!row) return std::nullopt;
  Result<ObjectEntry> entry = DecodeObjectEntry(*row);
  if (!entry) return std::unexpected(std::move(entry).error().Within(key));
  entry->info.key = std::string(key);
  return *std::move(entry);
}

Result<Manifest> StoreCore::LoadManifest(ContentId id) const {
  CRANNOG_ASSIGN(const std::optional<std::string> row,
                 state.Get(Table::kContent, ContentRow(id, ContentRowKind::kManifest)));
  if (row) return DecodeManifest(*row);
  return Fail(Code::kNotFound, "content " + IdToHex(static_cast<uint64_t>(id)) + " has no row");
}

uint64_t StoreCore::KeyHash(const Bucket& bucket, std::string_view key) {
  return FastHash(key, bucket.id);
}

StripedLocks::Held StoreCore::LockKey(const Bucket& bucket, std::string_view key) {
  return key_locks.Lock({KeyHash(bucket, key)});
}

StripedLocks::Held StoreCore::LockUpload(std::string_view upload_id) {
  return upload_locks.Lock({FastHash(upload_id)});
}

StripedLocks::Held StoreCore::LockContent(const ContentRef& first, const ContentRef& second) {
  if (first.kind == ContentKind::kEmpty && second.kind == ContentKind::kEmpty) return {};
  return content_locks.Lock({static_cast<uint64_t>(first.id), static_cast<uint64_t>(second.id)});
}

// A missing row means one owner: nearly every content has one, and needs no row to say so.
Result<uint64_t> StoreCore::LoadReferences(ContentId id) const {
  CRANNOG_ASSIGN(const std::optional<std::string> row,
                 state.Get(Table::kContent, ContentRow(id, ContentRowKind::kReferences)));
  if (!row) return 1;
  std::string_view bytes = *row;
  CRANNOG_ASSIGN(const uint64_t count, TakeVarint(bytes));
  if (count >= 2) return count;
  return Fail(Code::kCorrupt, "content " + IdToHex(static_cast<uint64_t>(id)) +
                                  ": stored reference count " + std::to_string(count));
}

Status StoreCore::AcquireContent(state::Batch& batch, const ContentRef& content) const {
  if (content.kind == ContentKind::kEmpty) return {};
  CRANNOG_ASSIGN(const uint64_t count, LoadReferences(content.id));
  std::string value;
  AppendVarint(value, count + 1);
  batch.Put(Table::kContent, ContentRow(content.id, ContentRowKind::kReferences), value);
  return {};
}

Status StoreCore::ReleaseContent(state::Batch& batch, const ContentRef& content) const {
  if (content.kind == ContentKind::kEmpty) return {};
  CRANNOG_ASSIGN(const uint64_t count, LoadReferences(content.id));
  if (count > 1) {
    const std::string row = ContentRow(content.id, ContentRowKind::kReferences);
    if (count == 2) {
      batch.Delete(Table::kContent, row);
      return {};
    }
    std::string value;
    AppendVarint(value, count - 1);
    batch.Put(Table::kContent, row, value);
    return {};
  }
  switch (content.kind) {
    case ContentKind::kEmpty:
      return {};
    case ContentKind::kInline:
      // Readers hold the bytes themselves: the row can go at once.
      batch.Delete(Table::kContent, ContentRow(content.id, ContentRowKind::kInline));
      return {};
    case ContentKind::kFile:
      batch.Delete(Table::kContent, ContentRow(content.id, ContentRowKind::kFile));
      batch.Put(Table::kReclaim, ReclaimRow(content.id), Encode(ReclaimRecord{{content.id}}));
      return {};
    case ContentKind::kManifest:
      return ReleaseManifest(batch, content.id);
  }
  CRANNOG_CHECK(false);
  return {};
}

Status StoreCore::ReleaseManifest(state::Batch& batch, ContentId id) const {
  CRANNOG_ASSIGN(const Manifest manifest, LoadManifest(id));
  ReclaimRecord record;
  for (const ContentRef& piece : manifest) {
    const bool is_file = piece.kind == ContentKind::kFile;
    batch.Delete(Table::kContent,
                 ContentRow(piece.id, is_file ? ContentRowKind::kFile : ContentRowKind::kInline));
    if (is_file) record.files.push_back(piece.id);
  }
  batch.Delete(Table::kContent, ContentRow(id, ContentRowKind::kManifest));
  if (!record.files.empty()) batch.Put(Table::kReclaim, ReclaimRow(id), Encode(record));
  return {};
}

Result<ObjectInfo> StoreCore::Publish(Publication publication) {
  const std::shared_ptr<Bucket> bucket = publication.bucket;
  const std::shared_lock gate(bucket->gate);
  return PublishWithinGate(std::move(publication));
}

Result<ObjectInfo> StoreCore::PublishWithinGate(Publication publication) {
  const Bucket& bucket = *publication.bucket;
  CRANNOG_RETURN_IF_ERROR(CheckGate(bucket));
  ObjectInfo& info = publication.entry.info;
  const StripedLocks::Held key_lock = LockKey(bucket, info.key);
  CRANNOG_ASSIGN(const std::optional<ObjectEntry> current, LoadEntry(bucket.id, info.key));
  CRANNOG_RETURN_IF_ERROR(CheckConditions(publication.conditions, current ? &*current : nullptr));
  StripedLocks::Held content_lock;
  if (current) {
    content_lock = LockContent(current->content, current->content);
    CRANNOG_RETURN_IF_ERROR(ReleaseContent(publication.batch, current->content));
  }
  info.modified_ms = clock.NowMillis();
  info.size_bytes = publication.entry.content.size_bytes;
  publication.batch.Put(Table::kObjects, ObjectRow(bucket.id, info.key), Encode(publication.entry));
  CRANNOG_RETURN_IF_ERROR(Commit(publication.batch, publication.durability));
  if (current) reclaimer.Wake();
  return std::move(info);
}

Status StoreCore::Commit(const state::Batch& batch, Durability durability) {
  Status committed =
      state.Commit(batch, durability == Durability::kNow ? state::Sync::kNow : state::Sync::kLater);
  if (!committed && committed.error().code() == Code::kUnknown) {
    // Lets the state store heal now: from then on what readers see is also what a crash keeps.
    (void)state.Flush();
  }
  return committed;
}

std::string Describe(std::string_view operation, std::string_view bucket, std::string_view key) {
  std::string text(operation);
  text += ' ';
  text += bucket;
  text += '/';
  text += key;
  return text;
}

Status CheckIfMatch(const std::optional<std::string>& if_match, const ObjectEntry* current) {
  if (!if_match) return {};
  if (current == nullptr) return Fail(Code::kNotFound, "no such object");
  if (*if_match == "*" || *if_match == current->info.etag) return {};
  return Fail(Code::kPrecondition,
              "the object's ETag is " + current->info.etag + ", not " + *if_match);
}

Status CheckConditions(const WriteConditions& conditions, const ObjectEntry* current) {
  if (conditions.if_absent && current != nullptr) {
    return Fail(Code::kPrecondition, "the object exists, with ETag " + current->info.etag);
  }
  return CheckIfMatch(conditions.if_match, current);
}

}  // namespace crannog::object
