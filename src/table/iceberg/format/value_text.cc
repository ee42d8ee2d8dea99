// Values as text: for people, partition paths and JSON strings.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/hex.h"
#include "base/uuid.h"
#include "table/iceberg/format/calendar.h"
#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {
namespace {

__extension__ typedef unsigned __int128 Uint128;

std::string DecimalText(Int128 unscaled, int scale) {
  Uint128 rest =
      unscaled < 0 ? ~static_cast<Uint128>(unscaled) + 1 : static_cast<Uint128>(unscaled);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  const auto places = static_cast<size_t>(scale);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return unscaled < 0 ? "-" + digits : digits;
}

template <typename T>
std::string NumberText(T number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  char buffer[48];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::unexpected<Error> NoValue(const Type& type, std::string_view text) {
  return Fail(Code::kInvalid, fmt::format("\"{}\" is no {}", text, type.ToString()));
}

template <typename T>
Result<T> ParseNumber(const Type& type, std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return NoValue(type, text);
  return number;
}

// "-14.20" or "2E+20" into an unscaled number at the type's scale; no digit may be lost.
Result<Value> ParseDecimal(const Type& type, std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  int exponent = 0;
  if (const size_t e = rest.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = rest.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    CRANNOG_ASSIGN(exponent, ParseNumber<int>(type, power));
    rest = rest.substr(0, e);
  }
  Int128 unscaled = 0;
  int digits = 0;
  bool after_point = false;
  if (exponent < -100 || exponent > 100) return NoValue(type, text);
  int scale = -exponent;
  for (const char c : rest) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9') return NoValue(type, text);
    ++digits;
    if (after_point) ++scale;
    if (__builtin_mul_overflow(unscaled, static_cast<Int128>(10), &unscaled)) {
      return NoValue(type, text);
    }
    if (__builtin_add_overflow(unscaled, static_cast<Int128>(c - '0'), &unscaled)) {
      return NoValue(type, text);
    }
  }
  if (digits == 0) return NoValue(type, text);
  for (; scale < type.scale(); ++scale) {
    if (__builtin_mul_overflow(unscaled, static_cast<Int128>(10), &unscaled)) {
      return NoValue(type, text);
    }
  }
  for (; scale > type.scale(); --scale) {
    if (unscaled % 10 != 0) return NoValue(type, text);
    unscaled /= 10;
  }
  Int128 limit = 1;
  for (int i = 0; i < type.precision(); ++i) limit *= 10;
  if (unscaled >= limit) return NoValue(type, text);
  return Value::Decimal(negative ? -unscaled : unscaled, type.precision(), type.scale());
}

Result<Value> ParseBytes(const Type& type, std::string_view text) {
  CRANNOG_ASSIGN(std::string bytes, HexDecode(text));
  if (type.id() == TypeId::kFixed && bytes.size() != static_cast<size_t>(type.length())) {
    return NoValue(type, text);
  }
  return Value::OfBytes(type.id(), std::move(bytes));
}

Result<Value> ParseInstant(const Type& type, std::string_view text) {
  Result<int64_t> count = 0;
  switch (type.id()) {
    case TypeId::kDate:
      count = ParseDate(text);
      break;
    case TypeId::kTime:
      count = ParseTime(text, 6);
      break;
    case TypeId::kTimestamp:
      count = ParseTimestamp(text, 6, false);
      break;
    case TypeId::kTimestampTz:
      count = ParseTimestamp(text, 6, true);
      break;
    case TypeId::kTimestampNs:
      count = ParseTimestamp(text, 9, false);
      break;
    default:
      count = ParseTimestamp(text, 9, true);
      break;
  }
  if (!count) return std::unexpected(std::move(count).error());
  if (type.id() == TypeId::kDate && *count != static_cast<int32_t>(*count)) {
    return NoValue(type, text);
  }
  return Value::OfInteger(type.id(), *count);
}

}  // namespace

std::string Value::ToString() const {
  switch (id_) {
    case TypeId::kUnknown:
      return "null";
    case TypeId::kBoolean:
      return boolean() ? "true" : "false";
    case TypeId::kInt:
    case TypeId::kLong:
      return std::to_string(integer());
    case TypeId::kFloat:
      return NumberText(static_cast<float>(number()));
    case TypeId::kDouble:
      return NumberText(number());
    case TypeId::kDecimal:
      return DecimalText(unscaled(), scale_);
    case TypeId::kDate:
      return DateText(integer());
    case TypeId::kTime:
      return TimeText(integer(), 6);
    case TypeId::kTimestamp:
      return TimestampText(integer(), 6);
    case TypeId::kTimestampTz:
      return TimestampText(integer(), 6) + "+00:00";
    case TypeId::kTimestampNs:
      return TimestampText(integer(), 9);
    case TypeId::kTimestampTzNs:
      return TimestampText(integer(), 9) + "+00:00";
    case TypeId::kString:
      return std::string(bytes());
    case TypeId::kUuid: {
      crannog::Uuid::Bytes raw{};
      for (size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<uint8_t>(bytes()[i]);
      return crannog::Uuid(raw).ToString();
    }
    case TypeId::kFixed:
    case TypeId::kBinary:
    case TypeId::kVariant:
    case TypeId::kGeometry:
    case TypeId::kGeography:
      return HexEncode(bytes());
    case TypeId::kStruct:
    case TypeId::kList:
    case TypeId::kMap: {
      std::string text;
      for (const Value& item : items()) text += (text.empty() ? "" : ", ") + item.ToString();
      return "[" + text + "]";
    }
  }
  return "";
}

Result<Value> ParseValue(const Type& type, std::string_view text) {
  switch (type.id()) {
    case TypeId::kBoolean:
      if (text == "true" || text == "TRUE") return Value::Boolean(true);
      if (text == "false" || text == "FALSE") return Value::Boolean(false);
      return NoValue(type, text);
    case TypeId::kInt: {
      CRANNOG_ASSIGN(const auto number, ParseNumber<int32_t>(type, text));
      return Value::Int(number);
    }
    case TypeId::kLong: {
      CRANNOG_ASSIGN(const auto number, ParseNumber<int64_t>(type, text));
      return Value::Long(number);
    }
    case TypeId::kFloat: {
      CRANNOG_ASSIGN(const auto number, ParseNumber<float>(type, text));
      return Value::Float(number);
    }
    case TypeId::kDouble: {
      CRANNOG_ASSIGN(const auto number, ParseNumber<double>(type, text));
      return Value::Double(number);
    }
    case TypeId::kDecimal:
      return ParseDecimal(type, text);
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return ParseInstant(type, text);
    case TypeId::kString:
      return Value::String(std::string(text));
    case TypeId::kUuid: {
      CRANNOG_ASSIGN(const auto uuid, crannog::Uuid::Parse(text));
      return Value::Uuid(std::string(uuid.bytes()));
    }
    case TypeId::kFixed:
    case TypeId::kBinary:
      return ParseBytes(type, text);
    default:
      return Fail(Code::kInvalid, "no text form for values of " + type.ToString());
  }
}

}  // namespace crannog::table::iceberg
