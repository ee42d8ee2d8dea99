#include "table/iceberg/format/transform.h"

#include <gtest/gtest.h>

namespace crannog::table::iceberg {
namespace {

Value Parsed(const Type& type, std::string_view text) {
  auto value = ParseValue(type, text);
  EXPECT_TRUE(value.has_value()) << text;
  return value ? *value : Value();
}

// Appendix B, every row.
TEST(Transform, BucketHashesOfTheSpecification) {
  EXPECT_EQ(BucketHash(Value::Int(34)), 2017239379);
  EXPECT_EQ(BucketHash(Value::Long(34)), 2017239379);
  EXPECT_EQ(BucketHash(Parsed(Type::Decimal(9, 2), "14.20")), -500754589);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kDate, "2017-11-16")), -653330422);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTime, "22:31:08")), -662762989);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTimestamp, "2017-11-16T22:31:08")), -2047944441);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTimestamp, "2017-11-16T22:31:08.000001")), -1207196810);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTimestampTz, "2017-11-16T14:31:08-08:00")), -2047944441);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTimestampNs, "2017-11-16T22:31:08")), -2047944441);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTimestampNs, "2017-11-16T22:31:08.000001001")), -1207196810);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kTimestampTzNs, "2017-11-16T14:31:08.000001001-08:00")),
            -1207196810);
  EXPECT_EQ(BucketHash(Value::String("iceberg")), 1210000089);
  EXPECT_EQ(BucketHash(Parsed(TypeId::kUuid, "f79c3e09-677c-4bbd-a479-3f349cb785e7")), 1488055340);
  EXPECT_EQ(BucketHash(Value::Fixed(std::string("\0\1\2\3", 4))), -188683207);
  EXPECT_EQ(BucketHash(Value::Binary(std::string("\0\1\2\3", 4))), -188683207);
  EXPECT_EQ(BucketHash(Value::Boolean(true)), 1392991556);
  EXPECT_EQ(BucketHash(Value::Float(1.0F)), -142385009);
  EXPECT_EQ(BucketHash(Value::Double(-0.0)), 1669671676);
}

TEST(Transform, Truncates) {
  const Transform ten = Transform::Truncate(10);
  EXPECT_EQ(ten.Apply(Value::Int(1)), Value::Int(0));
  EXPECT_EQ(ten.Apply(Value::Int(-1)), Value::Int(-10));
  EXPECT_EQ(ten.Apply(Value::Long(-10)), Value::Long(-10));
  EXPECT_EQ(Transform::Truncate(50).Apply(Value::Decimal(1065, 9, 2)).ToString(), "10.50");
  EXPECT_EQ(Transform::Truncate(3).Apply(Value::String("iceberg")), Value::String("ice"));
  EXPECT_EQ(Transform::Truncate(2).Apply(Value::String("é\xf0\x9f\x98\x80x")),
            Value::String("é\xf0\x9f\x98\x80"));
  EXPECT_EQ(Transform::Truncate(3).Apply(Value::Binary("\1\2\3\4\5")), Value::Binary("\1\2\3"));
}

TEST(Transform, TimesAreFlooredBefore1970) {
  const Value before = Parsed(TypeId::kTimestamp, "1969-12-31T23:59:59.999999");
  EXPECT_EQ(Transform::Year().Apply(before), Value::Int(-1));
  EXPECT_EQ(Transform::Month().Apply(before), Value::Int(-1));
  EXPECT_EQ(Transform::Day().Apply(before), Value::Date(-1));
  EXPECT_EQ(Transform::Hour().Apply(before), Value::Int(-1));
  EXPECT_EQ(Transform::Hour().Apply(Value::TimestampNs(-1)), Value::Int(-1));
  EXPECT_EQ(Transform::Month().ToHumanString(Value::Int(-1)), "1969-12");
  EXPECT_EQ(Transform::Day().ToHumanString(Value::Date(-1)), "1969-12-31");
  EXPECT_EQ(Transform::Hour().ToHumanString(Value::Int(-1)), "1969-12-31-23");
  EXPECT_EQ(Transform::Year().ToHumanString(Value::Int(56)), "2026");
}

TEST(Transform, Text) {
  for (const char* text : {"identity", "bucket[16]", "truncate[4]", "year", "month", "day", "hour",
                           "void", "zorder(3)"}) {
    EXPECT_EQ(Transform::Parse(text)->ToString(), text);
  }
  EXPECT_EQ(Transform::Parse("zorder(3)")->kind(), TransformKind::kUnknown);
  EXPECT_EQ(Transform::Parse("bucket[0]").error().code(), Code::kCorrupt);
  EXPECT_TRUE(Transform::Void().Apply(Value::Int(3)).is_null());
  EXPECT_TRUE(Transform::Bucket(4).Apply(Value()).is_null());
  EXPECT_EQ(Transform::Identity().ToHumanString(Value::Binary("\1\2")), "AQI=");
}

TEST(Transform, Orders) {
  EXPECT_TRUE(Transform::Day().SatisfiesOrderOf(Transform::Month()));
  EXPECT_FALSE(Transform::Month().SatisfiesOrderOf(Transform::Day()));
  EXPECT_FALSE(Transform::Bucket(4).PreservesOrder());
  EXPECT_TRUE(Transform::Identity().SatisfiesOrderOf(Transform::Truncate(2)));
}

}  // namespace
}  // namespace crannog::table::iceberg
