#include "sql/engine/lake/types.h"

#include <utility>

#include "duckdb/common/types/decimal.hpp"
#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/types/uuid.hpp"
#include "sql/engine/lake/errors.h"

namespace crannog::sql::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using iceberg::NestedField;
using iceberg::TypeId;

LogicalType StructType(const iceberg::Type& type) {
  duckdb::child_list_t<LogicalType> children;
  for (const auto& field : type.fields())
    children.emplace_back(field.name, ToEngineType(field.type));
  return LogicalType::STRUCT(std::move(children));
}

NestedField Part(std::string name, iceberg::Type type, bool required) {
  NestedField field;
  field.name = std::move(name);
  field.type = std::move(type);
  field.required = required;
  return field;
}

Result<iceberg::Type> NestedType(const LogicalType& type) {
  if (type.id() == LogicalTypeId::STRUCT) {
    std::vector<NestedField> fields;
    for (const auto& child : duckdb::StructType::GetChildTypes(type)) {
      CRANNOG_ASSIGN(auto child_type, ToIcebergType(child.second));
      fields.push_back(Part(child.first, std::move(child_type), false));
    }
    return iceberg::Type::Struct(std::move(fields));
  }
  if (type.id() == LogicalTypeId::MAP) {
    CRANNOG_ASSIGN(auto key, ToIcebergType(duckdb::MapType::KeyType(type)));
    CRANNOG_ASSIGN(auto value, ToIcebergType(duckdb::MapType::ValueType(type)));
    return iceberg::Type::Map(Part("key", std::move(key), true),
                              Part("value", std::move(value), false));
  }
  const LogicalType& child = type.id() == LogicalTypeId::ARRAY
                                 ? duckdb::ArrayType::GetChildType(type)
                                 : duckdb::ListType::GetChildType(type);
  CRANNOG_ASSIGN(auto element, ToIcebergType(child));
  return iceberg::Type::List(Part("element", std::move(element), false));
}

iceberg::Int128 ToInt128(duckdb::hugeint_t value) {
  return (static_cast<iceberg::Int128>(value.upper) << 64) |
         static_cast<iceberg::Int128>(value.lower);
}

duckdb::hugeint_t ToHugeint(iceberg::Int128 value) {
  duckdb::hugeint_t result;
  result.lower = static_cast<uint64_t>(value);
  result.upper = static_cast<int64_t>(value >> 64);
  return result;
}

duckdb::Value DecimalValue(iceberg::Int128 unscaled, const iceberg::Type& type) {
  const auto width = static_cast<uint8_t>(type.precision());
  const auto scale = static_cast<uint8_t>(type.scale());
  if (width <= duckdb::Decimal::MAX_WIDTH_INT16)
    return duckdb::Value::DECIMAL(static_cast<int16_t>(unscaled), width, scale);
  if (width <= duckdb::Decimal::MAX_WIDTH_INT32)
    return duckdb::Value::DECIMAL(static_cast<int32_t>(unscaled), width, scale);
  if (width <= duckdb::Decimal::MAX_WIDTH_INT64)
    return duckdb::Value::DECIMAL(static_cast<int64_t>(unscaled), width, scale);
  return duckdb::Value::DECIMAL(ToHugeint(unscaled), width, scale);
}

iceberg::Int128 UnscaledOf(const duckdb::Value& value) {
  switch (value.type().InternalType()) {
    case duckdb::PhysicalType::INT16:
      return value.GetValueUnsafe<int16_t>();
    case duckdb::PhysicalType::INT32:
      return value.GetValueUnsafe<int32_t>();
    case duckdb::PhysicalType::INT64:
      return value.GetValueUnsafe<int64_t>();
    default:
      return ToInt128(value.GetValueUnsafe<duckdb::hugeint_t>());
  }
}

// A UUID's sixteen bytes, most significant first; the engine keeps the top bit flipped.
std::string UuidBytes(duckdb::hugeint_t value) {
  const uint64_t upper = static_cast<uint64_t>(value.upper) ^ (uint64_t{1} << 63);
  std::string bytes(16, '\0');
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(upper >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(value.lower >> (56 - 8 * i));
  }
  return bytes;
}

duckdb::hugeint_t UuidFromBytes(std::string_view bytes) {
  duckdb::hugeint_t result;
  uint64_t upper = 0;
  result.lower = 0;
  for (size_t i = 0; i < 8; ++i) {
    upper = (upper << 8) | static_cast<uint8_t>(bytes[i]);
    result.lower = (result.lower << 8) | static_cast<uint8_t>(bytes[8 + i]);
  }
  result.upper = static_cast<int64_t>(upper ^ (uint64_t{1} << 63));
  return result;
}

}  // namespace

LogicalType ToEngineType(const iceberg::Type& type) {
  switch (type.id()) {
    case TypeId::kUnknown:
      return LogicalType::INTEGER;
    case TypeId::kBoolean:
      return LogicalType::BOOLEAN;
    case TypeId::kInt:
      return LogicalType::INTEGER;
    case TypeId::kLong:
      return LogicalType::BIGINT;
    case TypeId::kFloat:
      return LogicalType::FLOAT;
    case TypeId::kDouble:
      return LogicalType::DOUBLE;
    case TypeId::kDecimal:
      return LogicalType::DECIMAL(static_cast<uint8_t>(type.precision()),
                                  static_cast<uint8_t>(type.scale()));
    case TypeId::kDate:
      return LogicalType::DATE;
    case TypeId::kTime:
      return LogicalType::TIME;
    case TypeId::kTimestamp:
      return LogicalType::TIMESTAMP;
    case TypeId::kTimestampTz:
    case TypeId::kTimestampTzNs:
      return LogicalType::TIMESTAMP_TZ;
    case TypeId::kTimestampNs:
      return LogicalType::TIMESTAMP_NS;
    case TypeId::kString:
      return LogicalType::VARCHAR;
    case TypeId::kUuid:
      return LogicalType::UUID;
    case TypeId::kVariant:
      return LogicalType::VARIANT();
    case TypeId::kGeometry:
      return LogicalType::GEOMETRY();
    case TypeId::kFixed:
    case TypeId::kBinary:
    case TypeId::kGeography:
      return LogicalType::BLOB;
    case TypeId::kStruct:
      return StructType(type);
    case TypeId::kList:
      return LogicalType::LIST(ToEngineType(type.element().type));
    case TypeId::kMap:
      return LogicalType::MAP(ToEngineType(type.key().type), ToEngineType(type.value().type));
  }
  return LogicalType::INVALID;
}

Result<iceberg::Type> ToIcebergType(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return iceberg::Type(TypeId::kBoolean);
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::SQLNULL:
    case LogicalTypeId::INTEGER:
      return iceberg::Type(TypeId::kInt);
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::BIGINT:
      return iceberg::Type(TypeId::kLong);
    case LogicalTypeId::UBIGINT:
      return iceberg::Type::Decimal(20, 0);
    case LogicalTypeId::HUGEINT:
      return iceberg::Type::Decimal(38, 0);
    case LogicalTypeId::FLOAT:
      return iceberg::Type(TypeId::kFloat);
    case LogicalTypeId::DOUBLE:
      return iceberg::Type(TypeId::kDouble);
    case LogicalTypeId::DECIMAL:
      return iceberg::Type::Decimal(duckdb::DecimalType::GetWidth(type),
                                    duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::DATE:
      return iceberg::Type(TypeId::kDate);
    case LogicalTypeId::TIME:
      return iceberg::Type(TypeId::kTime);
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP:
      return iceberg::Type(TypeId::kTimestamp);
    case LogicalTypeId::TIMESTAMP_TZ:
      return iceberg::Type(TypeId::kTimestampTz);
    case LogicalTypeId::ENUM:
    case LogicalTypeId::VARCHAR:
      return iceberg::Type(TypeId::kString);
    case LogicalTypeId::UUID:
      return iceberg::Type(TypeId::kUuid);
    case LogicalTypeId::BLOB:
      return iceberg::Type(TypeId::kBinary);
    case LogicalTypeId::STRUCT:
    case LogicalTypeId::LIST:
    case LogicalTypeId::ARRAY:
    case LogicalTypeId::MAP:
      return NestedType(type);
    case LogicalTypeId::TIMESTAMP_NS:
      return Fail(
          Code::kUnsupported,
          "a column of type TIMESTAMP_NS needs Iceberg format version 3; cast to TIMESTAMP");
    default:
      return Fail(Code::kUnsupported, "Iceberg has no column type for " + type.ToString() +
                                          "; cast it, to VARCHAR for instance");
  }
}

duckdb::Value ToEngineValue(const iceberg::Value& value, const iceberg::Type& type) {
  const LogicalType engine_type = ToEngineType(type);
  if (value.is_null()) return duckdb::Value(engine_type);
  switch (type.id()) {
    case TypeId::kBoolean:
      return duckdb::Value::BOOLEAN(value.boolean());
    case TypeId::kInt:
      return duckdb::Value::INTEGER(static_cast<int32_t>(value.integer()));
    case TypeId::kLong:
      return duckdb::Value::BIGINT(value.integer());
    case TypeId::kFloat:
      return duckdb::Value::FLOAT(static_cast<float>(value.number()));
    case TypeId::kDouble:
      return duckdb::Value::DOUBLE(value.number());
    case TypeId::kDecimal:
      return DecimalValue(value.unscaled(), type);
    case TypeId::kDate:
      return duckdb::Value::DATE(duckdb::date_t(static_cast<int32_t>(value.integer())));
    case TypeId::kTime:
      return duckdb::Value::TIME(duckdb::dtime_t(value.integer()));
    case TypeId::kTimestamp:
      return duckdb::Value::TIMESTAMP(duckdb::timestamp_t(value.integer()));
    case TypeId::kTimestampTz:
      return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(value.integer()));
    case TypeId::kTimestampTzNs:
      return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(value.integer() / 1000));
    case TypeId::kTimestampNs:
      return duckdb::Value::TIMESTAMPNS(duckdb::timestamp_ns_t(value.integer()));
    case TypeId::kString:
      return duckdb::Value(std::string(value.bytes()));
    case TypeId::kUuid:
      return duckdb::Value::UUID(UuidFromBytes(value.bytes()));
    case TypeId::kFixed:
    case TypeId::kBinary:
      return duckdb::Value::BLOB(reinterpret_cast<duckdb::const_data_ptr_t>(value.bytes().data()),
                                 value.bytes().size());
    default:
      return duckdb::Value(engine_type);
  }
}

Result<iceberg::Value> ToIcebergValue(const duckdb::Value& value, const iceberg::Type& type) {
  if (value.IsNull()) return iceberg::Value();
  if (type.is_nested()) return Fail(Code::kUnsupported, "a literal of type " + type.ToString());
  duckdb::Value cast;
  std::string problem;
  if (!value.DefaultTryCastAs(ToEngineType(type), cast, &problem))
    return Fail(Code::kInvalid, problem);
  switch (type.id()) {
    case TypeId::kBoolean:
      return iceberg::Value::Boolean(cast.GetValueUnsafe<bool>());
    case TypeId::kInt:
      return iceberg::Value::Int(cast.GetValueUnsafe<int32_t>());
    case TypeId::kLong:
      return iceberg::Value::Long(cast.GetValueUnsafe<int64_t>());
    case TypeId::kFloat:
      return iceberg::Value::Float(cast.GetValueUnsafe<float>());
    case TypeId::kDouble:
      return iceberg::Value::Double(cast.GetValueUnsafe<double>());
    case TypeId::kDecimal:
      return iceberg::Value::Decimal(UnscaledOf(cast), type.precision(), type.scale());
    case TypeId::kDate:
      return iceberg::Value::Date(cast.GetValueUnsafe<duckdb::date_t>().days);
    case TypeId::kTime:
      return iceberg::Value::Time(cast.GetValueUnsafe<duckdb::dtime_t>().micros);
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
      return iceberg::Value::OfInteger(type.id(), cast.GetValueUnsafe<int64_t>());
    case TypeId::kTimestampTzNs:
      return iceberg::Value::OfInteger(type.id(), cast.GetValueUnsafe<int64_t>() * 1000);
    case TypeId::kString:
      return iceberg::Value::String(duckdb::StringValue::Get(cast));
    case TypeId::kUuid:
      return iceberg::Value::Uuid(UuidBytes(cast.GetValueUnsafe<duckdb::hugeint_t>()));
    case TypeId::kFixed:
    case TypeId::kBinary:
      return iceberg::Value::OfBytes(type.id(), duckdb::StringValue::Get(cast));
    default:
      return Fail(Code::kUnsupported, "a literal of type " + type.ToString());
  }
}

}  // namespace crannog::sql::engine
