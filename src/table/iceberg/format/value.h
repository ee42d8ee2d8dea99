// One typed value: a literal, a default, a partition value or a bound. Null has no type.
//
// Small and copyable; numbers take no allocation. Comparison and binary form follow the
// specification ("Sorting", Appendix D); JSON form is in value_json.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/types.h"

namespace crannog::table::iceberg {

__extension__ typedef __int128 Int128;

class Value {
 public:
  Value() = default;  // null
  static Value Boolean(bool value);
  static Value Int(int32_t value);
  static Value Long(int64_t value);
  static Value Float(float value);
  static Value Double(double value);
  static Value Decimal(Int128 unscaled, int precision, int scale);
  static Value Date(int32_t days);
  static Value Time(int64_t micros);
  static Value Timestamp(int64_t micros);
  static Value TimestampTz(int64_t micros);
  static Value TimestampNs(int64_t nanos);
  static Value TimestampTzNs(int64_t nanos);
  static Value String(std::string value);
  static Value Uuid(std::string bytes);  // 16 bytes, big-endian
  static Value Fixed(std::string bytes);
  static Value Binary(std::string bytes);
  // Nested values occur only as defaults: a struct's fields or a list's items in order, a map's
  // keys and values in turn.
  static Value Nested(TypeId id, std::vector<Value> items);
  // An integer of any kind that is stored as one (boolean, int, long, date, time, timestamps).
  static Value OfInteger(TypeId id, int64_t value);
  // Bytes of any kind that is stored so (string, uuid, fixed, binary, geometry, geography).
  static Value OfBytes(TypeId id, std::string bytes);

  bool is_null() const { return data_.index() == 0; }
  TypeId type_id() const { return id_; }  // kUnknown for null
  Type type() const;                      // of a primitive; a fixed has the length of its bytes
  bool is_nan() const;

  // Each checks that the value has that form.
  bool boolean() const;
  int64_t integer() const;  // boolean, int, long, date, time, timestamps
  double number() const;    // float and double
  Int128 unscaled() const;  // decimal
  int precision() const { return precision_; }
  int scale() const { return scale_; }
  std::string_view bytes() const;  // string, uuid, fixed, binary, geometry, geography
  const std::vector<Value>& items() const;

  // As another type that holds the same value: int to long, float to double, date to timestamp,
  // timestamps between precisions when exact, decimals to a wider precision or scale, a fixed to
  // binary and back.
  //   kInvalid  the value does not fit, or the types do not meet
  Result<Value> To(const Type& type) const;

  // "34", "14.20", "2026-01-14", "2026-01-14T10:00:00.000001+00:00", "000102ff" for bytes; "null".
  std::string ToString() const;

  // Same type and same value; floats by their bits (NaN equals NaN, -0.0 differs from 0.0).
  friend bool operator==(const Value& a, const Value& b);

 private:
  TypeId id_ = TypeId::kUnknown;
  uint8_t precision_ = 0;
  uint8_t scale_ = 0;
  std::variant<std::monostate, int64_t, double, Int128, std::string, std::vector<Value>> data_;
};

// Negative, zero or positive. Nulls first; NaN after every number; -0.0 before 0.0; strings and
// bytes by unsigned bytes; decimals by value. Int meets long, float meets double, and timestamps
// meet their own precision only; other pairs of types are a broken invariant.
int Compare(const Value& a, const Value& b);
// Whether Compare accepts values of these types.
bool Comparable(TypeId a, TypeId b);

// Appendix D, binary single-value serialization: what bounds are made of. `value` is a primitive
// and not null; checked.
std::string EncodeBinary(const Value& value);
// Reads bounds of promoted columns too (4 bytes for a long, and so on, "Schema Evolution").
//   kCorrupt  the bytes do not fit the type
Result<Value> DecodeBinary(const Type& type, std::string_view bytes);

// Text as it stands in JSON or SQL: "34", "true", "2026-01-14", "2026-01-14T10:00:00",
// "f79c3e09-677c-4bbd-a479-3f349cb785e7", hexadecimal for fixed and binary.
//   kInvalid  the text is no value of that type
Result<Value> ParseValue(const Type& type, std::string_view text);

}  // namespace crannog::table::iceberg
