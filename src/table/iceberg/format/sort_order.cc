#include "table/iceberg/format/sort_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace crannog::table::iceberg {
namespace {

std::string_view DirectionName(SortDirection direction) {
  return direction == SortDirection::kAscending ? "asc" : "desc";
}

std::string_view NullOrderName(NullOrder order) {
  return order == NullOrder::kFirst ? "nulls-first" : "nulls-last";
}

Result<SortField> SortFieldFromJson(const codec::JsonAt& at) {
  SortField field;
  CRANNOG_ASSIGN(const std::string transform, at.String("transform"));
  auto parsed = Transform::Parse(transform);
  if (!parsed) return at.Wrong(parsed.error().message());
  field.transform = std::move(*parsed);
  if (const auto sources = at.MemberIfAny("source-ids")) {
    CRANNOG_ASSIGN(field.source_ids, sources->AsInts());
    if (field.source_ids.empty()) return sources->Wrong("no source");
    field.source_id = field.source_ids[0];
    if (field.source_ids.size() == 1) field.source_ids.clear();
  } else {
    CRANNOG_ASSIGN(field.source_id, at.Int("source-id"));
  }
  CRANNOG_ASSIGN(const std::string direction, at.String("direction"));
  CRANNOG_ASSIGN(const std::string nulls, at.String("null-order"));
  if (direction != "asc" && direction != "desc") return at.Wrong("direction is asc or desc");
  if (nulls != "nulls-first" && nulls != "nulls-last") {
    return at.Wrong("null-order is nulls-first or nulls-last");
  }
  field.direction = direction == "asc" ? SortDirection::kAscending : SortDirection::kDescending;
  field.null_order = nulls == "nulls-first" ? NullOrder::kFirst : NullOrder::kLast;
  return field;
}

}  // namespace

std::string SortOrder::ToString() const {
  std::string text;
  for (const SortField& field : fields) {
    text += fmt::format("{}{}({}) {} {}", text.empty() ? "" : ", ", field.transform.ToString(),
                        field.source_id, DirectionName(field.direction),
                        NullOrderName(field.null_order));
  }
  return "[" + text + "]";
}

Status CheckSortOrder(const SortOrder& order, const Schema& schema) {
  for (const SortField& field : order.fields) {
    const NestedField* source = schema.FindById(field.source_id);
    if (source == nullptr) {
      return Fail(Code::kInvalid,
                  fmt::format("sort order: column {} does not exist", field.source_id));
    }
    if (!field.transform.CanApply(source->type)) {
      return Fail(Code::kInvalid, fmt::format("sort order: {} does not apply to {} of type {}",
                                              field.transform.ToString(), schema.NameOf(source->id),
                                              source->type.ToString()));
    }
  }
  return {};
}

Result<SortOrder> BindSortOrder(const Schema& schema, std::span<const UnboundSortField> fields,
                                std::span<const SortOrderPtr> orders) {
  SortOrder order;
  for (const UnboundSortField& unbound : fields) {
    const NestedField* source = schema.FindByName(unbound.source_name);
    if (source == nullptr) {
      return Fail(Code::kInvalid, fmt::format("sort by {}: no such column", unbound.source_name));
    }
    order.fields.push_back(
        {unbound.transform, source->id, {}, unbound.direction, unbound.null_order});
  }
  CRANNOG_RETURN_IF_ERROR(CheckSortOrder(order, schema));
  if (order.is_unsorted()) return order;
  int32_t highest = 0;
  for (const SortOrderPtr& existing : orders) {
    if (existing->fields == order.fields) return *existing;
    highest = std::max(highest, existing->order_id);
  }
  order.order_id = highest + 1;
  return order;
}

codec::Json SortOrderToJson(const SortOrder& order) {
  codec::Json list = codec::Json::NewArray();
  for (const SortField& field : order.fields) {
    codec::Json json = codec::Json::NewObject();
    json.Set("transform", field.transform.ToString());
    if (field.source_ids.empty()) {
      json.Set("source-id", field.source_id);
    } else {
      codec::Json ids = codec::Json::NewArray();
      for (const int32_t id : field.source_ids) ids.Append(id);
      json.Set("source-ids", std::move(ids));
    }
    json.Set("direction", DirectionName(field.direction))
        .Set("null-order", NullOrderName(field.null_order));
    list.Append(std::move(json));
  }
  return codec::Json::NewObject().Set("order-id", order.order_id).Set("fields", std::move(list));
}

Result<SortOrder> SortOrderFromJson(const codec::JsonAt& at) {
  SortOrder order;
  CRANNOG_ASSIGN(order.order_id, at.Int("order-id"));
  CRANNOG_ASSIGN(const codec::JsonAt fields, at.Member("fields"));
  CRANNOG_ASSIGN(const size_t size, fields.ArraySize());
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto field, SortFieldFromJson(fields.At(i)));
    order.fields.push_back(std::move(field));
  }
  return order;
}

}  // namespace crannog::table::iceberg
