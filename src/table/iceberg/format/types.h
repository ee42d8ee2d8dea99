// The types of Iceberg columns: primitives with their parameters, structs, lists and maps.
//
// A Type is a small value: copying one copies a pointer at most, and nested types share their
// fields. Specification: "Schemas and Data Types".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::table::iceberg {

enum class TypeId : uint8_t {
  kUnknown,  // v3: a column that holds only nulls
  kBoolean,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kDate,           // days since 1970-01-01
  kTime,           // microseconds since midnight
  kTimestamp,      // microseconds, without zone
  kTimestampTz,    // microseconds, UTC
  kTimestampNs,    // v3
  kTimestampTzNs,  // v3
  kString,
  kUuid,
  kFixed,
  kBinary,
  kVariant,    // v3
  kGeometry,   // v3
  kGeography,  // v3
  kStruct,
  kList,
  kMap,
};

// "int", "timestamptz_ns", "struct": without parameters.
std::string_view TypeIdName(TypeId id);

struct NestedField;  // table/iceberg/format/schema.h

class Type {
 public:
  static constexpr int kDecimalPrecisionMax = 38;

  Type() = default;  // unknown
  // A type without parameters: anything but decimal, fixed, geometry, geography and nested ones.
  explicit(false) Type(TypeId id);
  // 1 <= precision <= 38, 0 <= scale <= precision; checked.
  static Type Decimal(int precision, int scale);
  static Type Fixed(int32_t length);
  static Type Geometry(std::string crs = {});
  static Type Geography(std::string crs = {}, std::string algorithm = {});
  static Type Struct(std::vector<NestedField> fields);
  static Type List(NestedField element);
  static Type Map(NestedField key, NestedField value);
  // From the JSON name: "decimal(9, 2)", "fixed[16]", "timestamptz". kInvalid for other text.
  static Result<Type> ParsePrimitive(std::string_view text);

  TypeId id() const { return id_; }
  bool is_nested() const { return id_ >= TypeId::kStruct; }
  bool is_primitive() const { return !is_nested(); }
  int precision() const { return precision_; }  // of a decimal
  int scale() const { return scale_; }          // of a decimal
  int32_t length() const { return length_; }    // of a fixed
  const std::string& crs() const;               // of geometry and geography; "" is OGC:CRS84
  const std::string& algorithm() const;         // of geography; "" is spherical
  // A struct's fields; a list's one field, "element"; a map's two, "key" and "value".
  const std::vector<NestedField>& fields() const;
  const NestedField& element() const;
  const NestedField& key() const;
  const NestedField& value() const;

  // A primitive as the schema JSON has it; nested types as "struct<1: a: required int>".
  std::string ToString() const;
  // The first format version that has this type (nested fields counted): 1 or 3.
  int format_version_min() const;

  friend bool operator==(const Type& a, const Type& b);

 private:
  struct Geo {
    std::string crs;
    std::string algorithm;
  };
  TypeId id_ = TypeId::kUnknown;
  uint8_t precision_ = 0;
  uint8_t scale_ = 0;
  int32_t length_ = 0;
  std::shared_ptr<const Geo> geo_;
  std::shared_ptr<const std::vector<NestedField>> fields_;
};

// Whether a column of `from` may become `to` by schema evolution ("Schema Evolution").
bool CanPromote(const Type& from, const Type& to, int format_version);

// The bytes a decimal of `precision` digits takes when it is stored as fixed (1 to 16).
int DecimalBytesRequired(int precision);

}  // namespace crannog::table::iceberg
