// Which partition each row of a chunk belongs to.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "duckdb/common/types/data_chunk.hpp"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"

namespace crannog::sql::engine {

namespace iceberg = table::iceberg;

// One row's partition: its values, and bytes that are equal exactly for equal values.
struct PartitionKey {
  std::vector<iceberg::Value> values;
  std::string bytes;
};

class Partitioner {
 public:
  // Every source of `spec` is a top-level column or inside structs of `schema`.
  Partitioner(const iceberg::PartitionSpec& spec, const iceberg::Schema& schema);
  bool unpartitioned() const { return fields_.empty(); }

  // Calls `visit(key, rows)` once for each partition that occurs in `chunk`, with the rows'
  // positions in order. Not thread-safe: one partitioner a thread.
  template <typename Visit>
  void Split(duckdb::DataChunk& chunk, Visit&& visit) {
    Group(chunk);
    for (size_t i = 0; i < group_count_; ++i) visit(groups_[i].key, groups_[i].rows);
  }

 private:
  struct Field {
    std::vector<duckdb::idx_t> path;  // column, then positions within structs
    iceberg::Type type;
    iceberg::Transform transform;
  };
  struct GroupOfRows {
    PartitionKey key;
    std::vector<duckdb::sel_t> rows;
  };
  void Group(duckdb::DataChunk& chunk);
  GroupOfRows& GroupFor(const std::vector<iceberg::Value>& values);

  std::vector<Field> fields_;
  std::vector<GroupOfRows> groups_;
  size_t group_count_ = 0;
  std::unordered_map<std::string, size_t> by_bytes_;
};

}  // namespace crannog::sql::engine
