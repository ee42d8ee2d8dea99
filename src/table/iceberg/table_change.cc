#include "table/iceberg/table_change.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "table/iceberg/limits.h"

namespace crannog::table::iceberg {

namespace {

template <typename T>
void AppendAll(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Entries of `removed` that name a file of `added` cancel it.
void Cancel(std::vector<AddedFile>& added, std::vector<RemovedFile>& removed) {
  const auto key = [](const std::string& path, const std::string& target) {
    return path + '\n' + target;
  };
  std::unordered_set<std::string> gone;
  for (const RemovedFile& file : removed) gone.insert(key(file.path, file.referenced_data_file));
  std::unordered_set<std::string> cancelled;
  std::erase_if(added, [&](const AddedFile& file) {
    const std::string target =
        file.file.is_deletion_vector() ? file.file.referenced_data_file.value_or("") : "";
    const std::string name = key(file.file.file_path, target);
    if (!gone.contains(name)) return false;
    cancelled.insert(name);
    return true;
  });
  std::erase_if(removed, [&](const RemovedFile& file) {
    return cancelled.contains(key(file.path, file.referenced_data_file));
  });
}

// Deletes of a file that is no more go with it.
void DropDanglingDeletes(std::vector<AddedFile>& deletes, const std::vector<RemovedFile>& removed) {
  std::unordered_set<std::string_view> gone;
  for (const RemovedFile& file : removed) gone.insert(file.path);
  std::erase_if(deletes, [&](const AddedFile& file) {
    return file.file.referenced_data_file && gone.contains(*file.file.referenced_data_file);
  });
}

}  // namespace

TableChange TableChange::On(const TableMetadata& table, std::string_view branch) {
  TableChange change;
  change.branch = branch;
  change.base.table_uuid = table.table_uuid;
  change.base.current_schema_id = table.current_schema_id;
  change.base.last_column_id = table.last_column_id;
  change.base.default_spec_id = table.default_spec_id;
  change.base.last_partition_id = table.last_partition_id;
  change.base.default_sort_order_id = table.default_sort_order_id;
  if (const SnapshotPtr head = table.SnapshotByRef(branch)) {
    change.base.snapshot_id = head->snapshot_id;
    change.base.sequence_number = head->sequence_number;
  }
  return change;
}

TableChange TableChange::Create(std::vector<TableUpdate> updates) {
  TableChange change;
  change.updates = std::move(updates);
  return change;
}

bool TableChange::HasFiles() const {
  return !added.empty() || !added_deletes.empty() || !removed.empty() || !removed_deletes.empty() ||
         delete_where.has_value() || delete_all || replace_partitions;
}

bool TableChange::IsAppend() const {
  return updates.empty() && added_deletes.empty() && removed.empty() && removed_deletes.empty() &&
         !delete_where && !delete_all && !replace_partitions && !rewrite && !stage_only &&
         (!added.empty() || snapshot_if_empty);
}

bool TableChange::IsEmpty() const { return !HasFiles() && updates.empty() && !snapshot_if_empty; }

Status TableChange::Extend(TableChange next) {
  if (next.branch != branch) {
    return Fail(Code::kInvalid,
                "extend a change to branch " + branch + " by one to branch " + next.branch);
  }
  if (next.delete_where || next.replace_partitions || replace_partitions || next.rewrite) {
    return Fail(Code::kInvalid,
                "extend a change by one that names files by rule: name them one by one");
  }
  const bool had_read = HasFiles() && !IsAppend();
  if (next.delete_all) {
    added.clear();
    added_deletes.clear();
    removed.clear();
    removed_deletes.clear();
    delete_where.reset();
    delete_all = true;
  }
  Cancel(added, next.removed);
  Cancel(added_deletes, next.removed_deletes);
  DropDanglingDeletes(added_deletes, next.removed);
  AppendAll(updates, std::move(next.updates));
  AppendAll(added, std::move(next.added));
  AppendAll(added_deletes, std::move(next.added_deletes));
  AppendAll(removed, std::move(next.removed));
  AppendAll(removed_deletes, std::move(next.removed_deletes));
  AppendAll(referenced, std::move(next.referenced));
  if (!next.IsAppend()) {
    // What either of them read; a change that read nothing so far has no say.
    read = had_read ? Predicate::Or({std::move(read), std::move(next.read)}) : std::move(next.read);
  }
  isolation = std::max(isolation, next.isolation);
  summary.merge(next.summary);
  snapshot_if_empty |= next.snapshot_if_empty;
  return {};
}

bool CanCombine(const TableChange& a, const TableChange& b) {
  return a.IsAppend() && b.IsAppend() && a.branch == b.branch &&
         a.base.table_uuid == b.base.table_uuid && !a.base.table_uuid.empty();
}

Result<TableChange> Combine(std::vector<TableChange> changes) {
  if (changes.empty()) return Fail(Code::kInvalid, "combine no changes");
  TableChange all = std::move(changes.front());
  size_t count = all.added.size();
  for (size_t i = 1; i < changes.size(); ++i) {
    if (!CanCombine(all, changes[i])) {
      return Fail(Code::kInvalid, "combine changes that are not all appends to one branch");
    }
    count += changes[i].added.size();
    if (count > kFilesPerChangeMax) {
      return Fail(Code::kTooLarge, "combine changes with " + std::to_string(count) + " files");
    }
    AppendAll(all.added, std::move(changes[i].added));
    all.summary.merge(changes[i].summary);
    all.snapshot_if_empty |= changes[i].snapshot_if_empty;
    // The newest base: files may be of a spec that older ones do not know.
    if (changes[i].base.sequence_number > all.base.sequence_number) all.base = changes[i].base;
  }
  return all;
}

}  // namespace crannog::table::iceberg
