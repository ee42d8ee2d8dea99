// Makes one snapshot out of a parent and a change: manifests, the manifest list, the summary.
// Specification: "Manifests", "Snapshots", "Manifest Lists", Appendix F for the summary.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "table/iceberg/commit.h"
#include "table/iceberg/snapshot_summary.h"
#include "table/iceberg/table_change.h"

namespace crannog::table::iceberg {

// Used once, not thread-safe.
class SnapshotProducer {
 public:
  // `table` is the metadata with the change's updates applied; `parent` is the head of the branch,
  // or null. All outlive this.
  SnapshotProducer(const TableEnvironment& environment, const TableMetadata& table,
                   const Snapshot* parent, const TableChange& change);

  // Writes everything and returns the snapshot to add; nullopt when the change turned out to change
  // nothing (and snapshot_if_empty is false).
  //   kConflict  a file to remove is not there
  //   kInvalid   the change is wrong on any base
  Result<std::optional<Snapshot>> Produce(int64_t now_ms);

  // Files written so far, whether or not Produce() succeeded.
  const std::vector<std::string>& written() const { return written_; }

 private:
  // A manifest of the new list, and its index where it is at hand.
  struct Listed {
    ManifestFile file;
    bool is_new = false;
    std::vector<ManifestEntry> entries;  // of a small new manifest, to put into the planning cache
  };
  // Files that go, by manifest path: their removal keys.
  using Removals = std::unordered_map<std::string, std::unordered_set<std::string>>;

  // The name of a file in a removal set: deletion vectors share paths, so their target is in it.
  static std::string RemovalKey(std::string_view path, std::string_view target);
  static std::string RemovalKey(const DataFile& file);

  Status LoadParent();
  Status FindRemovals();
  Status FindNamed(const std::vector<RemovedFile>& files, ManifestContent content);
  Status FindByRule();
  Status FindWhere(const Snapshot& base, Removals& seen);
  Status FindReplaced(const Snapshot& base, Removals& seen);
  Status TakeSeen(Removals seen);
  Status FindDanglingDeletes();
  Status CheckDeletionVectors();
  Status Keep();
  Status Rewrite(const ManifestFile& manifest, const std::unordered_set<std::string>& removed);
  Status AddNew(const std::vector<AddedFile>& files, ManifestContent content);
  Status Merge(ManifestContent content);
  Status MergeGroup(const std::vector<size_t>& group);
  Status FinishManifest(ManifestWriter& writer, std::vector<ManifestEntry> entries);
  Result<Snapshot> WriteList(int64_t now_ms);
  Result<std::unique_ptr<ManifestWriter>> NewWriter(int32_t spec_id, ManifestContent content,
                                                    size_t entry_count) const;
  Result<const ManifestFile*> ManifestOf(const RemovedFile& file, ManifestContent content);
  Result<ManifestIndexPtr> IndexOf(const ManifestFile& manifest);
  Status Write(const std::string& path, std::string_view bytes);
  void RememberManifests(const std::vector<ManifestFile>& listed);
  std::map<std::string, std::string> Summary() const;
  std::string MetadataPath(std::string_view name) const;
  std::string NextManifestPath();
  int64_t NewSnapshotId() const;

  const TableEnvironment& environment_;
  const TableMetadata& table_;
  const Snapshot* parent_;
  const TableChange& change_;
  int64_t snapshot_id_ = 0;
  std::string commit_uuid_;
  int manifest_count_ = 0;
  ManifestListPtr parent_list_;  // null without a parent
  Removals removals_;
  std::unordered_set<std::string> removed_data_paths_;
  std::vector<Listed> listed_;
  SnapshotTotals added_;
  SnapshotTotals removed_;
  std::set<std::string> partitions_;  // keys of those with files added or removed
  int64_t manifests_kept_ = 0;
  int64_t manifests_replaced_ = 0;
  int64_t entries_processed_ = 0;
  std::vector<std::string> written_;
};

}  // namespace crannog::table::iceberg
