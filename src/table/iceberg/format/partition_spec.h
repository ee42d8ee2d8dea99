// Partition specs: which transforms of which columns make a file's partition.
//
// Specification: "Partitioning", "Partition Evolution"; Appendix C for the JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/transform.h"

namespace crannog::table::iceberg {

inline constexpr int32_t kPartitionFieldIdFirst = 1000;

struct PartitionField {
  int32_t source_id = 0;            // the first source of a transform with several
  std::vector<int32_t> source_ids;  // v3, only for transforms with several sources; else empty
  int32_t field_id = 0;
  std::string name;
  Transform transform;

  friend bool operator==(const PartitionField& a, const PartitionField& b) = default;
};

struct PartitionSpec {
  int32_t spec_id = 0;
  std::vector<PartitionField> fields;

  // No fields, or only void ones.
  bool is_unpartitioned() const;
  const PartitionField* FindByName(std::string_view name) const;
  // 999 when there are none.
  int32_t highest_field_id() const;
  // Same fields but for field ids: what makes two specs one ("compatible").
  bool SameFields(const PartitionSpec& other) const;
  // "[day(ts) as ts_day, bucket[16](id) as id_bucket]" with source ids.
  std::string ToString() const;

  friend bool operator==(const PartitionSpec& a, const PartitionSpec& b) = default;
};
using PartitionSpecPtr = std::shared_ptr<const PartitionSpec>;

// The struct of a file's partition: the fields' ids and names, all optional. A source that the
// schema no longer has gives the result type where the transform alone says it, else unknown
// (void, and identity or truncate of a dropped column).
Type PartitionType(const PartitionSpec& spec, const Schema& schema);

// A partition field as a user asks for it.
struct UnboundPartitionField {
  std::string source_name;  // dotted
  Transform transform;
  std::string name;  // "" takes the reference's default: ts_day, id_bucket, name_trunc, ts
};

struct PartitionSpecContext {
  int format_version = 2;
  std::span<const PartitionSpecPtr> specs;  // every spec the table has
  int32_t last_partition_id = kPartitionFieldIdFirst - 1;
};

// The spec of those fields. A field keeps the id that the same transform of the same source had in
// any earlier spec; new ones follow last_partition_id. When an equal spec exists that one is
// returned, so the spec id tells whether it is new: ids of new specs are one above the highest.
//   kInvalid  unknown column, a transform that does not apply to its type or twice to one column,
//             a source inside a list or map, a name taken by another partition field or by a
//             column (but for identity of that column)
Result<PartitionSpec> BindPartitionSpec(const Schema& schema,
                                        std::span<const UnboundPartitionField> fields,
                                        const PartitionSpecContext& context);
// Whether every source exists and every transform applies.
Status CheckPartitionSpec(const PartitionSpec& spec, const Schema& schema);

// "day=2026-01-14/id_bucket=3", escaped as java.net.URLEncoder does (the reference's way); ""
// when there are no fields. `values` has one value a field.
std::string PartitionPath(const PartitionSpec& spec, std::span<const Value> values);

codec::Json PartitionSpecToJson(const PartitionSpec& spec);
// Only the fields: what manifests and v1 metadata hold.
codec::Json PartitionFieldsToJson(const PartitionSpec& spec);
Result<PartitionSpec> PartitionSpecFromJson(const codec::JsonAt& at);
// Fields without ids (v1) get them from 1000 on.
Result<PartitionSpec> PartitionFieldsFromJson(const codec::JsonAt& at, int32_t spec_id);

}  // namespace crannog::table::iceberg
