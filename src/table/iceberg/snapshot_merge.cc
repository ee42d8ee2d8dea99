// Merging manifests, so that many small commits keep planning fast and each commit's cost bounded.
//
// Manifests are merged in tiers by their number of files: when `commit.manifest.min-count-to-merge`
// manifests of one tier have come together they become one of the next. An entry is so rewritten
// once a tier, O(log files) times in all, where merging everything small each time (as the
// reference does) would rewrite up to a target size's worth of entries every min-count commits.
#include <algorithm>
#include <map>
#include <utility>

#include "table/iceberg/snapshot_producer.h"

namespace crannog::table::iceberg {

namespace {

constexpr std::string_view kMergeEnabledProperty = "commit.manifest-merge.enabled";
constexpr std::string_view kMinCountProperty = "commit.manifest.min-count-to-merge";
constexpr int64_t kMinCountDefault = 100;
constexpr std::string_view kTargetSizeProperty = "commit.manifest.target-size-bytes";
constexpr int64_t kTargetSizeDefault = 8 << 20;

int TierOf(int64_t file_count, int64_t base) {
  int tier = 0;
  for (int64_t limit = base; file_count >= limit && tier < 32; limit *= base) ++tier;
  return tier;
}

}  // namespace

Status SnapshotProducer::Merge(ManifestContent content) {
  if (table_.Property(kMergeEnabledProperty, "true") == "false") return {};
  const int64_t min_count =
      std::max<int64_t>(2, table_.PropertyNumber(kMinCountProperty, kMinCountDefault));
  const int64_t target = table_.PropertyNumber(kTargetSizeProperty, kTargetSizeDefault);
  std::map<std::pair<int32_t, int>, std::vector<size_t>> groups;
  for (size_t i = 0; i < listed_.size(); ++i) {
    const ManifestFile& file = listed_[i].file;
    // New ones wait for the next commit: their deleted entries belong to this snapshot.
    if (listed_[i].is_new || file.content != content || file.manifest_length >= target) continue;
    const int64_t count = int64_t{file.added_files_count.value_or(0)} +
                          int64_t{file.existing_files_count.value_or(0)};
    groups[{file.partition_spec_id, TierOf(count, min_count)}].push_back(i);
  }
  std::vector<size_t> merged;
  for (const auto& [key, group] : groups) {
    if (static_cast<int64_t>(group.size()) < min_count) continue;
    CRANNOG_RETURN_IF_ERROR(MergeGroup(group));
    merged.insert(merged.end(), group.begin(), group.end());
  }
  std::ranges::sort(merged, std::greater<>());
  for (const size_t index : merged) {
    listed_.erase(listed_.begin() + static_cast<ptrdiff_t>(index));
    --manifests_kept_;
    ++manifests_replaced_;
  }
  return {};
}

Status SnapshotProducer::MergeGroup(const std::vector<size_t>& group) {
  const auto target = static_cast<uint64_t>(
      std::max<int64_t>(1, table_.PropertyNumber(kTargetSizeProperty, kTargetSizeDefault)));
  // FinishManifest appends to listed_, so what is read from it is copied first.
  std::vector<ManifestFile> manifests;
  for (const size_t index : group) manifests.push_back(listed_[index].file);
  std::unique_ptr<ManifestWriter> writer;
  std::vector<ManifestEntry> kept;
  for (const ManifestFile& manifest : manifests) {
    CRANNOG_ASSIGN(std::vector<ManifestEntry> entries,
                   ReadManifestFile(*environment_.files, manifest));
    for (ManifestEntry& entry : entries) {
      if (!entry.is_live()) continue;
      if (writer == nullptr) {
        CRANNOG_ASSIGN(writer,
                       NewWriter(manifest.partition_spec_id, manifest.content, manifests.size()));
      }
      ++entries_processed_;
      CRANNOG_RETURN_IF_ERROR(writer->AddExisting(entry));
      entry.status = EntryStatus::kExisting;
      kept.push_back(std::move(entry));
      if (writer->size_bytes_estimate() < target) continue;
      CRANNOG_RETURN_IF_ERROR(FinishManifest(*writer, std::exchange(kept, {})));
      writer.reset();
    }
  }
  if (writer == nullptr) return {};
  return FinishManifest(*writer, std::move(kept));
}

}  // namespace crannog::table::iceberg
