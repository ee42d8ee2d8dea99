// Columns of a manifest's index: one column's bounds and counts, or one partition field's values,
// for all files of a manifest, packed to the width they need.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"
#include "table/iceberg/scan/expression.h"
#include "table/iceberg/scan/pruning.h"

namespace crannog::table::iceberg {

// Integers as distances from the smallest one, in no, one, two, four or eight bytes each.
class PackedIntegers {
 public:
  PackedIntegers() = default;
  explicit PackedIntegers(std::span<const int64_t> values);

  int64_t operator[](size_t index) const;
  uint64_t bytes() const;

 private:
  int64_t base_ = 0;
  std::variant<std::monostate, std::vector<uint8_t>, std::vector<uint16_t>, std::vector<uint32_t>,
               std::vector<uint64_t>>
      distances_;  // none: all are base_
};

// The first 16 bytes of a string, padded with zeros: two words whose order is that of the prefixes.
struct Prefix {
  uint64_t high = 0;
  uint64_t low = 0;

  static Prefix Of(std::string_view bytes);
  friend constexpr auto operator<=>(const Prefix&, const Prefix&) = default;
};

// Lower and upper bounds, one a file, or a single one that holds for all. A missing bound is the
// smallest or the largest T, which never drops a file.
template <typename T>
struct BoundArrays {
  std::vector<T> lower;
  std::vector<T> upper;
};

// Bounds and counts of one column over the files of a manifest.
class IndexColumn {
 public:
  class Builder;

  int32_t field_id() const { return field_id_; }
  uint64_t bytes() const;

  ColumnSummary Summary(size_t row) const;
  std::optional<uint64_t> NullCount(size_t row) const;
  // Over all files.
  ColumnSummary Total() const;
  std::optional<uint64_t> TotalNullCount() const { return total_null_count_; }

  // Sets to 0 the bytes of files that hold no value that matches `leaf`; `selected` has one byte a
  // file.
  void Prune(const Predicate& leaf, std::span<uint8_t> selected) const;
  // The same for all files at once.
  bool TotalMayMatch(const Predicate& leaf) const;

 private:
  using Arrays = std::variant<std::monostate, BoundArrays<int32_t>, BoundArrays<int64_t>,
                              BoundArrays<double>, BoundArrays<Int128>, BoundArrays<Prefix>>;
  enum Flag : uint8_t {
    kMayBeNull = 1,
    kMayBeNonNull = 2,
    kMayBeNan = 4,
    kMayBeNonNan = 8,
    kHasLower = 16,
    kHasUpper = 32,
    kUpperIsLong = 64,  // of a string: more than the 16 bytes kept
  };
  // Bounds and flags of some rows: all files, or their sum as a single row.
  struct Rows {
    Arrays arrays;
    std::vector<uint8_t> flags;  // one, or one a row
  };
  static void PruneRows(const Rows& rows, const Type& type, const Predicate& leaf,
                        std::span<uint8_t> selected);
  ColumnSummary SummaryOfRow(const Rows& rows, size_t row) const;

  int32_t field_id_ = 0;
  Type type_;
  Rows rows_;
  Rows total_;
  PackedIntegers null_counts_;  // -1: not known
  std::optional<uint64_t> total_null_count_;
};

// What one file says about one column; counts that are not known are negative.
struct ColumnFacts {
  int64_t value_count = -1;
  int64_t null_count = -1;
  int64_t nan_count = -1;
  std::optional<std::string_view> lower;  // Appendix D bytes
  std::optional<std::string_view> upper;
};

class IndexColumn::Builder {
 public:
  Builder(int32_t field_id, const Type& type);
  ~Builder();
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  // Rows that were left out before it say nothing about the column.
  void Add(size_t row, const ColumnFacts& facts);
  IndexColumn Finish(size_t row_count) &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The values of one partition field: exact, each distinct one stored once.
class PartitionColumn {
 public:
  class Builder {
   public:
    void Add(const Value& value);
    PartitionColumn Finish(int32_t field_id) &&;

   private:
    std::vector<Value> values_;
    std::vector<int64_t> codes_;
    std::unordered_multimap<size_t, uint32_t> by_hash_;
    std::optional<uint32_t> last_;
  };

  int32_t field_id() const { return field_id_; }
  uint64_t bytes() const;
  const Value& At(size_t row) const { return values_[static_cast<size_t>(codes_[row])]; }
  void Prune(const Predicate& leaf, std::span<uint8_t> selected) const;
  bool TotalMayMatch(const Predicate& leaf) const;

 private:
  static bool MayMatch(const Predicate& leaf, const Value& value);

  int32_t field_id_ = 0;
  std::vector<Value> values_;
  PackedIntegers codes_;
};

}  // namespace crannog::table::iceberg
