// A change to one table, buffered by a writer until it commits: new schema, spec or properties, and
// data and delete files that come and go. It remembers what it was based on, so that commit.h can
// put it on top of whatever the table has become meanwhile, or say why that is impossible.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/scan/expression.h"
#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

// What a change refuses to have happened since its base.
enum class Isolation : uint8_t {
  kSnapshot,      // files it removes or refers to are gone, or got deletes it has not seen
  kSerializable,  // that, and files with rows that match its `read` predicate were added
};

// The state of the table that a change was made against.
struct ChangeBase {
  std::string table_uuid;  // "": the table did not exist
  int32_t current_schema_id = 0;
  int32_t last_column_id = 0;
  int32_t default_spec_id = 0;
  int32_t last_partition_id = 0;
  int32_t default_sort_order_id = 0;
  std::optional<int64_t> snapshot_id;  // head of the branch; nullopt: no snapshot
  int64_t sequence_number = 0;         // of that snapshot

  friend bool operator==(const ChangeBase& a, const ChangeBase& b) = default;
};

// A file that a writer made. It must exist, whole and under its final name, before the commit.
struct AddedFile {
  DataFile file;
  std::optional<int32_t> spec_id;  // of its partition tuple; nullopt: the table's default spec
};

struct RemovedFile {
  std::string path;
  std::string manifest_path;  // where it was seen (PlannedFile::manifest_path); "": not known
  // Of a deletion vector: several share a path, so the data file it is of tells them apart.
  std::string referenced_data_file;
};

struct TableChange {
  // A change to the branch `branch` of `table`.
  static TableChange On(const TableMetadata& table, std::string_view branch = kMainBranch);
  // The creation of a table: `updates` are those of CreateTableUpdates (new_table.h).
  static TableChange Create(std::vector<TableUpdate> updates);

  ChangeBase base;
  std::string branch{kMainBranch};
  // Applied before the files below, in order; ids of added schemas and specs may be kLastAdded.
  std::vector<TableUpdate> updates;

  // Data files with new rows.
  std::vector<AddedFile> added;
  // Position and equality delete files and deletion vectors.
  std::vector<AddedFile> added_deletes;
  // Live data files that go (copy-on-write, compaction), and delete files.
  std::vector<RemovedFile> removed;
  std::vector<RemovedFile> removed_deletes;
  // Rules: they mean the files of the base. On a rebase a file added meanwhile stays, and one that
  // was removed or rewritten meanwhile is a conflict.
  //
  // Every live data file goes whose rows surely all match. Files that may hold both kinds of rows
  // are refused (kInvalid): the caller rewrites those and lists them in `removed`.
  std::optional<Predicate> delete_where;
  // Every live data file goes (TRUNCATE, INSERT OVERWRITE of an unpartitioned table).
  bool delete_all = false;
  // Every live data file goes that shares a partition with a file of `added` (dynamic overwrite).
  bool replace_partitions = false;
  // The same rows in other files: the snapshot's operation is "replace", and the new files keep the
  // sequence number of the base, so that equality deletes made meanwhile still apply to them.
  bool rewrite = false;

  Isolation isolation = Isolation::kSerializable;
  // The rows it read to decide; only asked of changes that remove, delete or refer to files.
  // Over field ids of the base's schema.
  Predicate read = Predicate::True();
  // Data files whose rows the added position deletes name, where the delete files do not say so
  // themselves (referenced_data_file).
  std::vector<std::string> referenced;

  // Beside what commit.h puts there: engine-name, wap.id, job ids.
  std::map<std::string, std::string> summary;
  // Kept in the metadata without becoming the head of the branch (write, audit, publish).
  bool stage_only = false;
  // A snapshot even where no file comes or goes (INSERT of no rows): time travel sees it.
  bool snapshot_if_empty = false;

  bool HasFiles() const;
  // Files only added, nothing removed or read, no updates: rebases on anything of the same table.
  bool IsAppend() const;
  // Nothing to do at all.
  bool IsEmpty() const;

  // Adds a later statement of the same transaction, made while looking at the outcome of this one:
  // files that this one added and `next` removes disappear from both.
  //   kInvalid  the two do not fit: another branch or table, or delete_where over other changes
  Status Extend(TableChange next);
};

// Several appends to the same branch of the same table as one, which makes one snapshot of them
// (group commit). Summaries are merged, the earlier one wins.
//   kInvalid  not all are appends to one branch of one table
Result<TableChange> Combine(std::vector<TableChange> changes);
// Whether Combine would take both.
bool CanCombine(const TableChange& a, const TableChange& b);

}  // namespace crannog::table::iceberg
