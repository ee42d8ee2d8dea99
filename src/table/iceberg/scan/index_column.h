// Columns of a manifest's index: one partition field's values, or one column's bounds and counts,
// for all files of a manifest, packed to the width they need.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"
#include "table/iceberg/scan/expression.h"
#include "table/iceberg/scan/pruning.h"

namespace crannog::table::iceberg {

// Integers in one, four or eight bytes each, or once when all are the same.
class PackedIntegers {
 public:
  PackedIntegers() = default;
  explicit PackedIntegers(const std::vector<int64_t>& values);

  int64_t operator[](size_t index) const;
  uint64_t bytes() const;

 private:
  std::variant<int64_t, std::vector<int8_t>, std::vector<int32_t>, std::vector<int64_t>> values_;
};

// The first 16 bytes of a string, zero-padded, so that comparing two words compares prefixes.
struct Prefix {
  uint64_t high = 0;
  uint64_t low = 0;
  static Prefix Of(std::string_view bytes);
  friend auto operator<=>(const Prefix&, const Prefix&) = default;
};

// How values of a type are kept; types that are kept alike compare alike.
enum class Lane : uint8_t { kNone, kInteger, kFloating, kWide, kPrefix };
Lane LaneOf(const Type& type);

class IndexColumn {
 public:
  static constexpr uint8_t kMayBeNull = 1;
  static constexpr uint8_t kMayBeNonNull = 2;
  static constexpr uint8_t kMayBeNan = 4;
  static constexpr uint8_t kMayBeNonNan = 8;
  static constexpr uint8_t kHasLower = 16;
  static constexpr uint8_t kHasUpper = 32;

  class Builder;

  int32_t field_id() const { return field_id_; }
  const Type& type() const { return type_; }
  uint64_t bytes() const;

  ColumnSummary Summary(size_t row) const;
  std::optional<uint64_t> NullCount(size_t row) const;
  // Over all rows.
  const ColumnSummary& total() const { return total_; }
  std::optional<uint64_t> total_null_count() const { return total_null_count_; }

  // Sets to 0 the bytes of rows where no value can match `leaf`.
  void Prune(const Predicate& leaf, std::span<uint8_t> selected) const;

 private:
  template <typename T>
  struct Bounds {
    std::vector<T> lower;
    std::vector<T> upper;  // empty: equal to lower (partition values)
  };
  using Storage = std::variant<std::monostate, Bounds<int32_t>, Bounds<int64_t>, Bounds<float>,
                               Bounds<double>, Bounds<Int128>, Bounds<Prefix>>;

  int32_t field_id_ = 0;
  Type type_;
  Storage bounds_;
  std::vector<uint8_t> flags_;  // one, or one a row
  PackedIntegers null_counts_;  // -1: not known
  ColumnSummary total_;
  std::optional<uint64_t> total_null_count_;
};

}  // namespace crannog::table::iceberg
