// Sort orders: how writers order rows within files. Specification: "Sorting".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/transform.h"

namespace crannog::table::iceberg {

enum class SortDirection : uint8_t { kAscending, kDescending };
enum class NullOrder : uint8_t { kFirst, kLast };

struct SortField {
  Transform transform;
  int32_t source_id = 0;
  std::vector<int32_t> source_ids;  // v3, only for transforms with several sources; else empty
  SortDirection direction = SortDirection::kAscending;
  NullOrder null_order = NullOrder::kFirst;

  friend bool operator==(const SortField& a, const SortField& b) = default;
};

struct SortOrder {
  int32_t order_id = 0;  // 0 is always the empty order
  std::vector<SortField> fields;

  bool is_unsorted() const { return fields.empty(); }
  std::string ToString() const;

  friend bool operator==(const SortOrder& a, const SortOrder& b) = default;
};
using SortOrderPtr = std::shared_ptr<const SortOrder>;

// A sort field as a user asks for it.
struct UnboundSortField {
  std::string source_name;  // dotted
  Transform transform;
  SortDirection direction = SortDirection::kAscending;
  NullOrder null_order = NullOrder::kFirst;
};

// The order of those fields: an existing one with equal fields, else a new one whose id is one
// above the highest (1 for the first). No fields give order 0.
//   kInvalid  unknown column, or a transform that does not apply to its type
Result<SortOrder> BindSortOrder(const Schema& schema, std::span<const UnboundSortField> fields,
                                std::span<const SortOrderPtr> orders);
Status CheckSortOrder(const SortOrder& order, const Schema& schema);

codec::Json SortOrderToJson(const SortOrder& order);
Result<SortOrder> SortOrderFromJson(const codec::JsonAt& at);

}  // namespace crannog::table::iceberg
