#include "table/iceberg/scan/delete_index.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace crannog::table::iceberg {

std::string PartitionKey(int32_t spec_id, std::span<const Value> partition) {
  std::string key = std::to_string(spec_id);
  for (const Value& value : partition) {
    if (value.is_null()) {
      key += "|n";
      continue;
    }
    const std::string bytes = EncodeBinary(value);
    key += '|';
    key += std::to_string(bytes.size());
    key += ':';
    key += bytes;
  }
  return key;
}

namespace {

// The one data file that a position delete file is about, when it says so: by name, or because the
// bounds of its path column are one path.
std::optional<std::string> OnlyTarget(const DataFile& file) {
  if (file.referenced_data_file) return file.referenced_data_file;
  const FieldBound* lower = FindBound(file.lower_bounds, kFieldIdFilePath);
  const FieldBound* upper = FindBound(file.upper_bounds, kFieldIdFilePath);
  if (lower != nullptr && upper != nullptr && lower->value == upper->value) return lower->value;
  return std::nullopt;
}

bool MayNamePath(const DataFile& file, std::string_view path) {
  const FieldBound* lower = FindBound(file.lower_bounds, kFieldIdFilePath);
  const FieldBound* upper = FindBound(file.upper_bounds, kFieldIdFilePath);
  return (lower == nullptr || lower->value <= path) && (upper == nullptr || upper->value >= path);
}

bool IsFloating(TypeId id) { return id == TypeId::kFloat || id == TypeId::kDouble; }

}  // namespace

DeleteIndex::DeleteIndex(const TableMetadata& table, const Schema& schema)
    : table_(&table), schema_(&schema) {}

void DeleteIndex::Add(const ManifestIndex& manifest) {
  for (const DeleteFile& file : manifest.delete_files()) Add(file);
}

void DeleteIndex::Add(const DeleteFile& file) {
  ++count_;
  if (file.file.content != FileContent::kEqualityDeletes) return AddPositions(file);
  const PartitionSpecPtr spec = table_->SpecById(file.spec_id);
  if (spec == nullptr || spec->is_unpartitioned()) {
    global_equalities_.push_back(&file);
  } else {
    equalities_by_partition_[PartitionKey(file.spec_id, file.file.partition)].push_back(&file);
  }
}

void DeleteIndex::AddPositions(const DeleteFile& file) {
  if (auto target = OnlyTarget(file.file)) {
    by_path_[std::move(*target)].push_back(&file);
  } else {
    positions_by_partition_[PartitionKey(file.spec_id, file.file.partition)].push_back(&file);
  }
}

// Equality deletes whose values all lie outside the file's bounds delete nothing in it.
bool DeleteIndex::MayShareRows(const DeleteFile& deletes, const DeleteTarget& target) const {
  if (!target.column) return true;
  for (const int32_t id : deletes.file.equality_ids) {
    const NestedField* field = schema_->FindById(id);
    if (field == nullptr || IsFloating(field->type.id())) continue;
    if (!HasOrderedBounds(field->type.id())) continue;
    const FieldBound* low = FindBound(deletes.file.lower_bounds, id);
    const FieldBound* high = FindBound(deletes.file.upper_bounds, id);
    const FieldCount* nulls = FindCount(deletes.file.null_value_counts, id);
    if (low == nullptr || high == nullptr) continue;
    const ColumnSummary column = target.column(id);
    const bool may_delete_null = nulls == nullptr || nulls->count > 0;
    if (may_delete_null && column.may_be_null) continue;
    const auto lower = DecodeBinary(field->type, low->value);
    const auto upper = DecodeBinary(field->type, high->value);
    if (!lower || !upper) continue;
    const auto meets = [&](const std::optional<Value>& bound) {
      return bound && Comparable(bound->type_id(), field->type.id());
    };
    if (meets(column.upper) && CompareForSql(*column.upper, *lower) < 0) return false;
    if (meets(column.lower) && CompareForSql(*column.lower, *upper) > 0) return false;
  }
  return true;
}

void DeleteIndex::TakeEqualities(const Files& files, const DeleteTarget& target,
                                 FileDeletes& deletes) const {
  for (const DeleteFile* file : files) {
    if (target.data_sequence_number < file->data_sequence_number && MayShareRows(*file, target)) {
      deletes.equality_deletes.push_back(file);
    }
  }
}

bool DeleteIndex::Find(const DeleteTarget& target, FileDeletes& deletes) const {
  deletes = {};
  const bool by_partition =
      !positions_by_partition_.empty() || !equalities_by_partition_.empty() || !by_path_.empty();
  const std::string key =
      by_partition ? PartitionKey(target.spec_id, target.partition) : std::string();
  if (const auto it = by_path_.find(std::string(target.path)); it != by_path_.end()) {
    for (const DeleteFile* file : it->second) {
      if (target.data_sequence_number > file->data_sequence_number) continue;
      if (PartitionKey(file->spec_id, file->file.partition) != key) continue;
      if (file->file.is_deletion_vector()) {
        deletes.deletion_vector = file;
      } else {
        deletes.position_deletes.push_back(file);
      }
    }
  }
  if (const auto it = positions_by_partition_.find(key); it != positions_by_partition_.end()) {
    for (const DeleteFile* file : it->second) {
      if (target.data_sequence_number > file->data_sequence_number) continue;
      if (MayNamePath(file->file, target.path)) deletes.position_deletes.push_back(file);
    }
  }
  // A vector holds everything that position deletes before it said.
  if (deletes.deletion_vector != nullptr) deletes.position_deletes.clear();
  TakeEqualities(global_equalities_, target, deletes);
  if (const auto it = equalities_by_partition_.find(key); it != equalities_by_partition_.end()) {
    TakeEqualities(it->second, target, deletes);
  }
  return deletes.deletion_vector != nullptr || !deletes.position_deletes.empty() ||
         !deletes.equality_deletes.empty();
}

}  // namespace crannog::table::iceberg
