// Which files a change takes out of the table, and in which manifests they are now.
#include <algorithm>
#include <utility>

#include "table/iceberg/scan/delete_index.h"
#include "table/iceberg/scan/scan_plan.h"
#include "table/iceberg/snapshot_producer.h"

namespace crannog::table::iceberg {

namespace {

std::unexpected<Error> RemovedFirst(const std::string& path) {
  return Fail(Code::kConflict, "remove " + path +
                                   ": it is not in the table any more; another commit removed it "
                                   "first");
}

}  // namespace

std::string SnapshotProducer::RemovalKey(std::string_view path, std::string_view target) {
  std::string key(path);
  if (!target.empty()) {
    key += '\n';
    key += target;
  }
  return key;
}

std::string SnapshotProducer::RemovalKey(const DataFile& file) {
  return RemovalKey(file.file_path,
                    file.is_deletion_vector() ? file.referenced_data_file.value_or("") : "");
}

Status SnapshotProducer::FindRemovals() {
  CRANNOG_RETURN_IF_ERROR(FindNamed(change_.removed, ManifestContent::kData));
  CRANNOG_RETURN_IF_ERROR(FindNamed(change_.removed_deletes, ManifestContent::kDeletes));
  CRANNOG_RETURN_IF_ERROR(FindByRule());
  return FindDanglingDeletes();
}

Status SnapshotProducer::FindNamed(const std::vector<RemovedFile>& files, ManifestContent content) {
  for (const RemovedFile& file : files) {
    CRANNOG_ASSIGN(const ManifestFile* manifest, ManifestOf(file, content));
    if (manifest == nullptr) return RemovedFirst(file.path);
    removals_[manifest->manifest_path].insert(RemovalKey(file.path, file.referenced_data_file));
    if (content == ManifestContent::kData) removed_data_paths_.insert(file.path);
  }
  return {};
}

// Where a file is live; null when it is nowhere. The hint is tried first, since the manifest may
// have been merged into another meanwhile.
Result<const ManifestFile*> SnapshotProducer::ManifestOf(const RemovedFile& file,
                                                         ManifestContent content) {
  if (parent_list_ == nullptr) return nullptr;
  const auto holds = [&](const ManifestFile& manifest) -> Result<bool> {
    if (manifest.content != content || !manifest.has_live_files()) return false;
    CRANNOG_ASSIGN(const ManifestIndexPtr index, IndexOf(manifest));
    if (file.referenced_data_file.empty()) return index->Find(file.path).has_value();
    return std::ranges::any_of(index->delete_files(), [&](const DeleteFile& one) {
      return one.file.file_path == file.path &&
             one.file.referenced_data_file == file.referenced_data_file;
    });
  };
  for (const ManifestFile& manifest : *parent_list_) {
    if (manifest.manifest_path != file.manifest_path) continue;
    CRANNOG_ASSIGN(const bool found, holds(manifest));
    if (found) return &manifest;
  }
  for (const ManifestFile& manifest : *parent_list_) {
    if (manifest.manifest_path == file.manifest_path) continue;
    CRANNOG_ASSIGN(const bool found, holds(manifest));
    if (found) return &manifest;
  }
  return nullptr;
}

// Rules mean the files that their writer saw, so they are asked of the base and not of the parent:
// a file added meanwhile stays, and one that is gone is a conflict, since its rows may live on in
// another (compaction).
Status SnapshotProducer::FindByRule() {
  if (!change_.delete_where && !change_.delete_all && !change_.replace_partitions) return {};
  if (!change_.base.snapshot_id) return {};  // it saw no files
  const SnapshotPtr base = table_.SnapshotById(*change_.base.snapshot_id);
  if (base == nullptr) {
    return Fail(Code::kConflict, "remove files of snapshot " +
                                     std::to_string(*change_.base.snapshot_id) +
                                     ": it was expired meanwhile");
  }
  Removals seen;
  if (change_.delete_where) CRANNOG_RETURN_IF_ERROR(FindWhere(*base, seen));
  if (change_.delete_all || change_.replace_partitions) {
    CRANNOG_RETURN_IF_ERROR(FindReplaced(*base, seen));
  }
  return TakeSeen(std::move(seen));
}

Status SnapshotProducer::FindWhere(const Snapshot& base, Removals& seen) {
  ScanRequest request;
  request.table = &table_;
  request.snapshot = &base;
  request.predicate = &*change_.delete_where;
  request.schema = table_.CurrentSchema();
  request.decide_all_match = true;
  CRANNOG_ASSIGN(const ScanPlan plan,
                 PlanScan(*environment_.files, *environment_.planning, request));
  for (const FileScan& scan : plan.files) {
    if (!scan.all_match) {
      return Fail(Code::kInvalid,
                  "delete whole files: " + scan.file.path() + " may hold rows that do not match");
    }
    seen[scan.file.manifest_path()].insert(scan.file.path());
  }
  return {};
}

Status SnapshotProducer::FindReplaced(const Snapshot& base, Removals& seen) {
  std::unordered_set<std::string> partitions;
  for (const AddedFile& file : change_.added) {
    partitions.insert(
        PartitionKey(file.spec_id.value_or(table_.default_spec_id), file.file.partition));
  }
  CRANNOG_ASSIGN(const ManifestListPtr list,
                 environment_.planning->ManifestList(*environment_.files, base));
  for (const ManifestFile& manifest : *list) {
    if (manifest.content != ManifestContent::kData || !manifest.has_live_files()) continue;
    CRANNOG_ASSIGN(const ManifestIndexPtr index, IndexOf(manifest));
    for (uint32_t row = 0; row < index->file_count(); ++row) {
      if (!change_.delete_all &&
          !partitions.contains(PartitionKey(index->spec_id(), index->Partition(row)))) {
        continue;
      }
      seen[manifest.manifest_path].insert(index->Path(row));
    }
  }
  return {};
}

// `seen` has the base's manifests. Most are still in the parent; of the others the files are looked
// for in what is new.
Status SnapshotProducer::TakeSeen(Removals seen) {
  for (const auto& [manifest, paths] : seen) {
    removed_data_paths_.insert(paths.begin(), paths.end());
  }
  std::vector<const ManifestFile*> others;
  if (parent_list_ != nullptr) {
    for (const ManifestFile& manifest : *parent_list_) {
      if (manifest.content != ManifestContent::kData || !manifest.has_live_files()) continue;
      const auto found = seen.find(manifest.manifest_path);
      if (found == seen.end()) {
        others.push_back(&manifest);
        continue;
      }
      removals_[manifest.manifest_path].merge(found->second);
      seen.erase(found);
    }
  }
  std::unordered_set<std::string> moved;
  for (auto& [manifest, paths] : seen) moved.merge(paths);
  for (const ManifestFile* manifest : others) {
    if (moved.empty()) return {};
    CRANNOG_ASSIGN(const ManifestIndexPtr index, IndexOf(*manifest));
    for (uint32_t row = 0; row < index->file_count(); ++row) {
      std::string path = index->Path(row);
      if (moved.erase(path) != 0) removals_[manifest->manifest_path].insert(std::move(path));
    }
  }
  if (!moved.empty()) return RemovedFirst(*moved.begin());
  return {};
}

// Deletes that are only about removed files go with them ("Deletion Vectors": a writer must). Where
// all files of the base go, so do all its deletes; later ones may be about later files.
Status SnapshotProducer::FindDanglingDeletes() {
  const bool all = change_.delete_all && change_.base.snapshot_id.has_value();
  if (parent_list_ == nullptr || (removed_data_paths_.empty() && !all)) return {};
  for (const ManifestFile& manifest : *parent_list_) {
    if (manifest.content != ManifestContent::kDeletes || !manifest.has_live_files()) continue;
    CRANNOG_ASSIGN(const ManifestIndexPtr index, IndexOf(manifest));
    for (const DeleteFile& deletes : index->delete_files()) {
      const auto& target = deletes.file.referenced_data_file;
      if ((all && deletes.file_sequence_number <= change_.base.sequence_number) ||
          (target && removed_data_paths_.contains(*target))) {
        removals_[manifest.manifest_path].insert(RemovalKey(deletes.file));
      }
    }
  }
  return {};
}

}  // namespace crannog::table::iceberg
