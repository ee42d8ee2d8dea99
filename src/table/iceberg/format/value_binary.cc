// Appendix D, binary single-value serialization.
#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {
namespace {

template <typename T>
std::string LittleEndian(T value) {
  static_assert(std::endian::native == std::endian::little);
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
T FromLittleEndian(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

std::string EncodeUnscaled(Int128 unscaled) {
  std::string bytes;
  for (int shift = 120; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(unscaled >> shift)));
  }
  size_t skip = 0;  // leading bytes that only repeat the sign
  while (skip + 1 < bytes.size()) {
    const auto first = static_cast<unsigned char>(bytes[skip]);
    const bool next_negative = (static_cast<unsigned char>(bytes[skip + 1]) & 0x80) != 0;
    if (!(first == 0 && !next_negative) && !(first == 0xff && next_negative)) break;
    ++skip;
  }
  return bytes.substr(skip);
}

std::unexpected<Error> BadBytes(const Type& type, std::string_view bytes) {
  return Fail(Code::kCorrupt,
              fmt::format("{} bytes are no value of type {}", bytes.size(), type.ToString()));
}

__extension__ typedef unsigned __int128 Uint128;

Result<Value> DecodeDecimal(const Type& type, std::string_view bytes) {
  if (bytes.empty() || bytes.size() > 16) return BadBytes(type, bytes);
  const bool negative = (static_cast<unsigned char>(bytes[0]) & 0x80) != 0;
  Uint128 bits = negative ? ~static_cast<Uint128>(0) : 0;
  for (const char c : bytes) bits = (bits << 8) | static_cast<unsigned char>(c);
  const auto unscaled = static_cast<Int128>(bits);
  Int128 limit = 1;
  for (int i = 0; i < type.precision(); ++i) limit *= 10;
  if (unscaled >= limit || unscaled <= -limit) return BadBytes(type, bytes);
  return Value::Decimal(unscaled, type.precision(), type.scale());
}

Result<Value> DecodeWide(const Type& type, std::string_view bytes) {
  if (bytes.size() == 8) return Value::OfInteger(type.id(), FromLittleEndian<int64_t>(bytes));
  if (bytes.size() == 4) {
    const auto narrow = FromLittleEndian<int32_t>(bytes);
    if (type.id() == TypeId::kLong) return Value::Long(narrow);
    if (type.id() == TypeId::kTimestamp || type.id() == TypeId::kTimestampNs) {
      auto promoted = Value::Date(narrow).To(type);
      if (promoted) return promoted;
    }
  }
  return BadBytes(type, bytes);
}

}  // namespace

std::string EncodeBinary(const Value& value) {
  switch (value.type_id()) {
    case TypeId::kBoolean:
      return std::string(1, value.boolean() ? '\1' : '\0');
    case TypeId::kInt:
    case TypeId::kDate:
      return LittleEndian(static_cast<int32_t>(value.integer()));
    case TypeId::kFloat:
      return LittleEndian(static_cast<float>(value.number()));
    case TypeId::kDouble:
      return LittleEndian(value.number());
    case TypeId::kDecimal:
      return EncodeUnscaled(value.unscaled());
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return LittleEndian(value.integer());
    default:
      return std::string(value.bytes());
  }
}

Result<Value> DecodeBinary(const Type& type, std::string_view bytes) {
  switch (type.id()) {
    case TypeId::kBoolean:
      if (bytes.size() != 1) return BadBytes(type, bytes);
      return Value::Boolean(bytes[0] != 0);
    case TypeId::kInt:
    case TypeId::kDate:
      if (bytes.size() != 4) return BadBytes(type, bytes);
      return Value::OfInteger(type.id(), FromLittleEndian<int32_t>(bytes));
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return DecodeWide(type, bytes);
    case TypeId::kFloat:
      if (bytes.size() != 4) return BadBytes(type, bytes);
      return Value::Float(FromLittleEndian<float>(bytes));
    case TypeId::kDouble:
      if (bytes.size() == 8) return Value::Double(FromLittleEndian<double>(bytes));
      if (bytes.size() == 4)
        return Value::Double(static_cast<double>(FromLittleEndian<float>(bytes)));
      return BadBytes(type, bytes);
    case TypeId::kDecimal:
      return DecodeDecimal(type, bytes);
    case TypeId::kUuid:
      if (bytes.size() != 16) return BadBytes(type, bytes);
      return Value::Uuid(std::string(bytes));
    case TypeId::kFixed:
      if (bytes.size() != static_cast<size_t>(type.length())) return BadBytes(type, bytes);
      return Value::Fixed(std::string(bytes));
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kVariant:
    case TypeId::kGeometry:
    case TypeId::kGeography:
      return Value::OfBytes(type.id(), std::string(bytes));
    default:
      return BadBytes(type, bytes);
  }
}

}  // namespace crannog::table::iceberg
