#include "table/iceberg/manifest/partition_avro.h"

#include <fmt/format.h>

#include "base/check.h"
#include "codec/json.h"

namespace crannog::table::iceberg {
namespace {

using codec::AvroSchema;
using codec::AvroType;

std::string NamedFixed(const std::string& name, int size, const std::string& logical,
                       std::set<std::string>& named) {
  if (!named.insert(name).second) return codec::QuoteJson(name);
  return fmt::format(R"({{"type":"fixed","name":"{}","size":{}{}}})", name, size, logical);
}

std::string Timestamp(std::string_view logical, bool utc) {
  return fmt::format(R"({{"type":"long","logicalType":"{}","adjust-to-utc":{}}})", logical, utc);
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Whether values of an Avro type can be taken for an Iceberg type as they lie.
bool Fits(const AvroSchema& schema, const Type& type) {
  switch (type.id()) {
    case TypeId::kBoolean:
      return schema.type == AvroType::kBoolean;
    case TypeId::kInt:
    case TypeId::kDate:
      return schema.type == AvroType::kInt;
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return schema.type == AvroType::kLong;
    case TypeId::kFloat:
      return schema.type == AvroType::kFloat;
    case TypeId::kDouble:
      return schema.type == AvroType::kDouble;
    case TypeId::kString:
      return schema.type == AvroType::kString;
    case TypeId::kUuid:
      return schema.type == AvroType::kFixed && schema.size == 16;
    case TypeId::kFixed:
      return schema.type == AvroType::kFixed && schema.size == type.length();
    case TypeId::kBinary:
      return schema.type == AvroType::kBytes;
    case TypeId::kDecimal:
      return (schema.type == AvroType::kFixed && schema.size >= 1 && schema.size <= 16) ||
             schema.type == AvroType::kBytes;
    default:
      return false;
  }
}

Type LongType(const AvroSchema& schema) {
  if (schema.logical_type == "time-micros") return TypeId::kTime;
  if (schema.logical_type == "timestamp-micros") {
    return schema.adjust_to_utc ? TypeId::kTimestampTz : TypeId::kTimestamp;
  }
  if (schema.logical_type == "timestamp-nanos") {
    return schema.adjust_to_utc ? TypeId::kTimestampTzNs : TypeId::kTimestampNs;
  }
  return TypeId::kLong;
}

bool IsDecimal(const AvroSchema& schema) {
  return schema.logical_type == "decimal" && schema.precision >= 1 &&
         schema.precision <= Type::kDecimalPrecisionMax && schema.scale >= 0 &&
         schema.scale <= schema.precision;
}

// What the file alone says; unknown when it is no primitive.
Type TypeOf(const AvroSchema& schema) {
  if (IsDecimal(schema)) return Type::Decimal(schema.precision, schema.scale);
  switch (schema.type) {
    case AvroType::kBoolean:
      return TypeId::kBoolean;
    case AvroType::kInt:
      return schema.logical_type == "date" ? TypeId::kDate : TypeId::kInt;
    case AvroType::kLong:
      return LongType(schema);
    case AvroType::kFloat:
      return TypeId::kFloat;
    case AvroType::kDouble:
      return TypeId::kDouble;
    case AvroType::kBytes:
      return TypeId::kBinary;
    case AvroType::kString:
      return TypeId::kString;
    case AvroType::kFixed:
      if (schema.logical_type == "uuid" && schema.size == 16) return TypeId::kUuid;
      return Type::Fixed(schema.size);
    default:
      return TypeId::kUnknown;
  }
}

void DecodeBytes(const AvroValuePlan& plan, codec::AvroCursor& from, Value& to) {
  const bool fixed = plan.schema->type == AvroType::kFixed;
  const std::string_view bytes =
      fixed ? from.ReadFixed(static_cast<size_t>(plan.schema->size)) : from.ReadBytes();
  if (!from.ok()) return;
  if (plan.type.id() != TypeId::kDecimal) {
    to = Value::OfBytes(plan.type.id(), std::string(bytes));
    return;
  }
  auto value = DecodeBinary(plan.type, bytes);
  if (!value) return from.Fail();
  to = std::move(*value);
}

// A decimal's bytes, padded with its sign to `size`.
std::string PaddedDecimal(const Value& value, size_t size) {
  std::string bytes = EncodeBinary(value);
  const char sign = value.unscaled() < 0 ? '\xff' : '\0';
  if (bytes.size() < size) bytes.insert(0, size - bytes.size(), sign);
  return bytes;
}

}  // namespace

std::string AvroTypeJson(const Type& type, std::set<std::string>& named) {
  switch (type.id()) {
    case TypeId::kBoolean:
    case TypeId::kInt:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kString:
      return codec::QuoteJson(TypeIdName(type.id()));
    case TypeId::kDate:
      return R"({"type":"int","logicalType":"date"})";
    case TypeId::kTime:
      return R"({"type":"long","logicalType":"time-micros"})";
    case TypeId::kTimestamp:
      return Timestamp("timestamp-micros", false);
    case TypeId::kTimestampTz:
      return Timestamp("timestamp-micros", true);
    case TypeId::kTimestampNs:
      return Timestamp("timestamp-nanos", false);
    case TypeId::kTimestampTzNs:
      return Timestamp("timestamp-nanos", true);
    case TypeId::kUuid:
      return NamedFixed("uuid_fixed", 16, R"(,"logicalType":"uuid")", named);
    case TypeId::kFixed:
      return NamedFixed(fmt::format("fixed_{}", type.length()), type.length(), "", named);
    case TypeId::kDecimal:
      return NamedFixed(fmt::format("decimal_{}_{}", type.precision(), type.scale()),
                        DecimalBytesRequired(type.precision()),
                        fmt::format(R"(,"logicalType":"decimal","precision":{},"scale":{})",
                                    type.precision(), type.scale()),
                        named);
    case TypeId::kUnknown:
      return R"("int")";  // void of a lost column: always null
    default:
      return R"("bytes")";
  }
}

std::string AvroName(std::string_view name) {
  std::string made;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool digit = c >= '0' && c <= '9';
    if (IsLetter(c) || (digit && i > 0)) {
      made += c;
    } else if (digit) {
      made += fmt::format("_{}", c);
    } else {
      made += fmt::format("_x{:X}", static_cast<unsigned char>(c));
    }
  }
  return made;
}

void EncodeAvroValue(const Value& value, codec::AvroEncoder& to) {
  switch (value.type_id()) {
    case TypeId::kBoolean:
      return to.WriteBool(value.boolean());
    case TypeId::kFloat:
      return to.WriteFloat(static_cast<float>(value.number()));
    case TypeId::kDouble:
      return to.WriteDouble(value.number());
    case TypeId::kDecimal: {
      const auto size = static_cast<size_t>(DecimalBytesRequired(value.precision()));
      return to.WriteFixed(PaddedDecimal(value, size));
    }
    case TypeId::kUuid:
    case TypeId::kFixed:
      return to.WriteFixed(value.bytes());
    case TypeId::kString:
    case TypeId::kBinary:
      return to.WriteBytes(value.bytes());
    default:
      return to.WriteLong(value.integer());
  }
}

Result<AvroValuePlan> PlanAvroValue(const AvroSchema& schema, const Type& wanted) {
  AvroValuePlan plan;
  plan.schema = schema.OptionalOf(&plan.null_branch);
  if (plan.schema == nullptr) {
    plan.schema = &schema;
    plan.null_branch = -1;
  }
  if (plan.schema->type == AvroType::kNull) return plan;
  plan.type = Fits(*plan.schema, wanted) ? wanted : TypeOf(*plan.schema);
  if (plan.type.id() == TypeId::kUnknown || !Fits(*plan.schema, plan.type)) {
    return Fail(Code::kCorrupt, "a partition value of no primitive type");
  }
  return plan;
}

void DecodeAvroValue(const AvroValuePlan& plan, codec::AvroCursor& from, Value& to) {
  if (plan.null_branch >= 0) {
    const int64_t branch = from.ReadLong();
    if (branch == plan.null_branch) {
      to = Value();
      return;
    }
    if (branch != 1 - plan.null_branch) return from.Fail();
  }
  switch (plan.schema->type) {
    case AvroType::kNull:
      to = Value();
      return;
    case AvroType::kBoolean:
      to = Value::Boolean(from.ReadBool());
      return;
    case AvroType::kInt:
      to = Value::OfInteger(plan.type.id(), from.ReadInt());
      return;
    case AvroType::kLong:
      to = Value::OfInteger(plan.type.id(), from.ReadLong());
      return;
    case AvroType::kFloat:
      to = Value::Float(from.ReadFloat());
      return;
    case AvroType::kDouble:
      to = Value::Double(from.ReadDouble());
      return;
    default:
      DecodeBytes(plan, from, to);
      return;
  }
}

}  // namespace crannog::table::iceberg
