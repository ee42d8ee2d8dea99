// Partition transforms: from a column's value to a partition's value. Specification: "Partition
// Transforms", Appendix B for bucket hashes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {

enum class TransformKind : uint8_t {
  kIdentity,
  kBucket,
  kTruncate,
  kYear,
  kMonth,
  kDay,
  kHour,
  kVoid,
  kUnknown,  // of a later version: kept as text, gives null, and is never used to prune
};

class Transform {
 public:
  Transform() = default;  // identity
  static Transform Identity() { return Transform(TransformKind::kIdentity, 0); }
  static Transform Bucket(int32_t count) { return Transform(TransformKind::kBucket, count); }
  static Transform Truncate(int32_t width) { return Transform(TransformKind::kTruncate, width); }
  static Transform Year() { return Transform(TransformKind::kYear, 0); }
  static Transform Month() { return Transform(TransformKind::kMonth, 0); }
  static Transform Day() { return Transform(TransformKind::kDay, 0); }
  static Transform Hour() { return Transform(TransformKind::kHour, 0); }
  static Transform Void() { return Transform(TransformKind::kVoid, 0); }
  // "bucket[16]", "truncate[4]", "day", ...; other text becomes kUnknown.
  //   kCorrupt  a known name with a width that cannot be (bucket[0])
  static Result<Transform> Parse(std::string_view text);

  TransformKind kind() const { return kind_; }
  int32_t width() const { return width_; }  // N of bucket, W of truncate; else 0
  std::string ToString() const;

  bool CanApply(const Type& source) const;
  // void and identity: the source; bucket, year, month, hour: int; day: date; truncate: the source.
  // CanApply must hold (kUnknown: string).
  Type ResultType(const Type& source) const;
  // Null gives null. CanApply must hold for the value's type; checked. Years, months, days and
  // hours before 1970 are floored.
  Value Apply(const Value& value) const;

  // a <= b implies Apply(a) <= Apply(b): a range of the source is a range of the result.
  bool PreservesOrder() const;
  // Whether data ordered by this is ordered by `other` too (day satisfies month).
  bool SatisfiesOrderOf(const Transform& other) const;
  // A result as people and paths write it: 2026, 2026-01, 2026-01-14, 2026-01-14-10; "null".
  std::string ToHumanString(const Value& result) const;

  friend bool operator==(const Transform& a, const Transform& b) = default;

 private:
  Transform(TransformKind kind, int32_t width) : kind_(kind), width_(width) {}
  TransformKind kind_ = TransformKind::kIdentity;
  int32_t width_ = 0;
  std::string unknown_;  // the text of kUnknown
};

// The 32-bit Murmur3 hash of Appendix B, before bucketing; defined for boolean, float and double
// as well. The value is not null.
int32_t BucketHash(const Value& value);

}  // namespace crannog::table::iceberg
