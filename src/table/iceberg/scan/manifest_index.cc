#include "table/iceberg/scan/manifest_index.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "base/check.h"

namespace crannog::table::iceberg {

namespace {

constexpr int64_t kNoRowId = -1;

// What the fields of the table's schemas were last known as: bounds of dropped columns are kept as
// long as a schema has them, since time travel still asks for them.
std::unordered_map<int32_t, Type> ColumnTypes(const TableMetadata& table) {
  std::unordered_map<int32_t, Type> types;
  const auto collect = [&](const Schema& schema, const Type& type, const auto& self) -> void {
    for (const NestedField& field : type.fields()) {
      if (field.type.id() == TypeId::kStruct) {
        self(schema, field.type, self);
      } else if (field.type.is_primitive()) {
        types.insert_or_assign(field.id, field.type);
      }
    }
  };
  for (const SchemaPtr& schema : table.schemas) {
    if (schema->schema_id() != table.current_schema_id) {
      collect(*schema, schema->AsStruct(), collect);
    }
  }
  if (const SchemaPtr current = table.SchemaById(table.current_schema_id)) {
    collect(*current, current->AsStruct(), collect);
  }
  return types;
}

// Walks the five maps of one file, which are all ordered by field id, side by side.
class FactsCursor {
 public:
  explicit FactsCursor(const DataFileView& file)
      : values_(file.value_counts),
        nulls_(file.null_value_counts),
        nans_(file.nan_value_counts),
        lowers_(file.lower_bounds),
        uppers_(file.upper_bounds) {}

  // False at the end.
  bool Next(int32_t& field_id, ColumnFacts& facts) {
    bool any = false;
    const auto look = [&](const auto& list) {
      if (list.empty()) return;
      if (!any || list.front().field_id < field_id) field_id = list.front().field_id;
      any = true;
    };
    look(values_);
    look(nulls_);
    look(nans_);
    look(lowers_);
    look(uppers_);
    if (!any) return false;
    facts = {};
    TakeCount(values_, field_id, facts.value_count);
    TakeCount(nulls_, field_id, facts.null_count);
    TakeCount(nans_, field_id, facts.nan_count);
    TakeBound(lowers_, field_id, facts.lower);
    TakeBound(uppers_, field_id, facts.upper);
    return true;
  }

 private:
  static void TakeCount(std::span<const FieldCount>& list, int32_t id, int64_t& to) {
    while (!list.empty() && list.front().field_id == id) {
      to = list.front().count;
      list = list.subspan(1);
    }
  }
  static void TakeBound(std::span<const FieldBoundView>& list, int32_t id,
                        std::optional<std::string_view>& to) {
    while (!list.empty() && list.front().field_id == id) {
      to = list.front().value;
      list = list.subspan(1);
    }
  }
  std::span<const FieldCount> values_;
  std::span<const FieldCount> nulls_;
  std::span<const FieldCount> nans_;
  std::span<const FieldBoundView> lowers_;
  std::span<const FieldBoundView> uppers_;
};

size_t CommonLength(std::string_view a, std::string_view b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<size_t>(end - a.begin());
}

}  // namespace

struct ManifestIndex::Builder::State {
  std::shared_ptr<ManifestIndex> index{new ManifestIndex()};
  std::unordered_map<int32_t, Type> types;
  std::string paths;
  std::vector<size_t> path_ends;
  size_t prefix_length = 0;
  std::vector<FileFormat> formats;
  std::vector<int64_t> record_counts;
  std::vector<int64_t> file_sizes;
  std::vector<int64_t> data_sequences;
  std::vector<int64_t> file_sequences;
  std::vector<int64_t> snapshot_ids;
  std::vector<int64_t> first_row_ids;
  std::vector<int32_t> partition_ids;
  std::vector<PartitionColumn::Builder> partition;
  std::unordered_map<int32_t, IndexColumn::Builder> columns;

  void AddPath(std::string_view path);
  void AddColumns(size_t row, const DataFileView& file);
  void FinishPaths();
};

ManifestIndex::Builder::Builder(const ManifestFile& manifest, const TableMetadata& table)
    : state_(std::make_unique<State>()) {
  ManifestIndex& index = *state_->index;
  index.manifest_path_ = manifest.manifest_path;
  index.spec_id_ = manifest.partition_spec_id;
  index.content_ = manifest.content;
  state_->types = ColumnTypes(table);
  if (const PartitionSpecPtr spec = table.SpecById(manifest.partition_spec_id)) {
    for (const PartitionField& field : spec->fields) {
      state_->partition_ids.push_back(field.field_id);
    }
  }
  state_->partition.resize(state_->partition_ids.size());
}

ManifestIndex::Builder::~Builder() = default;

void ManifestIndex::Builder::State::AddPath(std::string_view path) {
  if (path_ends.empty()) {
    prefix_length = path.size();
  } else {
    const std::string_view first = std::string_view(paths).substr(0, path_ends.front());
    prefix_length = std::min(prefix_length, CommonLength(first.substr(0, prefix_length), path));
  }
  paths += path;
  path_ends.push_back(paths.size());
}

void ManifestIndex::Builder::State::AddColumns(size_t row, const DataFileView& file) {
  FactsCursor cursor(file);
  int32_t field_id = 0;
  ColumnFacts facts;
  while (cursor.Next(field_id, facts)) {
    auto column = columns.find(field_id);
    if (column == columns.end()) {
      const auto type = types.find(field_id);
      if (type == types.end()) continue;
      column = columns.emplace(field_id, IndexColumn::Builder(field_id, type->second)).first;
    }
    column->second.Add(row, facts);
  }
}

void ManifestIndex::Builder::Add(const ManifestEntryView& entry) {
  if (!entry.is_live()) return;
  State& state = *state_;
  const DataFileView& file = entry.data_file;
  const size_t row = state.record_counts.size();
  state.AddPath(file.file_path);
  state.formats.push_back(file.file_format);
  state.record_counts.push_back(file.record_count);
  state.file_sizes.push_back(file.file_size_in_bytes);
  state.data_sequences.push_back(entry.sequence_number.value_or(0));
  state.file_sequences.push_back(entry.file_sequence_number.value_or(0));
  state.snapshot_ids.push_back(entry.snapshot_id.value_or(0));
  state.first_row_ids.push_back(file.first_row_id.value_or(kNoRowId));
  for (size_t i = 0; i < state.partition.size(); ++i) {
    state.partition[i].Add(i < file.partition.size() ? file.partition[i] : Value());
  }
  state.AddColumns(row, file);
  if (state.index->content_ == ManifestContent::kDeletes) {
    state.index->delete_files_.push_back(
        {file.ToOwned(), state.index->spec_id_, entry.sequence_number.value_or(0),
         entry.file_sequence_number.value_or(0), state.index->manifest_path_});
  }
}

void ManifestIndex::Builder::State::FinishPaths() {
  if (path_ends.empty()) return;
  index->path_prefix_ = paths.substr(0, prefix_length);
  index->path_tails_.reserve(paths.size() - prefix_length * path_ends.size());
  index->path_ends_.reserve(path_ends.size());
  size_t start = 0;
  for (const size_t end : path_ends) {
    index->path_tails_.append(paths, start + prefix_length, end - start - prefix_length);
    index->path_ends_.push_back(static_cast<uint32_t>(index->path_tails_.size()));
    start = end;
  }
  // Manifests are limited to kManifestBytesMax, so are the paths in them.
  CRANNOG_CHECK(index->path_tails_.size() <= UINT32_MAX);
}

ManifestIndexPtr ManifestIndex::Builder::Finish() && {
  State& state = *state_;
  ManifestIndex& index = *state.index;
  const size_t count = state.record_counts.size();
  index.file_count_ = static_cast<uint32_t>(count);
  state.FinishPaths();
  for (size_t i = 0; i < count; ++i) {
    index.record_count_ += static_cast<uint64_t>(std::max<int64_t>(state.record_counts[i], 0));
    index.size_bytes_ += static_cast<uint64_t>(std::max<int64_t>(state.file_sizes[i], 0));
  }
  const bool one_format = std::all_of(state.formats.begin(), state.formats.end(),
                                      [&](FileFormat f) { return f == state.formats.front(); });
  if (one_format && count > 1) state.formats.resize(1);
  index.formats_ = std::move(state.formats);
  index.formats_.shrink_to_fit();
  index.record_counts_ = PackedIntegers(state.record_counts);
  index.file_sizes_ = PackedIntegers(state.file_sizes);
  index.data_sequences_ = PackedIntegers(state.data_sequences);
  index.file_sequences_ = PackedIntegers(state.file_sequences);
  index.snapshot_ids_ = PackedIntegers(state.snapshot_ids);
  index.first_row_ids_ = PackedIntegers(state.first_row_ids);
  for (size_t i = 0; i < state.partition.size(); ++i) {
    index.partition_.push_back(std::move(state.partition[i]).Finish(state.partition_ids[i]));
  }
  for (auto& [field_id, builder] : state.columns) {
    index.columns_.push_back(std::move(builder).Finish(count));
  }
  std::sort(index.columns_.begin(), index.columns_.end(),
            [](const IndexColumn& a, const IndexColumn& b) { return a.field_id() < b.field_id(); });
  uint64_t bytes = sizeof(ManifestIndex) + index.manifest_path_.size() +
                   index.path_prefix_.capacity() + index.path_tails_.capacity() +
                   index.path_ends_.capacity() * sizeof(uint32_t) + index.formats_.capacity() +
                   index.record_counts_.bytes() + index.file_sizes_.bytes() +
                   index.data_sequences_.bytes() + index.file_sequences_.bytes() +
                   index.snapshot_ids_.bytes() + index.first_row_ids_.bytes();
  for (const PartitionColumn& column : index.partition_) bytes += column.bytes();
  for (const IndexColumn& column : index.columns_) bytes += column.bytes();
  constexpr uint64_t kDeleteFileExtra = 400;  // its strings and lists, roughly
  bytes += index.delete_files_.size() * (sizeof(DeleteFile) + kDeleteFileExtra);
  index.bytes_ = bytes;
  return std::move(state.index);
}

const IndexColumn* ManifestIndex::FindColumn(int32_t field_id) const {
  const auto it = std::lower_bound(
      columns_.begin(), columns_.end(), field_id,
      [](const IndexColumn& column, int32_t id) { return column.field_id() < id; });
  return it != columns_.end() && it->field_id() == field_id ? &*it : nullptr;
}

const PartitionColumn* ManifestIndex::FindPartition(int32_t field_id) const {
  const auto it =
      std::find_if(partition_.begin(), partition_.end(),
                   [&](const PartitionColumn& column) { return column.field_id() == field_id; });
  return it != partition_.end() ? &*it : nullptr;
}

bool ManifestIndex::TotalMayMatch(const Predicate& predicate, bool partition) const {
  const auto child_may = [&](const Predicate& child) { return TotalMayMatch(child, partition); };
  switch (predicate.op) {
    case PredicateOp::kTrue:
      return true;
    case PredicateOp::kFalse:
      return false;
    case PredicateOp::kAnd:
      return std::ranges::all_of(predicate.children, child_may);
    case PredicateOp::kOr:
      return std::ranges::any_of(predicate.children, child_may);
    default:
      break;
  }
  CRANNOG_CHECK(predicate.op != PredicateOp::kNot);
  if (partition) {
    const PartitionColumn* column = FindPartition(predicate.field_id);
    return column == nullptr || column->TotalMayMatch(predicate);
  }
  const IndexColumn* column = FindColumn(predicate.field_id);
  return column == nullptr || column->TotalMayMatch(predicate);
}

void ManifestIndex::PruneLeaf(const Predicate& leaf, bool partition,
                              std::span<uint8_t> selected) const {
  if (partition) {
    const PartitionColumn* column = FindPartition(leaf.field_id);
    if (column != nullptr) column->Prune(leaf, selected);
    return;
  }
  const IndexColumn* column = FindColumn(leaf.field_id);
  if (column != nullptr) column->Prune(leaf, selected);
}

void ManifestIndex::Prune(const Predicate& predicate, bool partition,
                          std::span<uint8_t> selected) const {
  switch (predicate.op) {
    case PredicateOp::kTrue:
      return;
    case PredicateOp::kFalse:
      std::ranges::fill(selected, uint8_t{0});
      return;
    case PredicateOp::kAnd:
      for (const Predicate& child : predicate.children) Prune(child, partition, selected);
      return;
    case PredicateOp::kOr: {
      std::vector<uint8_t> any(selected.size(), 0);
      std::vector<uint8_t> one;
      for (const Predicate& child : predicate.children) {
        if (!TotalMayMatch(child, partition)) continue;
        one.assign(selected.begin(), selected.end());
        Prune(child, partition, one);
        for (size_t i = 0; i < any.size(); ++i) any[i] |= one[i];
      }
      std::ranges::copy(any, selected.begin());
      return;
    }
    default:
      return PruneLeaf(predicate, partition, selected);
  }
}

uint32_t ManifestIndex::Select(const Predicate& partition_predicate,
                               const BoundPredicate& row_predicate,
                               std::span<uint8_t> selected) const {
  CRANNOG_CHECK(selected.size() == file_count_);
  if (!TotalMayMatch(partition_predicate, true) || !TotalMayMatch(row_predicate.root(), false)) {
    std::ranges::fill(selected, uint8_t{0});
    return 0;
  }
  std::ranges::fill(selected, uint8_t{1});
  Prune(partition_predicate, true, selected);
  Prune(row_predicate.root(), false, selected);
  uint32_t count = 0;
  for (const uint8_t one : selected) count += one;
  return count;
}

std::string ManifestIndex::Path(uint32_t row) const {
  CRANNOG_CHECK(row < file_count_);
  const uint32_t start = row == 0 ? 0 : path_ends_[row - 1];
  std::string path;
  path.reserve(path_prefix_.size() + path_ends_[row] - start);
  path += path_prefix_;
  path.append(path_tails_, start, path_ends_[row] - start);
  return path;
}

FileFormat ManifestIndex::Format(uint32_t row) const {
  return formats_[formats_.size() > 1 ? row : 0];
}

std::vector<Value> ManifestIndex::Partition(uint32_t row) const {
  std::vector<Value> values;
  values.reserve(partition_.size());
  for (const PartitionColumn& column : partition_) values.push_back(column.At(row));
  return values;
}

std::optional<int64_t> ManifestIndex::FirstRowId(uint32_t row) const {
  const int64_t id = first_row_ids_[row];
  if (id == kNoRowId) return std::nullopt;
  return id;
}

ColumnSummary ManifestIndex::Column(int32_t field_id, uint32_t row) const {
  const IndexColumn* column = FindColumn(field_id);
  return column == nullptr ? ColumnSummary{} : column->Summary(row);
}

std::optional<uint64_t> ManifestIndex::NullCount(int32_t field_id, uint32_t row) const {
  const IndexColumn* column = FindColumn(field_id);
  return column == nullptr ? std::nullopt : column->NullCount(row);
}

ColumnSummary ManifestIndex::Column(int32_t field_id) const {
  const IndexColumn* column = FindColumn(field_id);
  return column == nullptr ? ColumnSummary{} : column->Total();
}

std::optional<uint64_t> ManifestIndex::NullCount(int32_t field_id) const {
  const IndexColumn* column = FindColumn(field_id);
  return column == nullptr ? std::nullopt : column->TotalNullCount();
}

namespace {

uint32_t HashPath(std::string_view path) {
  return static_cast<uint32_t>(std::hash<std::string_view>()(path));
}

}  // namespace

void ManifestIndex::BuildPathIndex() const {
  path_index_.reserve(file_count_);
  for (uint32_t row = 0; row < file_count_; ++row) {
    path_index_.emplace_back(HashPath(Path(row)), row);
  }
  std::sort(path_index_.begin(), path_index_.end());
}

std::optional<uint32_t> ManifestIndex::Find(std::string_view path) const {
  if (!path.starts_with(path_prefix_)) return std::nullopt;
  std::call_once(path_index_once_, [this] { BuildPathIndex(); });
  const uint32_t hash = HashPath(path);
  auto it = std::lower_bound(path_index_.begin(), path_index_.end(), std::pair(hash, uint32_t{0}));
  for (; it != path_index_.end() && it->first == hash; ++it) {
    if (Path(it->second) == path) return it->second;
  }
  return std::nullopt;
}

}  // namespace crannog::table::iceberg
