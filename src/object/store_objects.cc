// Store: single objects written, looked up, deleted and copied.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "object/checksummed_writer.h"
#include "object/content/names.h"
#include "object/object_opener.h"
#include "object/store.h"
#include "object/store_core.h"

namespace crannog::object {

using state::Table;

namespace {

class ObjectWriter final : public ChecksummedWriter {
 public:
  ObjectWriter(StoreCore& core, std::shared_ptr<Bucket> bucket, std::string key, PutOptions options)
      : ChecksummedWriter(core, Describe("put object", bucket->name, key), options.etag,
                          options.checksums),
        bucket_(std::move(bucket)),
        key_(std::move(key)),
        options_(std::move(options)) {}

 protected:
  Status Precheck() override {
    if (!options_.conditions.if_absent && !options_.conditions.if_match) return {};
    CRANNOG_ASSIGN(const std::optional<ObjectEntry> current, core().LoadEntry(bucket_->id, key_));
    return CheckConditions(options_.conditions, current ? &*current : nullptr);
  }

  Result<ObjectInfo> Publish(StagedContent staged, std::string etag,
                             std::vector<Checksum> checksums) override {
    Publication publication;
    publication.bucket = bucket_;
    publication.entry.content = staged.ref();
    publication.entry.info.key = key_;
    publication.entry.info.etag = std::move(etag);
    publication.entry.info.checksums = std::move(checksums);
    publication.entry.info.attributes = std::move(options_.attributes);
    publication.conditions = options_.conditions;
    publication.durability = options_.durability;
    staged.AddRows(publication.batch);
    Result<ObjectInfo> published = core().Publish(std::move(publication));
    staged.Committed(published);
    return published;
  }

 private:
  std::shared_ptr<Bucket> bucket_;
  std::string key_;
  PutOptions options_;
};

Status CheckSource(const CopyOptions& options, const ObjectEntry& source) {
  CRANNOG_RETURN_IF_ERROR(CheckIfMatch(options.source_if_match, &source));
  const auto& unwanted = options.source_if_none_match;
  if (!unwanted || (*unwanted != "*" && *unwanted != source.info.etag)) return {};
  return Fail(Code::kPrecondition, "the source's ETag is " + source.info.etag);
}

}  // namespace

Result<std::unique_ptr<Writer>> Store::Put(const ObjectName& name, PutOptions options) {
  CRANNOG_RETURN_IF_ERROR(CheckKey(name.key));
  CRANNOG_RETURN_IF_ERROR(CheckAttributes(options.attributes));
  CRANNOG_ASSIGN(std::shared_ptr<Bucket> bucket, core_->FindBucket(name.bucket));
  return std::make_unique<ObjectWriter>(*core_, std::move(bucket), std::string(name.key),
                                        std::move(options));
}

Result<ObjectInfo> Store::PutBytes(const ObjectName& name, std::string_view bytes,
                                   PutOptions options) {
  CRANNOG_ASSIGN(const std::unique_ptr<Writer> writer, Put(name, std::move(options)));
  CRANNOG_RETURN_IF_ERROR(writer->Append(bytes));
  return writer->Finish();
}

Result<std::unique_ptr<Reader>> Store::Get(const ObjectName& name) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(name.bucket));
  return ObjectOpener(*core_).Open(*bucket, name.key);
}

Result<ObjectInfo> Store::Head(const ObjectName& name) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(name.bucket));
  CRANNOG_ASSIGN(std::optional<ObjectEntry> entry, core_->LoadEntry(bucket->id, name.key));
  if (entry) return std::move(entry->info);
  return Fail(Code::kNotFound, Describe("head object", name.bucket, name.key) + ": no such object");
}

Result<bool> Store::Delete(const ObjectName& name, const DeleteOptions& options) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(name.bucket));
  const std::shared_lock gate(bucket->gate);
  CRANNOG_RETURN_IF_ERROR(StoreCore::CheckGate(*bucket));
  const StripedLocks::Held key_lock = core_->LockKey(*bucket, name.key);
  CRANNOG_ASSIGN(const std::optional<ObjectEntry> current, core_->LoadEntry(bucket->id, name.key));
  const Status allowed = CheckIfMatch(options.if_match, current ? &*current : nullptr);
  if (!allowed) {
    return std::unexpected(
        allowed.error().Within(Describe("delete object", name.bucket, name.key)));
  }
  if (!current) return false;
  const StripedLocks::Held content_lock = core_->LockContent(current->content, current->content);
  state::Batch batch;
  CRANNOG_RETURN_IF_ERROR(core_->ReleaseContent(batch, current->content));
  batch.Delete(Table::kObjects, ObjectRow(bucket->id, name.key));
  CRANNOG_RETURN_IF_ERROR(core_->Commit(batch, options.durability));
  core_->reclaimer.Wake();
  return true;
}

Result<ObjectInfo> Store::Copy(const ObjectName& source, const ObjectName& target,
                               const CopyOptions& options) {
  CRANNOG_RETURN_IF_ERROR(CheckKey(target.key));
  if (options.attributes) CRANNOG_RETURN_IF_ERROR(CheckAttributes(*options.attributes));
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> from, core_->FindBucket(source.bucket));
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> to, core_->FindBucket(target.bucket));
  // Two gates are entered in one order, so that deletions of both buckets cannot lock them up.
  const std::shared_lock first_gate(from->id <= to->id ? from->gate : to->gate);
  std::shared_lock second_gate(from->id <= to->id ? to->gate : from->gate, std::defer_lock);
  if (from != to) second_gate.lock();
  CRANNOG_RETURN_IF_ERROR(StoreCore::CheckGate(*from));
  CRANNOG_RETURN_IF_ERROR(StoreCore::CheckGate(*to));
  const StripedLocks::Held key_locks = core_->key_locks.Lock(
      {StoreCore::KeyHash(*from, source.key), StoreCore::KeyHash(*to, target.key)});
  const std::string what = Describe("copy object", source.bucket, source.key);
  CRANNOG_ASSIGN(std::optional<ObjectEntry> entry, core_->LoadEntry(from->id, source.key));
  if (!entry) return Fail(Code::kNotFound, what + ": no such object");
  CRANNOG_ASSIGN(const std::optional<ObjectEntry> replaced, core_->LoadEntry(to->id, target.key));
  Status allowed = CheckSource(options, *entry);
  if (allowed) allowed = CheckConditions(options.conditions, replaced ? &*replaced : nullptr);
  if (!allowed) return std::unexpected(allowed.error().Within(what));

  const ContentRef released = replaced ? replaced->content : ContentRef{};
  const StripedLocks::Held content_locks = core_->LockContent(entry->content, released);
  state::Batch batch;
  // The same content on both sides gains and loses an owner: nothing to write.
  if (!replaced || released != entry->content) {
    CRANNOG_RETURN_IF_ERROR(core_->AcquireContent(batch, entry->content));
    CRANNOG_RETURN_IF_ERROR(core_->ReleaseContent(batch, released));
  }
  entry->info.key = std::string(target.key);
  entry->info.modified_ms = core_->clock.NowMillis();
  entry->upload_id.clear();
  if (options.attributes) entry->info.attributes = *options.attributes;
  batch.Put(Table::kObjects, ObjectRow(to->id, target.key), Encode(*entry));
  CRANNOG_RETURN_IF_ERROR(core_->Commit(batch, options.durability));
  if (replaced) core_->reclaimer.Wake();
  return std::move(entry->info);
}

}  // namespace crannog::object
