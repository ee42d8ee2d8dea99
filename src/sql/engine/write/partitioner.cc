#include "sql/engine/write/partitioner.h"

#include <cstring>
#include <utility>

#include "duckdb/common/types/uuid.hpp"
#include "duckdb/common/types/vector.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"

namespace crannog::sql::engine {
namespace {

using iceberg::TypeId;

// The column of a struct's field, one level at a time.
duckdb::Vector& At(duckdb::DataChunk& chunk, const std::vector<duckdb::idx_t>& path) {
  duckdb::Vector* vector = &chunk.data[path.front()];
  for (size_t i = 1; i < path.size(); ++i) {
    vector->Flatten(chunk.size());
    vector = duckdb::StructVector::GetEntries(*vector)[path[i]].get();
  }
  return *vector;
}

// Reads one cell; integers, which most partitions are made of, without leaving registers.
class CellReader {
 public:
  CellReader(duckdb::Vector& vector, duckdb::idx_t count, const iceberg::Type& type)
      : vector_(vector), type_(type) {
    vector.ToUnifiedFormat(count, format_);
  }

  iceberg::Value Read(duckdb::idx_t row) const {
    const auto at = format_.sel->get_index(row);
    if (!format_.validity.RowIsValid(at)) return iceberg::Value();
    switch (type_.id()) {
      case TypeId::kInt:
      case TypeId::kDate:
        return iceberg::Value::OfInteger(type_.id(), Data<int32_t>()[at]);
      case TypeId::kLong:
      case TypeId::kTime:
      case TypeId::kTimestamp:
      case TypeId::kTimestampTz:
        return iceberg::Value::OfInteger(type_.id(), Data<int64_t>()[at]);
      case TypeId::kString: {
        const auto& text = Data<duckdb::string_t>()[at];
        return iceberg::Value::String(std::string(text.GetData(), text.GetSize()));
      }
      default:
        return Unwrap(ToIcebergValue(vector_.GetValue(row), type_));
    }
  }

 private:
  template <typename T>
  const T* Data() const {
    return duckdb::UnifiedVectorFormat::GetData<T>(format_);
  }

  duckdb::Vector& vector_;
  const iceberg::Type& type_;
  duckdb::UnifiedVectorFormat format_;
};

bool FindPath(const std::vector<iceberg::NestedField>& fields, int32_t id,
              std::vector<duckdb::idx_t>& path) {
  for (size_t i = 0; i < fields.size(); ++i) {
    path.push_back(i);
    if (fields[i].id == id) return true;
    if (fields[i].type.id() == TypeId::kStruct && FindPath(fields[i].type.fields(), id, path))
      return true;
    path.pop_back();
  }
  return false;
}

std::string Encode(const std::vector<iceberg::Value>& values) {
  std::string bytes;
  for (const auto& value : values) {
    if (value.is_null()) {
      bytes.append(4, '\xff');
      continue;
    }
    const std::string one = iceberg::EncodeBinary(value);
    const auto size = static_cast<uint32_t>(one.size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes += one;
  }
  return bytes;
}

}  // namespace

Partitioner::Partitioner(const iceberg::PartitionSpec& spec, const iceberg::Schema& schema) {
  if (spec.is_unpartitioned() && spec.fields.empty()) return;
  for (const auto& partition : spec.fields) {
    Field field;
    field.transform = partition.transform;
    if (const auto* source = schema.FindById(partition.source_id)) {
      field.type = source->type;
      FindPath(schema.fields(), partition.source_id, field.path);
    }
    fields_.push_back(std::move(field));
  }
}

Partitioner::GroupOfRows& Partitioner::GroupFor(const std::vector<iceberg::Value>& values) {
  std::string bytes = Encode(values);
  auto [found, added] = by_bytes_.try_emplace(bytes, group_count_);
  if (added) {
    if (group_count_ == groups_.size()) groups_.emplace_back();
    auto& group = groups_[group_count_++];
    group.key = {values, std::move(bytes)};
    group.rows.clear();
  }
  return groups_[found->second];
}

void Partitioner::Group(duckdb::DataChunk& chunk) {
  group_count_ = 0;
  by_bytes_.clear();
  const auto count = chunk.size();
  std::vector<CellReader> readers;
  for (const auto& field : fields_)
    if (!field.path.empty()) readers.emplace_back(At(chunk, field.path), count, field.type);
  std::vector<iceberg::Value> cells(fields_.size());
  std::vector<iceberg::Value> values(fields_.size());
  GroupOfRows* group = nullptr;
  for (duckdb::idx_t row = 0; row < count; ++row) {
    bool same = group != nullptr;
    size_t reader = 0;
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].path.empty()) continue;  // the source was dropped: void
      auto cell = readers[reader++].Read(row);
      if (group != nullptr && cell == cells[i]) continue;
      auto value = fields_[i].transform.Apply(cell);
      same = same && value == values[i];
      values[i] = std::move(value);
      cells[i] = std::move(cell);
    }
    if (!same) group = &GroupFor(values);
    group->rows.push_back(static_cast<duckdb::sel_t>(row));
  }
}

}  // namespace crannog::sql::engine
