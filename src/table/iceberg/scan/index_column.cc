#include "table/iceberg/scan/index_column.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "table/iceberg/scan/index_lanes_internal.h"
#include "table/iceberg/scan/limits.h"

namespace crannog::table::iceberg {

namespace {

bool SameFamily(TypeId a, TypeId b) {
  const auto integral = [](TypeId id) { return id == TypeId::kInt || id == TypeId::kLong; };
  const auto binary = [](TypeId id) { return id == TypeId::kFixed || id == TypeId::kBinary; };
  return a == b || (integral(a) && integral(b)) || (binary(a) && binary(b));
}

// The literal in the unit of the arrays; nullopt when they do not compare.
template <typename T>
std::optional<T> LaneLiteral(const Type& type, const Value& literal) {
  if constexpr (std::is_floating_point_v<T>) {
    const TypeId id = literal.type_id();
    if (id != TypeId::kFloat && id != TypeId::kDouble) return std::nullopt;
    return literal.number();
  } else {
    if (!SameFamily(type.id(), literal.type_id())) return std::nullopt;
    if constexpr (std::is_same_v<T, Prefix>) {
      return Prefix::Of(literal.bytes());
    } else {
      if (type.id() == TypeId::kDecimal && literal.scale() != type.scale()) return std::nullopt;
      const Int128 value =
          type.id() == TypeId::kDecimal ? literal.unscaled() : Int128{literal.integer()};
      if constexpr (std::is_same_v<T, Int128>) {
        return value;
      } else {
        // Beyond the width of the arrays: the nearest end says the same of every operator but for
        // values at that very end, so those literals are not used.
        if (value >= Largest<T>() || value <= Smallest<T>()) return std::nullopt;
        return static_cast<T>(value);
      }
    }
  }
}

// Calls `each(out)` with a predicate `out(lower, upper)` that proves that nothing between the
// bounds compares so with `v`. Prefixes only prove what differs within them.
template <typename T, typename Each>
void WithRangeTest(PredicateOp op, const T& v, const Each& each) {
  constexpr bool kExact = !std::is_same_v<T, Prefix>;
  switch (op) {
    case PredicateOp::kLess:
      return each([v](const T& lower, const T&) { return kExact ? lower >= v : lower > v; });
    case PredicateOp::kLessOrEqual:
      return each([v](const T& lower, const T&) { return lower > v; });
    case PredicateOp::kGreater:
      return each([v](const T&, const T& upper) { return kExact ? upper <= v : upper < v; });
    case PredicateOp::kGreaterOrEqual:
      return each([v](const T&, const T& upper) { return upper < v; });
    case PredicateOp::kEqual:
      return each([v](const T& lower, const T& upper) { return lower > v || upper < v; });
    case PredicateOp::kNotEqual:
      if constexpr (kExact) {
        return each([v](const T& lower, const T& upper) { return lower == v && upper == v; });
      }
      return;
    default:
      return;
  }
}

template <typename T, typename Each>
void WithSetTest(const Predicate& leaf, const Type& type, const Each& each) {
  std::vector<T> literals;
  for (const Value& value : leaf.literals) {
    const auto literal = LaneLiteral<T>(type, value);
    if (!literal) return;
    literals.push_back(*literal);
  }
  std::sort(literals.begin(), literals.end());
  if (literals.size() > kInLiteralsExactMax) literals = {literals.front(), literals.back()};
  const bool ends_only = leaf.literals.size() > kInLiteralsExactMax;
  if (ends_only) {
    return each([&literals](const T& lower, const T& upper) {
      return lower > literals[1] || upper < literals[0];
    });
  }
  each([&literals](const T& lower, const T& upper) {
    const auto first = std::lower_bound(literals.begin(), literals.end(), lower);
    return first == literals.end() || *first > upper;
  });
}

template <typename Each>
void WithPrefixTest(const Predicate& leaf, const Type& type, const Each& each) {
  const auto literal = LaneLiteral<Prefix>(type, leaf.literals[0]);
  if (!literal) return;
  const size_t length = std::min<size_t>(leaf.literals[0].bytes().size(), 16);
  const std::string ones(length, '\xff');
  const Prefix mask = Prefix::Of(ones);
  const auto masked = [mask](const Prefix& p) {
    return Prefix{p.high & mask.high, p.low & mask.low};
  };
  each([v = *literal, masked](const Prefix& lower, const Prefix& upper) {
    return masked(lower) > v || masked(upper) < v;
  });
}

template <typename T, typename Each>
void WithLeafTest(const Predicate& leaf, const Type& type, const Each& each) {
  if (leaf.op == PredicateOp::kIn) return WithSetTest<T>(leaf, type, each);
  if constexpr (std::is_same_v<T, Prefix>) {
    if (leaf.op == PredicateOp::kStartsWith) return WithPrefixTest(leaf, type, each);
  }
  if (leaf.literals.size() != 1) return;
  const auto literal = LaneLiteral<T>(type, leaf.literals[0]);
  if (literal) WithRangeTest<T>(leaf.op, *literal, each);
}

bool NanMatches(PredicateOp op) {
  return op == PredicateOp::kGreater || op == PredicateOp::kGreaterOrEqual ||
         op == PredicateOp::kNotEqual || op == PredicateOp::kNotIn;
}

}  // namespace

void IndexColumn::PruneRows(const Rows& rows, const Type& type, const Predicate& leaf,
                            std::span<uint8_t> selected) {
  const size_t flag_step = rows.flags.size() > 1 ? 1 : 0;
  const uint8_t* flags = rows.flags.data();
  const auto keep_flag = [&](uint8_t flag) {
    for (size_t i = 0; i < selected.size(); ++i) {
      selected[i] = static_cast<uint8_t>(selected[i] & ((flags[i * flag_step] & flag) != 0));
    }
  };
  switch (leaf.op) {
    case PredicateOp::kIsNull:
      return keep_flag(kMayBeNull);
    case PredicateOp::kNotNull:
      return keep_flag(kMayBeNonNull);
    case PredicateOp::kIsNan:
      return keep_flag(kMayBeNan);
    case PredicateOp::kNotNan:
      return keep_flag(kMayBeNonNan);
    default:
      keep_flag(kMayBeNonNull);
      break;
  }
  // Where NaN matches, a file that may hold one stays whatever its bounds.
  const uint8_t always = NanMatches(leaf.op) ? uint8_t{kMayBeNan} : uint8_t{0};
  std::visit(
      [&](const auto& arrays) {
        using A = std::decay_t<decltype(arrays)>;
        if constexpr (!std::is_same_v<A, std::monostate>) {
          using T = typename decltype(arrays.lower)::value_type;
          const size_t step = arrays.lower.size() > 1 ? 1 : 0;
          WithLeafTest<T>(leaf, type, [&](const auto& out) {
            for (size_t i = 0; i < selected.size(); ++i) {
              const bool drop = out(arrays.lower[i * step], arrays.upper[i * step]) &&
                                (flags[i * flag_step] & always) == 0;
              selected[i] = static_cast<uint8_t>(selected[i] & !drop);
            }
          });
        }
      },
      rows.arrays);
}

void IndexColumn::Prune(const Predicate& leaf, std::span<uint8_t> selected) const {
  PruneRows(rows_, type_, leaf, selected);
}

bool IndexColumn::TotalMayMatch(const Predicate& leaf) const {
  uint8_t selected = 1;
  PruneRows(total_, type_, leaf, {&selected, 1});
  return selected != 0;
}

namespace {

template <typename T>
Value LaneValue(const Type& type, const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return type.id() == TypeId::kFloat ? Value::Float(static_cast<float>(value))
                                       : Value::Double(value);
  } else if constexpr (std::is_same_v<T, Prefix>) {
    const uint64_t words[2] = {__builtin_bswap64(value.high), __builtin_bswap64(value.low)};
    std::string bytes(reinterpret_cast<const char*>(words), sizeof(words));
    if (type.id() != TypeId::kUuid) bytes.resize(bytes.find_last_not_of('\0') + 1);
    return Value::OfBytes(type.id(), std::move(bytes));
  } else {
    if (type.id() == TypeId::kDecimal) {
      return Value::Decimal(Int128{value}, type.precision(), type.scale());
    }
    return Value::OfInteger(type.id(), static_cast<int64_t>(value));
  }
}

}  // namespace

ColumnSummary IndexColumn::SummaryOfRow(const Rows& rows, size_t row) const {
  const uint8_t flags = rows.flags[rows.flags.size() > 1 ? row : 0];
  ColumnSummary summary;
  summary.may_be_null = (flags & kMayBeNull) != 0;
  summary.may_be_non_null = (flags & kMayBeNonNull) != 0;
  summary.may_be_nan = (flags & kMayBeNan) != 0;
  summary.may_be_non_nan = (flags & kMayBeNonNan) != 0;
  std::visit(
      [&](const auto& arrays) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(arrays)>, std::monostate>) {
          const size_t at = arrays.lower.size() > 1 ? row : 0;
          if ((flags & kHasLower) != 0) summary.lower = LaneValue(type_, arrays.lower[at]);
          if ((flags & kHasUpper) != 0 && (flags & kUpperIsLong) == 0) {
            summary.upper = LaneValue(type_, arrays.upper[at]);
          }
        }
      },
      rows.arrays);
  return summary;
}

ColumnSummary IndexColumn::Summary(size_t row) const { return SummaryOfRow(rows_, row); }
ColumnSummary IndexColumn::Total() const { return SummaryOfRow(total_, 0); }

std::optional<uint64_t> IndexColumn::NullCount(size_t row) const {
  const int64_t count = null_counts_[row];
  if (count < 0) return std::nullopt;
  return static_cast<uint64_t>(count);
}

uint64_t IndexColumn::bytes() const {
  const uint64_t arrays = std::visit(
      [](const auto& bounds) -> uint64_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(bounds)>, std::monostate>) {
          return 0;
        } else {
          return (bounds.lower.capacity() + bounds.upper.capacity()) * sizeof(bounds.lower[0]);
        }
      },
      rows_.arrays);
  return sizeof(*this) + arrays + rows_.flags.capacity() + null_counts_.bytes();
}

}  // namespace crannog::table::iceberg
