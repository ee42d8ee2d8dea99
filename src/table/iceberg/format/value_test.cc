#include "table/iceberg/format/value.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/hex.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/value_json.h"

namespace crannog::table::iceberg {
namespace {

NestedField Part(int32_t id, const Type& type) {
  NestedField field;
  field.id = id;
  field.type = type;
  return field;
}

struct Case {
  Type type;
  const char* text;    // as ParseValue takes it and ToString gives it
  const char* binary;  // Appendix D, hexadecimal
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> kCases = {
      {TypeId::kBoolean, "true", "01"},
      {TypeId::kInt, "-34", "deffffff"},
      {TypeId::kLong, "34", "2200000000000000"},
      {TypeId::kFloat, "1.5", "0000c03f"},
      {TypeId::kDouble, "-0.1", "9a9999999999b9bf"},
      {TypeId::kDate, "2017-11-16", "4e440000"},
      {TypeId::kTime, "22:31:08.123456", "406509e012000000"},
      {TypeId::kTimestamp, "1969-12-31T23:59:59.999999", "ffffffffffffffff"},
      {TypeId::kTimestampTz, "1970-01-01T00:00:00.000001+00:00", "0100000000000000"},
      {TypeId::kTimestampNs, "1970-01-01T00:00:00.000000001", "0100000000000000"},
      {TypeId::kString, "iceberg", "69636562657267"},
      {TypeId::kUuid, "f79c3e09-677c-4bbd-a479-3f349cb785e7", "f79c3e09677c4bbda4793f349cb785e7"},
      {Type::Fixed(4), "000102ff", "000102ff"},
      {TypeId::kBinary, "000102ff", "000102ff"},
      {Type::Decimal(9, 2), "14.20", "058c"},
      {Type::Decimal(9, 2), "-0.01", "ff"},
      {Type::Decimal(9, 2), "1.28", "0080"},
      {Type::Decimal(38, 0), "99999999999999999999999999999999999999",
       "4b3b4ca85a86c47a098a223fffffffff"},
  };
  return kCases;
}

TEST(Value, TextBinaryAndJson) {
  for (const Case& c : Cases()) {
    auto value = ParseValue(c.type, c.text);
    ASSERT_TRUE(value.has_value()) << c.text << ": " << value.error().ToString();
    EXPECT_EQ(value->ToString(), c.text);
    EXPECT_EQ(HexEncode(EncodeBinary(*value)), c.binary) << c.text;
    auto back = DecodeBinary(c.type, EncodeBinary(*value));
    ASSERT_TRUE(back.has_value()) << c.text;
    EXPECT_EQ(*back, *value);
    auto from_json = ValueFromJson(c.type, ValueToJson(c.type, *value));
    ASSERT_TRUE(from_json.has_value()) << c.text;
    EXPECT_EQ(*from_json, *value);
  }
}

TEST(Value, BoundsOfPromotedColumns) {
  EXPECT_EQ(*DecodeBinary(TypeId::kLong, EncodeBinary(Value::Int(-5))), Value::Long(-5));
  EXPECT_EQ(*DecodeBinary(TypeId::kDouble, EncodeBinary(Value::Float(1.5F))), Value::Double(1.5));
  EXPECT_EQ(*DecodeBinary(TypeId::kTimestamp, EncodeBinary(Value::Date(1))),
            Value::Timestamp(86400000000));
  EXPECT_EQ(DecodeBinary(TypeId::kInt, "12345678").error().code(), Code::kCorrupt);
  EXPECT_EQ(DecodeBinary(Type::Decimal(3, 0), "\x7f\x7f").error().code(), Code::kCorrupt);
}

TEST(Value, Compares) {
  EXPECT_LT(Compare(Value(), Value::Int(1)), 0);
  EXPECT_LT(Compare(Value::Double(-0.0), Value::Double(0.0)), 0);
  EXPECT_GT(Compare(Value::Double(NAN), Value::Double(INFINITY)), 0);
  EXPECT_EQ(Compare(Value::Double(NAN), Value::Float(NAN)), 0);
  EXPECT_LT(Compare(Value::String("z"), Value::String("\xc3\xa9")), 0);
  EXPECT_EQ(Compare(Value::Int(3), Value::Long(3)), 0);
  EXPECT_EQ(Compare(Value::Decimal(10, 5, 1), Value::Decimal(100, 5, 2)), 0);
  EXPECT_LT(Compare(Value::Decimal(99, 5, 2), Value::Decimal(10, 5, 1)), 0);
  EXPECT_FALSE(Comparable(TypeId::kInt, TypeId::kString));
}

TEST(Value, RefusesTextThatLosesSomething) {
  EXPECT_FALSE(ParseValue(TypeId::kDate, "2026-02-30").has_value());
  EXPECT_FALSE(ParseValue(TypeId::kTimestamp, "2026-01-01T00:00:00.0000001").has_value());
  EXPECT_FALSE(ParseValue(TypeId::kTimestamp, "2026-01-01T00:00:00+00:00").has_value());
  EXPECT_FALSE(ParseValue(TypeId::kTimestampTz, "2026-01-01T00:00:00").has_value());
  EXPECT_FALSE(ParseValue(TypeId::kTimestampNs, "2900-01-01T00:00:00").has_value());
  EXPECT_FALSE(ParseValue(Type::Decimal(3, 2), "14.20").has_value());
  EXPECT_FALSE(ParseValue(Type::Decimal(9, 2), "0.001").has_value());
  EXPECT_FALSE(ParseValue(TypeId::kInt, "2147483648").has_value());
  EXPECT_EQ(ParseValue(Type::Decimal(9, 2), "2E+3")->ToString(), "2000.00");
}

TEST(Value, TheEndsOfTime) {
  for (const int64_t end : {INT64_MIN, INT64_MAX}) {
    const Value value = Value::Timestamp(end);
    EXPECT_EQ(*ParseValue(TypeId::kTimestamp, value.ToString()), value) << value.ToString();
  }
  EXPECT_EQ(*ParseValue(TypeId::kDate, Value::Date(INT32_MIN).ToString()), Value::Date(INT32_MIN));
  EXPECT_FALSE(ParseValue(TypeId::kDate, "+9999999-01-01").has_value());
}

TEST(Value, Converts) {
  EXPECT_EQ(*Value::Int(3).To(TypeId::kLong), Value::Long(3));
  EXPECT_EQ(*Value::Date(1).To(TypeId::kTimestampNs), Value::TimestampNs(86400000000000));
  EXPECT_EQ(*Value::Decimal(142, 9, 1).To(Type::Decimal(12, 2)), Value::Decimal(1420, 12, 2));
  EXPECT_FALSE(Value::Decimal(142, 9, 1).To(Type::Decimal(2, 1)).has_value());
  EXPECT_FALSE(Value::String("x").To(TypeId::kInt).has_value());
}

TEST(Value, NestedDefaults) {
  const Type type = Type::Map(Part(1, TypeId::kString), Part(2, TypeId::kInt));
  const auto json = codec::ParseJson(R"({"keys":["a","b"],"values":[1,2]})");
  auto value = ValueFromJson(type, *json);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->items().size(), 4U);
  EXPECT_EQ(ValueToJson(type, *value), *json);
}

TEST(Type, DecimalBytes) {
  EXPECT_EQ(DecimalBytesRequired(1), 1);
  EXPECT_EQ(DecimalBytesRequired(2), 1);
  EXPECT_EQ(DecimalBytesRequired(3), 2);
  EXPECT_EQ(DecimalBytesRequired(9), 4);
  EXPECT_EQ(DecimalBytesRequired(18), 8);
  EXPECT_EQ(DecimalBytesRequired(19), 9);
  EXPECT_EQ(DecimalBytesRequired(38), 16);
}

}  // namespace
}  // namespace crannog::table::iceberg
