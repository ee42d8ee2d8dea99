#include "table/iceberg/format/value.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace crannog::table::iceberg {
namespace {

bool IsStoredAsInteger(TypeId id) {
  switch (id) {
    case TypeId::kBoolean:
    case TypeId::kInt:
    case TypeId::kLong:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return true;
    default:
      return false;
  }
}

bool IsStoredAsBytes(TypeId id) {
  switch (id) {
    case TypeId::kString:
    case TypeId::kUuid:
    case TypeId::kFixed:
    case TypeId::kBinary:
    case TypeId::kVariant:
    case TypeId::kGeometry:
    case TypeId::kGeography:
      return true;
    default:
      return false;
  }
}

}  // namespace

Value Value::OfInteger(TypeId id, int64_t value) {
  CRANNOG_CHECK(IsStoredAsInteger(id));
  Value made;
  made.id_ = id;
  made.data_ = value;
  return made;
}

Value Value::OfBytes(TypeId id, std::string bytes) {
  CRANNOG_CHECK(IsStoredAsBytes(id));
  Value made;
  made.id_ = id;
  made.data_ = std::move(bytes);
  return made;
}

Value Value::Boolean(bool value) { return OfInteger(TypeId::kBoolean, value ? 1 : 0); }
Value Value::Int(int32_t value) { return OfInteger(TypeId::kInt, value); }
Value Value::Long(int64_t value) { return OfInteger(TypeId::kLong, value); }
Value Value::Date(int32_t days) { return OfInteger(TypeId::kDate, days); }
Value Value::Time(int64_t micros) { return OfInteger(TypeId::kTime, micros); }
Value Value::Timestamp(int64_t micros) { return OfInteger(TypeId::kTimestamp, micros); }
Value Value::TimestampTz(int64_t micros) { return OfInteger(TypeId::kTimestampTz, micros); }
Value Value::TimestampNs(int64_t nanos) { return OfInteger(TypeId::kTimestampNs, nanos); }
Value Value::TimestampTzNs(int64_t nanos) { return OfInteger(TypeId::kTimestampTzNs, nanos); }

Value Value::Float(float value) {
  Value made;
  made.id_ = TypeId::kFloat;
  made.data_ = static_cast<double>(value);
  return made;
}

Value Value::Double(double value) {
  Value made;
  made.id_ = TypeId::kDouble;
  made.data_ = value;
  return made;
}

Value Value::Decimal(Int128 unscaled, int precision, int scale) {
  CRANNOG_CHECK(precision >= 1 && precision <= Type::kDecimalPrecisionMax);
  CRANNOG_CHECK(scale >= 0 && scale <= precision);
  Value made;
  made.id_ = TypeId::kDecimal;
  made.precision_ = static_cast<uint8_t>(precision);
  made.scale_ = static_cast<uint8_t>(scale);
  made.data_ = unscaled;
  return made;
}

Value Value::String(std::string value) { return OfBytes(TypeId::kString, std::move(value)); }
Value Value::Fixed(std::string bytes) { return OfBytes(TypeId::kFixed, std::move(bytes)); }
Value Value::Binary(std::string bytes) { return OfBytes(TypeId::kBinary, std::move(bytes)); }

Value Value::Uuid(std::string bytes) {
  CRANNOG_CHECK(bytes.size() == 16);
  return OfBytes(TypeId::kUuid, std::move(bytes));
}

Value Value::Nested(TypeId id, std::vector<Value> items) {
  CRANNOG_CHECK(id >= TypeId::kStruct);
  Value made;
  made.id_ = id;
  made.data_ = std::move(items);
  return made;
}

Type Value::type() const {
  switch (id_) {
    case TypeId::kDecimal:
      return Type::Decimal(precision_, scale_);
    case TypeId::kFixed:
      return Type::Fixed(static_cast<int32_t>(bytes().size()));
    case TypeId::kGeometry:
      return Type::Geometry();
    case TypeId::kGeography:
      return Type::Geography();
    default:
      return Type(id_);
  }
}

bool Value::is_nan() const {
  const double* number = std::get_if<double>(&data_);
  return number != nullptr && std::isnan(*number);
}

bool Value::boolean() const {
  CRANNOG_CHECK(id_ == TypeId::kBoolean);
  return std::get<int64_t>(data_) != 0;
}

int64_t Value::integer() const {
  CRANNOG_CHECK(std::holds_alternative<int64_t>(data_));
  return std::get<int64_t>(data_);
}

double Value::number() const {
  CRANNOG_CHECK(std::holds_alternative<double>(data_));
  return std::get<double>(data_);
}

Int128 Value::unscaled() const {
  CRANNOG_CHECK(std::holds_alternative<Int128>(data_));
  return std::get<Int128>(data_);
}

std::string_view Value::bytes() const {
  CRANNOG_CHECK(std::holds_alternative<std::string>(data_));
  return std::get<std::string>(data_);
}

const std::vector<Value>& Value::items() const {
  CRANNOG_CHECK(std::holds_alternative<std::vector<Value>>(data_));
  return std::get<std::vector<Value>>(data_);
}

bool operator==(const Value& a, const Value& b) {
  if (a.id_ != b.id_ || a.precision_ != b.precision_ || a.scale_ != b.scale_ ||
      a.data_.index() != b.data_.index()) {
    return false;
  }
  if (const double* number = std::get_if<double>(&a.data_)) {
    const double other = std::get<double>(b.data_);
    if (std::isnan(*number)) return std::isnan(other);
    return std::bit_cast<uint64_t>(*number) == std::bit_cast<uint64_t>(other);
  }
  return a.data_ == b.data_;
}

namespace {

template <typename T>
int Order(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int CompareNumbers(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return Order(std::isnan(a), std::isnan(b));
  if (a == b) return Order(std::signbit(b), std::signbit(a));
  return Order(a, b);
}

int CompareDecimals(const Value& a, const Value& b) {
  if (a.scale() == b.scale()) return Order(a.unscaled(), b.unscaled());
  // Bring the smaller scale up; where that overflows, the magnitude alone decides.
  const bool swapped = a.scale() > b.scale();
  const Value& low = swapped ? b : a;
  const Value& high = swapped ? a : b;
  Int128 lifted = low.unscaled();
  int order = 0;
  for (int i = low.scale(); i < high.scale() && order == 0; ++i) {
    if (__builtin_mul_overflow(lifted, static_cast<Int128>(10), &lifted)) {
      order = low.unscaled() < 0 ? -1 : 1;
    }
  }
  if (order == 0) order = Order(lifted, high.unscaled());
  return swapped ? -order : order;
}

int CompareBytes(std::string_view a, std::string_view b) {
  const int order = a.compare(b);  // char_traits<char> compares as unsigned
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

}  // namespace

bool Comparable(TypeId a, TypeId b) {
  if (a == b) return a < TypeId::kStruct;
  const auto either = [&](TypeId x, TypeId y) { return (a == x && b == y) || (a == y && b == x); };
  return either(TypeId::kInt, TypeId::kLong) || either(TypeId::kFloat, TypeId::kDouble) ||
         either(TypeId::kFixed, TypeId::kBinary);
}

int Compare(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Order(!a.is_null(), !b.is_null());
  CRANNOG_CHECK(Comparable(a.type_id(), b.type_id()));
  if (IsStoredAsInteger(a.type_id())) return Order(a.integer(), b.integer());
  if (IsStoredAsBytes(a.type_id())) return CompareBytes(a.bytes(), b.bytes());
  if (a.type_id() == TypeId::kDecimal) return CompareDecimals(a, b);
  return CompareNumbers(a.number(), b.number());
}

namespace {

constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr int64_t kNanosPerDay = kMicrosPerDay * 1000;

std::unexpected<Error> DoesNotFit(const Value& value, const Type& type) {
  return Fail(Code::kInvalid, fmt::format("{} {} does not fit {}", TypeIdName(value.type_id()),
                                          value.ToString(), type.ToString()));
}

Result<Value> Scaled(const Value& value, const Type& type, int64_t factor) {
  int64_t result = 0;
  if (__builtin_mul_overflow(value.integer(), factor, &result)) return DoesNotFit(value, type);
  return Value::OfInteger(type.id(), result);
}

Result<Value> IntegerTo(const Value& value, const Type& type) {
  const TypeId from = value.type_id();
  const TypeId to = type.id();
  const int64_t integer = value.integer();
  if (from == TypeId::kInt && to == TypeId::kLong) return Value::Long(integer);
  // The day transform's result may be stored as an int or a date.
  if (from == TypeId::kInt && to == TypeId::kDate) return Value::OfInteger(to, integer);
  if ((from == TypeId::kLong || from == TypeId::kDate) && to == TypeId::kInt) {
    if (integer != static_cast<int32_t>(integer)) return DoesNotFit(value, type);
    return Value::OfInteger(to, integer);
  }
  if (from == TypeId::kDate && to == TypeId::kTimestamp) return Scaled(value, type, kMicrosPerDay);
  if (from == TypeId::kDate && to == TypeId::kTimestampNs) return Scaled(value, type, kNanosPerDay);
  const bool widens = (from == TypeId::kTimestamp && to == TypeId::kTimestampNs) ||
                      (from == TypeId::kTimestampTz && to == TypeId::kTimestampTzNs);
  if (widens) return Scaled(value, type, 1000);
  const bool narrows = (from == TypeId::kTimestampNs && to == TypeId::kTimestamp) ||
                       (from == TypeId::kTimestampTzNs && to == TypeId::kTimestampTz);
  if (narrows && integer % 1000 == 0) return Value::OfInteger(to, integer / 1000);
  return DoesNotFit(value, type);
}

Result<Value> DecimalTo(const Value& value, const Type& type) {
  if (type.id() != TypeId::kDecimal) return DoesNotFit(value, type);
  Int128 unscaled = value.unscaled();
  for (int i = value.scale(); i < type.scale(); ++i) {
    if (__builtin_mul_overflow(unscaled, static_cast<Int128>(10), &unscaled)) {
      return DoesNotFit(value, type);
    }
  }
  for (int i = type.scale(); i < value.scale(); ++i) {
    if (unscaled % 10 != 0) return DoesNotFit(value, type);
    unscaled /= 10;
  }
  Int128 limit = 1;
  for (int i = 0; i < type.precision(); ++i) limit *= 10;
  if (unscaled >= limit || unscaled <= -limit) return DoesNotFit(value, type);
  return Value::Decimal(unscaled, type.precision(), type.scale());
}

}  // namespace

Result<Value> Value::To(const Type& type) const {
  if (is_null()) return Value();
  if (id_ == TypeId::kDecimal) return DecimalTo(*this, type);
  if (id_ == type.id() && id_ != TypeId::kFixed) return *this;
  if (IsStoredAsInteger(id_)) return IntegerTo(*this, type);
  if (id_ == TypeId::kFloat && type.id() == TypeId::kDouble) return Double(number());
  if (id_ == TypeId::kDouble && type.id() == TypeId::kFloat) {
    const auto narrow = static_cast<float>(number());
    if (static_cast<double>(narrow) == number() || is_nan()) return Float(narrow);
  }
  if (id_ == TypeId::kFixed && type.id() == TypeId::kBinary) return Binary(std::string(bytes()));
  if ((id_ == TypeId::kBinary || id_ == TypeId::kFixed) && type.id() == TypeId::kFixed &&
      bytes().size() == static_cast<size_t>(type.length())) {
    return Fixed(std::string(bytes()));
  }
  return DoesNotFit(*this, type);
}

}  // namespace crannog::table::iceberg
