#include "object/store.h"

#include <array>
#include <utility>

#include "object/content/names.h"
#include "object/store_core.h"

namespace crannog::object {

using state::Table;

Result<std::unique_ptr<Store>> Store::Open(io::FileSystem& files, io::Clock& clock,
                                           state::Store& state, StoreOptions options) {
  auto core = std::make_unique<StoreCore>(files, clock, state, std::move(options));
  const Status opened = core->Open();
  if (!opened) return std::unexpected(opened.error().Within("open object store"));
  return std::unique_ptr<Store>(new Store(std::move(core)));
}

Store::Store(std::unique_ptr<StoreCore> core) : core_(std::move(core)) {}
Store::~Store() = default;

const StoreOptions& Store::options() const { return core_->options; }

Result<size_t> Store::ReclaimNow() { return core_->reclaimer.RunAll(); }

Status Store::CreateBucket(std::string_view name) {
  CRANNOG_RETURN_IF_ERROR(CheckBucketName(name));
  CRANNOG_ASSIGN(const ContentId id, core_->ids.Take());
  auto bucket = std::make_shared<Bucket>();
  bucket->name = std::string(name);
  bucket->id = static_cast<uint64_t>(id);
  bucket->created_ms = core_->clock.NowMillis();
  state::Batch batch;
  batch.Put(Table::kBuckets, name, Encode(BucketRecord{bucket->id, bucket->created_ms}));
  const std::lock_guard lock(core_->buckets_mutex);
  if (core_->buckets.contains(name)) {
    return Fail(Code::kExists, "create bucket " + bucket->name + ": it exists");
  }
  if (core_->buckets.size() >= kBucketsMax) {
    return Fail(Code::kExhausted, "create bucket " + bucket->name + ": there are " +
                                      std::to_string(kBucketsMax) + " already");
  }
  CRANNOG_RETURN_IF_ERROR(core_->Commit(batch, Durability::kNow));
  core_->buckets[bucket->name] = bucket;
  return {};
}

Result<BucketInfo> Store::HeadBucket(std::string_view name) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(name));
  return BucketInfo{bucket->name, bucket->created_ms};
}

std::vector<BucketInfo> Store::ListBuckets() {
  const std::lock_guard lock(core_->buckets_mutex);
  std::vector<BucketInfo> infos;
  for (const auto& [name, bucket] : core_->buckets) infos.push_back({name, bucket->created_ms});
  return infos;
}

Status Store::DeleteBucket(std::string_view name) {
  CRANNOG_ASSIGN(const std::shared_ptr<Bucket> bucket, core_->FindBucket(name));
  const std::unique_lock gate(bucket->gate);
  CRANNOG_RETURN_IF_ERROR(StoreCore::CheckGate(*bucket));
  {
    CRANNOG_ASSIGN(const std::unique_ptr<state::Cursor> objects,
                   core_->state.Scan(Table::kObjects,
                                     state::ScanOptions::Prefix(ObjectRowPrefix(bucket->id, ""))));
    CRANNOG_ASSIGN(const bool any, objects->Next());
    if (any) return Fail(Code::kConflict, "delete bucket " + bucket->name + ": it is not empty");
  }
  CRANNOG_RETURN_IF_ERROR(core_->AbortUploadsWithinGate(*bucket));
  state::Batch batch;
  batch.Delete(Table::kBuckets, bucket->name);
  const std::lock_guard lock(core_->buckets_mutex);
  CRANNOG_RETURN_IF_ERROR(core_->Commit(batch, Durability::kNow));
  bucket->deleted = true;
  core_->buckets.erase(bucket->name);
  return {};
}

}  // namespace crannog::object
