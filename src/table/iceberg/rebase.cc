#include "table/iceberg/rebase.h"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "table/iceberg/scan/delete_index.h"
#include "table/iceberg/scan/scan_plan.h"

namespace crannog::table::iceberg {

namespace {

std::unexpected<Error> Conflict(std::string why) {
  return Fail(Code::kConflict, "commit: " + std::move(why));
}

bool Changes(const TableChange& change, const auto& is_kind) {
  return std::ranges::any_of(change.updates, is_kind);
}

Status CheckDefinitions(const TableMetadata& table, const TableChange& change) {
  const ChangeBase& base = change.base;
  const bool schema = Changes(change, [](const TableUpdate& u) {
    return std::holds_alternative<AddSchema>(u) || std::holds_alternative<SetCurrentSchema>(u);
  });
  const bool spec = Changes(change, [](const TableUpdate& u) {
    return std::holds_alternative<AddSpec>(u) || std::holds_alternative<SetDefaultSpec>(u);
  });
  const bool order = Changes(change, [](const TableUpdate& u) {
    return std::holds_alternative<AddSortOrder>(u) ||
           std::holds_alternative<SetDefaultSortOrder>(u);
  });
  const bool schema_moved = base.current_schema_id != table.current_schema_id ||
                            base.last_column_id != table.last_column_id;
  const bool spec_moved = base.default_spec_id != table.default_spec_id ||
                          base.last_partition_id != table.last_partition_id;
  const bool order_moved = base.default_sort_order_id != table.default_sort_order_id;
  if ((schema || spec || order) && schema_moved) {
    return Conflict("the schema was changed meanwhile");
  }
  if (spec && spec_moved) return Conflict("the partition spec was changed meanwhile");
  if (order && order_moved) return Conflict("the sort order was changed meanwhile");
  return {};
}

bool Descends(const TableMetadata& table, SnapshotPtr head, int64_t ancestor) {
  while (head != nullptr && head->snapshot_id != ancestor) {
    head = head->parent_snapshot_id ? table.SnapshotById(*head->parent_snapshot_id) : nullptr;
  }
  return head != nullptr;
}

// Looks at what came since the change's base.
class Conflicts {
 public:
  Conflicts(const TableEnvironment& environment, const TableMetadata& table,
            const TableChange& change)
      : environment_(environment),
        table_(table),
        change_(change),
        deletes_(table, *table.CurrentSchema()) {}

  Status Check(const Snapshot& head) {
    CRANNOG_ASSIGN(list_, environment_.planning->ManifestList(*environment_.files, head));
    CRANNOG_RETURN_IF_ERROR(LoadNewDeletes());
    CRANNOG_RETURN_IF_ERROR(CheckTouched());
    // delete_where, delete_all and replace_partitions mean files of the base; that those are still
    // there is seen where they are removed (snapshot_removals.cc).
    if (change_.isolation != Isolation::kSerializable) return {};
    return CheckAdded(head);
  }

 private:
  bool IsNew(int64_t sequence_number) const {
    return sequence_number > change_.base.sequence_number;
  }

  Result<ManifestIndexPtr> IndexOf(const ManifestFile& manifest) {
    const ManifestFile* const one[] = {&manifest};
    CRANNOG_ASSIGN(auto indexes,
                   environment_.planning->Manifests(*environment_.files, table_, one));
    return std::move(indexes[0]);
  }

  Status LoadNewDeletes() {
    for (const ManifestFile& manifest : *list_) {
      if (manifest.content != ManifestContent::kDeletes || !manifest.has_live_files()) continue;
      if (!IsNew(manifest.sequence_number)) continue;
      CRANNOG_ASSIGN(ManifestIndexPtr index, IndexOf(manifest));
      for (const DeleteFile& file : index->delete_files()) {
        if (IsNew(file.file_sequence_number)) deletes_.Add(file);
      }
      indexes_.push_back(std::move(index));
    }
    return {};
  }

  // Files that the change removes, or adds deletes for, must still be there and as it saw them.
  Status CheckTouched() {
    std::unordered_set<std::string> paths(change_.referenced.begin(), change_.referenced.end());
    for (const RemovedFile& file : change_.removed) paths.insert(file.path);
    for (const AddedFile& file : change_.added_deletes) {
      if (file.file.referenced_data_file) paths.insert(*file.file.referenced_data_file);
    }
    std::erase_if(paths, [&](const std::string& path) {
      return std::ranges::any_of(
          change_.added, [&](const AddedFile& file) { return file.file.file_path == path; });
    });
    for (const ManifestFile& manifest : *list_) {
      if (paths.empty()) return {};
      if (manifest.content != ManifestContent::kData || !manifest.has_live_files()) continue;
      CRANNOG_ASSIGN(const ManifestIndexPtr index, IndexOf(manifest));
      for (auto it = paths.begin(); it != paths.end();) {
        const auto row = index->Find(*it);
        if (!row) {
          ++it;
          continue;
        }
        CRANNOG_RETURN_IF_ERROR(CheckNoNewDeletes(*index, *row));
        it = paths.erase(it);
      }
    }
    if (paths.empty()) return {};
    return Conflict("data file " + *paths.begin() + " was removed by another commit");
  }

  Status CheckNoNewDeletes(const ManifestIndex& index, uint32_t row) {
    if (deletes_.empty()) return {};
    const std::string path = index.Path(row);
    const std::vector<Value> partition = index.Partition(row);
    const DeleteTarget target{path, index.spec_id(), partition, index.DataSequenceNumber(row),
                              [&](int32_t id) { return index.Column(id, row); }};
    FileDeletes found;
    if (!deletes_.Find(target, found)) return {};
    // Equality deletes stay in force over rewritten rows, since those keep their sequence number.
    if (change_.rewrite && found.deletion_vector == nullptr && found.position_deletes.empty()) {
      return {};
    }
    return Conflict("rows of data file " + path + " were deleted by another commit");
  }

  Status CheckAdded(const Snapshot& head) {
    if (change_.rewrite) return {};
    ScanRequest request;
    request.table = &table_;
    request.snapshot = &head;
    request.predicate = &change_.read;
    request.schema = table_.SchemaById(change_.base.current_schema_id);
    if (request.schema == nullptr) return Conflict("the schema it was made with is gone");
    CRANNOG_ASSIGN(const ScanPlan plan,
                   PlanScan(*environment_.files, *environment_.planning, request));
    for (const FileScan& scan : plan.files) {
      if (IsNew(scan.file.file_sequence_number())) {
        return Conflict("data file " + scan.file.path() +
                        ", added by another commit, may hold rows that this one read");
      }
    }
    return {};
  }

  const TableEnvironment& environment_;
  const TableMetadata& table_;
  const TableChange& change_;
  ManifestListPtr list_;
  std::vector<ManifestIndexPtr> indexes_;  // what deletes_ points into
  DeleteIndex deletes_;
};

}  // namespace

Status CheckChange(const TableEnvironment& environment, const TableMetadata& table,
                   const TableChange& change) {
  if (change.base.table_uuid != table.table_uuid) {
    return Conflict(change.base.table_uuid.empty()
                        ? "the table was created by another commit"
                        : "the table was dropped and created anew meanwhile");
  }
  CRANNOG_RETURN_IF_ERROR(CheckDefinitions(table, change));
  if (!change.HasFiles() || change.IsAppend()) return {};
  const SnapshotPtr head = table.SnapshotByRef(change.branch);
  const std::optional<int64_t> head_id =
      head == nullptr ? std::nullopt : std::optional(head->snapshot_id);
  if (head_id == change.base.snapshot_id) return {};
  const bool only_adds = change.removed.empty() && change.removed_deletes.empty() &&
                         change.added_deletes.empty() && change.referenced.empty() &&
                         !change.delete_where && !change.delete_all && !change.replace_partitions;
  if (only_adds) return {};
  if (head == nullptr) return Conflict("branch " + change.branch + " has no snapshot any more");
  if (change.base.snapshot_id && !Descends(table, head, *change.base.snapshot_id)) {
    return Conflict("snapshot " + std::to_string(*change.base.snapshot_id) +
                    " is no ancestor of branch " + change.branch + " any more");
  }
  return Conflicts(environment, table, change).Check(*head);
}

}  // namespace crannog::table::iceberg
