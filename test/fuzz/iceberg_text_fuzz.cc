// The small texts of Iceberg metadata: types, transforms, values of every type, name mappings.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "table/iceberg/format/calendar.h"
#include "table/iceberg/format/name_mapping.h"
#include "table/iceberg/format/transform.h"
#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"

namespace {

using crannog::table::iceberg::ParseValue;
using crannog::table::iceberg::Transform;
using crannog::table::iceberg::Type;
using crannog::table::iceberg::TypeId;

// What is accepted means the same when it is written and read again.
void CheckValue(const Type& type, std::string_view text) {
  const auto value = ParseValue(type, text);
  if (!value || value->is_nan()) return;
  const auto again = ParseValue(type, value->ToString());
  CRANNOG_CHECK(again.has_value());
  CRANNOG_CHECK(*again == *value);
  for (const Transform& transform : {Transform::Bucket(7), Transform::Day(), Transform::Month(),
                                     Transform::Truncate(3), Transform::Identity()}) {
    if (transform.CanApply(type)) (void)transform.ToHumanString(transform.Apply(*value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto type = Type::ParsePrimitive(text)) {
    CRANNOG_CHECK(*Type::ParsePrimitive(type->ToString()) == *type);
  }
  if (const auto transform = Transform::Parse(text)) (void)transform->ToString();
  (void)crannog::table::iceberg::ParseDate(text);
  if (const auto mapping = crannog::table::iceberg::ParseNameMapping(text)) {
    CRANNOG_CHECK(
        crannog::table::iceberg::ParseNameMapping(WriteNameMapping(*mapping)).has_value());
  }
  for (const TypeId id : {TypeId::kBoolean, TypeId::kInt, TypeId::kLong, TypeId::kFloat,
                          TypeId::kDouble, TypeId::kDate, TypeId::kTime, TypeId::kTimestamp,
                          TypeId::kTimestampTz, TypeId::kTimestampNs, TypeId::kTimestampTzNs,
                          TypeId::kString, TypeId::kUuid, TypeId::kBinary}) {
    CheckValue(id, text);
  }
  CheckValue(Type::Decimal(38, 5), text);
  return 0;
}
