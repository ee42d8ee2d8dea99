#include "table/iceberg/scan/planning_cache.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "table/iceberg/scan/limits.h"

namespace crannog::table::iceberg {

namespace {

Result<std::string> ReadWhole(object::Files& files, std::string_view what, std::string_view path,
                              uint64_t size_bytes_max) {
  auto bytes = object::ReadAll(files, path, size_bytes_max);
  if (!bytes) {
    return std::unexpected(
        std::move(bytes.error()).Within("read " + std::string(what) + " " + std::string(path)));
  }
  return bytes;
}

Result<ManifestIndexPtr> Decode(object::Files& files, const TableMetadata& table,
                                const ManifestFile& manifest) {
  CRANNOG_ASSIGN(const std::string bytes,
                 ReadWhole(files, "manifest", manifest.manifest_path, kManifestBytesMax));
  ManifestReadOptions options;
  options.live_only = true;
  CRANNOG_ASSIGN(const auto reader,
                 ManifestReader::Open(bytes, manifest.manifest_path,
                                      ManifestInheritance::Of(manifest), options));
  if (reader->content() != manifest.content) {
    return Fail(Code::kCorrupt, "read manifest " + manifest.manifest_path +
                                    ": it holds other content than its manifest list says");
  }
  ManifestIndex::Builder builder(manifest, table);
  while (true) {
    CRANNOG_ASSIGN(const ManifestEntryView* entry, reader->Next());
    if (entry == nullptr) break;
    builder.Add(*entry);
  }
  return std::move(builder).Finish();
}

// A v1 snapshot may name its manifests itself; what a manifest list would say is left open.
Result<std::vector<ManifestFile>> ManifestsOfV1(object::Files& files, const Snapshot& snapshot) {
  std::vector<ManifestFile> manifests;
  for (const std::string& path : snapshot.manifests) {
    CRANNOG_ASSIGN(const std::string bytes, ReadWhole(files, "manifest", path, kManifestBytesMax));
    CRANNOG_ASSIGN(const auto reader, ManifestReader::Open(bytes, path, {}));
    ManifestFile manifest;
    manifest.manifest_path = path;
    manifest.manifest_length = static_cast<int64_t>(bytes.size());
    manifest.partition_spec_id = reader->spec().spec_id;
    manifest.added_snapshot_id = snapshot.snapshot_id;
    manifests.push_back(std::move(manifest));
  }
  return manifests;
}

uint64_t BytesOf(const std::vector<ManifestFile>& manifests) {
  uint64_t bytes = 64;
  for (const ManifestFile& manifest : manifests) {
    bytes += sizeof(ManifestFile) + manifest.manifest_path.size();
    if (manifest.partitions) bytes += manifest.partitions->size() * (sizeof(FieldSummary) + 32);
  }
  return bytes;
}

std::string ManifestListKey(const Snapshot& snapshot) {
  if (!snapshot.manifest_list.empty()) return "list " + snapshot.manifest_list;
  std::string key = "manifests of " + std::to_string(snapshot.snapshot_id);
  for (const std::string& path : snapshot.manifests) key += " " + path;
  return key;
}

}  // namespace

PlanningCache::PlanningCache(const PlanningCacheOptions& options) : options_(options) {}

// The same file may be listed with other things to inherit (a later first row id).
std::string PlanningCache::ManifestKey(const ManifestFile& manifest) {
  return manifest.manifest_path + " " + std::to_string(manifest.sequence_number) + " " +
         std::to_string(manifest.first_row_id.value_or(-1)) + " " +
         std::to_string(manifest.partition_spec_id);
}

std::shared_ptr<const void> PlanningCache::Find(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) {
    ++counters_.misses;
    return nullptr;
  }
  ++counters_.hits;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->content;
}

void PlanningCache::Put(std::string key, std::shared_ptr<const void> content, uint64_t bytes) {
  bytes += 2 * key.size() + sizeof(Entry) + 64;
  std::vector<std::shared_ptr<const void>> dropped;  // freed after the lock is
  const std::lock_guard lock(mutex_);
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, it->second);
    return;
  }
  entries_.push_front({std::move(key), std::move(content), bytes});
  by_key_.emplace(entries_.front().key, entries_.begin());
  counters_.bytes += bytes;
  // The newest stays, even alone beyond the limit: its caller holds it anyway.
  while (counters_.bytes > options_.bytes_max && entries_.size() > 1) {
    Entry& last = entries_.back();
    counters_.bytes -= last.bytes;
    ++counters_.evictions;
    by_key_.erase(last.key);
    dropped.push_back(std::move(last.content));
    entries_.pop_back();
  }
}

Result<ManifestListPtr> PlanningCache::ManifestList(object::Files& files,
                                                    const Snapshot& snapshot) {
  std::string key = ManifestListKey(snapshot);
  if (auto found = Find(key)) {
    return std::static_pointer_cast<const std::vector<ManifestFile>>(found);
  }
  std::vector<ManifestFile> manifests;
  if (snapshot.manifest_list.empty()) {
    CRANNOG_ASSIGN(manifests, ManifestsOfV1(files, snapshot));
  } else {
    CRANNOG_ASSIGN(
        const std::string bytes,
        ReadWhole(files, "manifest list", snapshot.manifest_list, kManifestListBytesMax));
    CRANNOG_ASSIGN(manifests, ReadManifestList(bytes, snapshot.manifest_list));
  }
  const uint64_t size_bytes = BytesOf(manifests);
  ManifestListPtr list = std::make_shared<const std::vector<ManifestFile>>(std::move(manifests));
  Put(std::move(key), list, size_bytes);
  return list;
}

Result<std::vector<ManifestIndexPtr>> PlanningCache::Manifests(
    object::Files& files, const TableMetadata& table,
    std::span<const ManifestFile* const> manifests) {
  std::vector<ManifestIndexPtr> indexes(manifests.size());
  std::vector<size_t> missing;
  for (size_t i = 0; i < manifests.size(); ++i) {
    indexes[i] = std::static_pointer_cast<const ManifestIndex>(Find(ManifestKey(*manifests[i])));
    if (indexes[i] == nullptr) missing.push_back(i);
  }
  if (missing.empty()) return indexes;
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex error_mutex;  // guards error
  std::optional<Error> error;
  const auto work = [&] {
    for (size_t k = next++; k < missing.size() && !failed; k = next++) {
      const size_t i = missing[k];
      auto index = Decode(files, table, *manifests[i]);
      if (!index) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::move(index.error());
        failed = true;
        return;
      }
      indexes[i] = std::move(*index);
      Put(ManifestKey(*manifests[i]), indexes[i], indexes[i]->bytes());
    }
  };
  size_t threads = options_.threads != 0 ? options_.threads : std::thread::hardware_concurrency();
  threads = std::clamp<size_t>(threads, 1, kDecodeThreadsMax);
  threads = std::min(threads, missing.size());
  {
    std::vector<std::jthread> others;
    for (size_t t = 1; t < threads; ++t) others.emplace_back(work);
    work();
  }
  if (error) return std::unexpected(std::move(*error));
  return indexes;
}

void PlanningCache::PutManifestList(std::string_view path, ManifestListPtr manifests) {
  const uint64_t size_bytes = BytesOf(*manifests);
  Put("list " + std::string(path), std::move(manifests), size_bytes);
}

void PlanningCache::PutManifest(const ManifestFile& manifest, ManifestIndexPtr index) {
  const uint64_t size_bytes = index->bytes();
  Put(ManifestKey(manifest), std::move(index), size_bytes);
}

PlanningCache::Counters PlanningCache::counters() const {
  const std::lock_guard lock(mutex_);
  Counters counters = counters_;
  counters.entries = entries_.size();
  return counters;
}

void PlanningCache::Clear() {
  std::list<Entry> dropped;
  const std::lock_guard lock(mutex_);
  by_key_.clear();
  dropped.swap(entries_);
  counters_.bytes = 0;
}

Result<std::vector<ManifestEntry>> ReadManifestFile(object::Files& files,
                                                    const ManifestFile& manifest) {
  CRANNOG_ASSIGN(const std::string bytes,
                 ReadWhole(files, "manifest", manifest.manifest_path, kManifestBytesMax));
  return ReadManifest(bytes, manifest.manifest_path, ManifestInheritance::Of(manifest));
}

}  // namespace crannog::table::iceberg
