#include "table/iceberg/snapshot_summary.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace crannog::table::iceberg {

void SnapshotTotals::Count(const DataFile& file) {
  size_bytes +=
      file.is_deletion_vector() ? file.content_size_in_bytes.value_or(0) : file.file_size_in_bytes;
  if (file.content == FileContent::kData) {
    ++data_files;
    records += file.record_count;
    return;
  }
  ++delete_files;
  if (file.content == FileContent::kEqualityDeletes) {
    ++equality_delete_files;
    equality_deletes += file.record_count;
    return;
  }
  if (file.is_deletion_vector()) {
    ++deletion_vectors;
  } else {
    ++position_delete_files;
  }
  position_deletes += file.record_count;
}

namespace {

using Summary = std::map<std::string, std::string>;

std::string_view Operation(const SnapshotFacts& facts) {
  if (facts.rewrite) return kOperationReplace;
  const bool removes = facts.removed.data_files + facts.removed.delete_files > 0;
  if (!removes && facts.added.delete_files == 0) return kOperationAppend;
  return facts.added.data_files == 0 ? kOperationDelete : kOperationOverwrite;
}

void PutIfAny(Summary& summary, const char* key, int64_t value) {
  if (value > 0) summary.emplace(key, std::to_string(value));
}

std::optional<int64_t> TotalOf(const Snapshot* parent, const char* key) {
  if (parent == nullptr) return 0;
  const auto it = parent->summary.find(key);
  if (it == parent->summary.end()) return std::nullopt;
  int64_t value = 0;
  const char* end = it->second.data() + it->second.size();
  if (std::from_chars(it->second.data(), end, value).ptr != end) return std::nullopt;
  return value;
}

void PutTotal(Summary& summary, const Snapshot* parent, const char* key, int64_t added,
              int64_t removed) {
  const auto before = TotalOf(parent, key);
  if (before) summary.emplace(key, std::to_string(*before + added - removed));
}

}  // namespace

std::map<std::string, std::string> MakeSummary(const SnapshotFacts& facts, const Snapshot* parent,
                                               const std::map<std::string, std::string>& extra) {
  Summary summary = extra;
  summary.insert_or_assign("operation", std::string(Operation(facts)));
  const SnapshotTotals& added = facts.added;
  const SnapshotTotals& removed = facts.removed;
  PutIfAny(summary, "added-data-files", added.data_files);
  PutIfAny(summary, "deleted-data-files", removed.data_files);
  PutIfAny(summary, "added-records", added.records);
  PutIfAny(summary, "deleted-records", removed.records);
  PutIfAny(summary, "added-files-size", added.size_bytes);
  PutIfAny(summary, "removed-files-size", removed.size_bytes);
  PutIfAny(summary, "added-delete-files", added.delete_files);
  PutIfAny(summary, "removed-delete-files", removed.delete_files);
  PutIfAny(summary, "added-equality-delete-files", added.equality_delete_files);
  PutIfAny(summary, "removed-equality-delete-files", removed.equality_delete_files);
  PutIfAny(summary, "added-position-delete-files", added.position_delete_files);
  PutIfAny(summary, "removed-position-delete-files", removed.position_delete_files);
  PutIfAny(summary, "added-dvs", added.deletion_vectors);
  PutIfAny(summary, "removed-dvs", removed.deletion_vectors);
  PutIfAny(summary, "added-position-deletes", added.position_deletes);
  PutIfAny(summary, "removed-position-deletes", removed.position_deletes);
  PutIfAny(summary, "added-equality-deletes", added.equality_deletes);
  PutIfAny(summary, "removed-equality-deletes", removed.equality_deletes);
  summary.emplace("changed-partition-count", std::to_string(facts.changed_partitions));
  summary.emplace("manifests-created", std::to_string(facts.manifests_created));
  summary.emplace("manifests-kept", std::to_string(facts.manifests_kept));
  summary.emplace("manifests-replaced", std::to_string(facts.manifests_replaced));
  PutIfAny(summary, "entries-processed", facts.entries_processed);
  PutTotal(summary, parent, "total-records", added.records, removed.records);
  PutTotal(summary, parent, "total-files-size", added.size_bytes, removed.size_bytes);
  PutTotal(summary, parent, "total-data-files", added.data_files, removed.data_files);
  PutTotal(summary, parent, "total-delete-files", added.delete_files, removed.delete_files);
  PutTotal(summary, parent, "total-position-deletes", added.position_deletes,
           removed.position_deletes);
  PutTotal(summary, parent, "total-equality-deletes", added.equality_deletes,
           removed.equality_deletes);
  if (!facts.engine_name.empty()) summary.emplace("engine-name", facts.engine_name);
  if (!facts.engine_version.empty()) summary.emplace("engine-version", facts.engine_version);
  return summary;
}

}  // namespace crannog::table::iceberg
