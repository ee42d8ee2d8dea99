#include "table/iceberg/scan/index_column.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "table/iceberg/scan/limits.h"

namespace crannog::table::iceberg {

namespace {

template <typename T>
std::vector<T> Distances(std::span<const int64_t> values, int64_t base) {
  std::vector<T> distances;
  distances.reserve(values.size());
  for (const int64_t value : values) {
    distances.push_back(static_cast<T>(static_cast<uint64_t>(value) - static_cast<uint64_t>(base)));
  }
  return distances;
}

}  // namespace

PackedIntegers::PackedIntegers(std::span<const int64_t> values) {
  if (values.empty()) return;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  base_ = *low;
  const uint64_t range = static_cast<uint64_t>(*high) - static_cast<uint64_t>(*low);
  if (range == 0) return;
  if (range <= std::numeric_limits<uint8_t>::max()) {
    distances_ = Distances<uint8_t>(values, base_);
  } else if (range <= std::numeric_limits<uint16_t>::max()) {
    distances_ = Distances<uint16_t>(values, base_);
  } else if (range <= std::numeric_limits<uint32_t>::max()) {
    distances_ = Distances<uint32_t>(values, base_);
  } else {
    distances_ = Distances<uint64_t>(values, base_);
  }
}

int64_t PackedIntegers::operator[](size_t index) const {
  const uint64_t distance = std::visit(
      [&](const auto& distances) -> uint64_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(distances)>, std::monostate>) {
          return 0;
        } else {
          return distances[index];
        }
      },
      distances_);
  return static_cast<int64_t>(static_cast<uint64_t>(base_) + distance);
}

uint64_t PackedIntegers::bytes() const {
  return std::visit(
      [](const auto& distances) -> uint64_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(distances)>, std::monostate>) {
          return 0;
        } else {
          return distances.capacity() * sizeof(distances[0]);
        }
      },
      distances_);
}

Prefix Prefix::Of(std::string_view bytes) {
  char padded[16] = {};
  std::memcpy(padded, bytes.data(), std::min<size_t>(bytes.size(), sizeof(padded)));
  uint64_t words[2];
  std::memcpy(words, padded, sizeof(padded));
  static_assert(std::endian::native == std::endian::little);
  return {__builtin_bswap64(words[0]), __builtin_bswap64(words[1])};
}

namespace {

enum class Lane : uint8_t { kNone, kInteger, kFloating, kWide, kPrefix };

constexpr int kNarrowDecimalPrecisionMax = 18;  // fits 64 bits

Lane LaneOf(const Type& type) {
  switch (type.id()) {
    case TypeId::kBoolean:
    case TypeId::kInt:
    case TypeId::kLong:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
      return Lane::kInteger;
    case TypeId::kFloat:
    case TypeId::kDouble:
      return Lane::kFloating;
    case TypeId::kDecimal:
      return type.precision() <= kNarrowDecimalPrecisionMax ? Lane::kInteger : Lane::kWide;
    case TypeId::kString:
    case TypeId::kUuid:
    case TypeId::kFixed:
    case TypeId::kBinary:
      return Lane::kPrefix;
    default:
      return Lane::kNone;
  }
}

template <typename T>
constexpr T Smallest() {
  if constexpr (std::is_same_v<T, Prefix>) {
    return Prefix{};
  } else if constexpr (std::is_same_v<T, Int128>) {
    return Int128{1} << 127;
  } else if constexpr (std::is_floating_point_v<T>) {
    return -std::numeric_limits<T>::infinity();
  } else {
    return std::numeric_limits<T>::min();
  }
}

template <typename T>
constexpr T Largest() {
  if constexpr (std::is_same_v<T, Prefix>) {
    return Prefix{~uint64_t{0}, ~uint64_t{0}};
  } else if constexpr (std::is_same_v<T, Int128>) {
    return ~(Int128{1} << 127);
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::numeric_limits<T>::infinity();
  } else {
    return std::numeric_limits<T>::max();
  }
}

template <typename T>
std::optional<T> Load(std::string_view bytes) {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

// Big-endian two's complement, the way decimals are serialized.
std::optional<Int128> LoadDecimal(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > 16) return std::nullopt;
  __extension__ typedef unsigned __int128 UInt128;
  UInt128 value = static_cast<signed char>(bytes[0]) < 0 ? ~UInt128{0} : UInt128{0};
  for (const char byte : bytes) value = (value << 8) | static_cast<uint8_t>(byte);
  return static_cast<Int128>(value);
}

std::optional<int64_t> LoadInteger(const Type& type, std::string_view bytes) {
  constexpr int64_t kMicrosPerDay = 86'400'000'000;
  if (type.id() == TypeId::kDecimal) {
    const auto value = LoadDecimal(bytes);
    if (!value || *value > Largest<int64_t>() || *value < Smallest<int64_t>()) return std::nullopt;
    return static_cast<int64_t>(*value);
  }
  if (type.id() == TypeId::kBoolean) {
    if (bytes.size() != 1) return std::nullopt;
    return bytes[0] != 0 ? 1 : 0;
  }
  const auto narrow = Load<int32_t>(bytes);
  if (!narrow) return Load<int64_t>(bytes);
  // Four bytes for a timestamp: written while the column was a date.
  if (type.id() == TypeId::kTimestamp) return *narrow * kMicrosPerDay;
  int64_t nanos = 0;
  if (type.id() == TypeId::kTimestampNs) {
    if (__builtin_mul_overflow(*narrow * kMicrosPerDay, int64_t{1000}, &nanos)) return std::nullopt;
    return nanos;
  }
  return *narrow;
}

std::optional<double> LoadFloating(std::string_view bytes) {
  std::optional<double> value = Load<double>(bytes);
  if (const auto narrow = Load<float>(bytes)) value = *narrow;
  if (value && std::isnan(*value)) return std::nullopt;
  return value;
}

template <typename T>
std::optional<T> LoadBound(const Type& type, std::string_view bytes) {
  if constexpr (std::is_same_v<T, Prefix>) {
    return Prefix::Of(bytes);
  } else if constexpr (std::is_same_v<T, Int128>) {
    return LoadDecimal(bytes);
  } else if constexpr (std::is_floating_point_v<T>) {
    return LoadFloating(bytes);
  } else {
    return LoadInteger(type, bytes);
  }
}

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

struct IndexColumn::Builder::State {
  int32_t field_id = 0;
  Type type;
  bool floating = false;
  std::variant<std::monostate, BoundArrays<int64_t>, BoundArrays<double>, BoundArrays<Int128>,
               BoundArrays<Prefix>>
      arrays;
  std::vector<uint8_t> flags;
  std::vector<int64_t> null_counts;

  uint8_t UnknownFlags() const {
    uint8_t all = kMayBeNull | kMayBeNonNull | kMayBeNonNan;
    if (floating) all |= kMayBeNan;
    return all;
  }
  void PadTo(size_t row_count);
  uint8_t FlagsOf(const ColumnFacts& facts) const;
};

IndexColumn::Builder::Builder(int32_t field_id, const Type& type)
    : state_(std::make_unique<State>()) {
  state_->field_id = field_id;
  state_->type = type;
  state_->floating = LaneOf(type) == Lane::kFloating;
  switch (LaneOf(type)) {
    case Lane::kNone:
      break;
    case Lane::kInteger:
      state_->arrays = BoundArrays<int64_t>{};
      break;
    case Lane::kFloating:
      state_->arrays = BoundArrays<double>{};
      break;
    case Lane::kWide:
      state_->arrays = BoundArrays<Int128>{};
      break;
    case Lane::kPrefix:
      state_->arrays = BoundArrays<Prefix>{};
      break;
  }
}

IndexColumn::Builder::~Builder() = default;
IndexColumn::Builder::Builder(Builder&&) noexcept = default;
IndexColumn::Builder& IndexColumn::Builder::operator=(Builder&&) noexcept = default;

void IndexColumn::Builder::State::PadTo(size_t row_count) {
  if (flags.size() >= row_count) return;
  flags.resize(row_count, UnknownFlags());
  null_counts.resize(row_count, -1);
  std::visit(
      [&](auto& bounds) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(bounds)>, std::monostate>) {
          using T = typename std::decay_t<decltype(bounds.lower)>::value_type;
          bounds.lower.resize(row_count, Smallest<T>());
          bounds.upper.resize(row_count, Largest<T>());
        }
      },
      arrays);
}

uint8_t IndexColumn::Builder::State::FlagsOf(const ColumnFacts& facts) const {
  uint8_t result = UnknownFlags();
  const auto clear = [&](uint8_t flag) { result = static_cast<uint8_t>(result & ~flag); };
  if (facts.null_count == 0) clear(kMayBeNull);
  if (facts.null_count >= 0 && facts.value_count >= 0) {
    if (facts.value_count <= facts.null_count) {
      clear(kMayBeNonNull | kMayBeNan | kMayBeNonNan);
    } else if (floating && facts.nan_count >= facts.value_count - facts.null_count) {
      clear(kMayBeNonNan);
    }
  }
  if (facts.nan_count == 0) clear(kMayBeNan);
  return result;
}

void IndexColumn::Builder::Add(size_t row, const ColumnFacts& facts) {
  State& state = *state_;
  CRANNOG_CHECK(row >= state.flags.size());
  state.PadTo(row + 1);
  uint8_t flags = state.FlagsOf(facts);
  state.null_counts[row] = facts.null_count;
  std::visit(
      [&](auto& bounds) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(bounds)>, std::monostate>) {
          using T = typename std::decay_t<decltype(bounds.lower)>::value_type;
          if (facts.lower) {
            if (const auto value = LoadBound<T>(state.type, *facts.lower)) {
              bounds.lower[row] = *value;
              flags |= kHasLower;
            }
          }
          if (facts.upper) {
            if (const auto value = LoadBound<T>(state.type, *facts.upper)) {
              bounds.upper[row] = *value;
              flags |= kHasUpper;
              const std::string_view bytes = *facts.upper;
              // Padding hides a trailing zero byte, too.
              if (bytes.size() > 16 || bytes.ends_with('\0')) flags |= kUpperIsLong;
            }
          }
        }
      },
      state.arrays);
  state.flags[row] = flags;
}

namespace {

bool IsThirtyTwoBits(TypeId id) { return id == TypeId::kInt || id == TypeId::kDate; }

// 32 bits do when every bound is there and fits, or when the type holds no more: a missing bound
// must stay beyond every literal.
bool FitsNarrow(const BoundArrays<int64_t>& wide, bool all_present, const Type& type) {
  const auto fits = [](int64_t v) {
    return v > std::numeric_limits<int32_t>::min() && v < std::numeric_limits<int32_t>::max();
  };
  if (!all_present) {
    if (!IsThirtyTwoBits(type.id())) return false;
    return true;
  }
  return std::all_of(wide.lower.begin(), wide.lower.end(), fits) &&
         std::all_of(wide.upper.begin(), wide.upper.end(), fits);
}

BoundArrays<int32_t> Narrow(const BoundArrays<int64_t>& wide) {
  const auto clamp = [](int64_t v) {
    return static_cast<int32_t>(std::clamp<int64_t>(v, std::numeric_limits<int32_t>::min(),
                                                    std::numeric_limits<int32_t>::max()));
  };
  BoundArrays<int32_t> narrow;
  narrow.lower.reserve(wide.lower.size());
  narrow.upper.reserve(wide.upper.size());
  for (const int64_t v : wide.lower) narrow.lower.push_back(clamp(v));
  for (const int64_t v : wide.upper) narrow.upper.push_back(clamp(v));
  return narrow;
}

template <typename T>
bool AllSame(const std::vector<T>& values) {
  return std::all_of(values.begin(), values.end(),
                     [&](const T& value) { return value == values.front(); });
}

// One bound for all files when all have the same.
template <typename T>
void Collapse(BoundArrays<T>& bounds) {
  if (bounds.lower.size() > 1 && AllSame(bounds.lower) && AllSame(bounds.upper)) {
    bounds.lower.resize(1);
    bounds.upper.resize(1);
  }
  bounds.lower.shrink_to_fit();
  bounds.upper.shrink_to_fit();
}

}  // namespace

IndexColumn IndexColumn::Builder::Finish(size_t row_count) && {
  State& state = *state_;
  state.PadTo(row_count);
  IndexColumn column;
  column.field_id_ = state.field_id;
  column.type_ = state.type;
  column.null_counts_ = PackedIntegers(state.null_counts);
  const bool counted = std::all_of(state.null_counts.begin(), state.null_counts.end(),
                                   [](int64_t count) { return count >= 0; });
  if (counted) {
    uint64_t sum = 0;
    for (const int64_t count : state.null_counts) sum += static_cast<uint64_t>(count);
    column.total_null_count_ = sum;
  }
  uint8_t any = 0;
  uint8_t every = 0xff;
  for (const uint8_t flags : state.flags) {
    any |= flags;
    every &= flags;
  }
  constexpr uint8_t kBounds = kHasLower | kHasUpper;
  column.total_.flags = {static_cast<uint8_t>((any & ~kBounds) | (every & kBounds))};
  if (row_count == 0) column.total_.flags = {0};
  std::visit(
      [&](auto& bounds) {
        using A = std::decay_t<decltype(bounds)>;
        if constexpr (!std::is_same_v<A, std::monostate>) {
          if (row_count == 0 || (any & kBounds) == 0) return;
          A total;
          total.lower = {*std::min_element(bounds.lower.begin(), bounds.lower.end())};
          total.upper = {*std::max_element(bounds.upper.begin(), bounds.upper.end())};
          column.total_.arrays = std::move(total);
          if constexpr (std::is_same_v<A, BoundArrays<int64_t>>) {
            if (FitsNarrow(bounds, (every & kBounds) == kBounds, state.type)) {
              auto narrow = Narrow(bounds);
              Collapse(narrow);
              column.rows_.arrays = std::move(narrow);
              return;
            }
          }
          Collapse(bounds);
          column.rows_.arrays = std::move(bounds);
        }
      },
      state.arrays);
  if (row_count > 0 && AllSame(state.flags)) state.flags.resize(1);
  state.flags.shrink_to_fit();
  column.rows_.flags = std::move(state.flags);
  return column;
}

void PartitionColumn::Builder::Add(const Value& value) {
  if (last_ && values_[*last_] == value) {
    codes_.push_back(*last_);
    return;
  }
  const size_t hash = std::hash<std::string>()(value.ToString());
  const auto [first, end] = by_hash_.equal_range(hash);
  for (auto it = first; it != end; ++it) {
    if (values_[it->second] == value) {
      last_ = it->second;
      codes_.push_back(it->second);
      return;
    }
  }
  last_ = static_cast<uint32_t>(values_.size());
  by_hash_.emplace(hash, *last_);
  values_.push_back(value);
  codes_.push_back(*last_);
}

PartitionColumn PartitionColumn::Builder::Finish(int32_t field_id) && {
  PartitionColumn column;
  column.field_id_ = field_id;
  column.values_ = std::move(values_);
  column.values_.shrink_to_fit();
  column.codes_ = PackedIntegers(codes_);
  return column;
}

uint64_t PartitionColumn::bytes() const {
  uint64_t total = sizeof(*this) + values_.capacity() * sizeof(Value) + codes_.bytes();
  for (const Value& value : values_) {
    const TypeId id = value.type_id();
    if (id == TypeId::kString || id == TypeId::kBinary) total += value.bytes().size();
  }
  return total;
}

bool PartitionColumn::MayMatch(const Predicate& leaf, const Value& value) {
  const bool unary = leaf.literals.empty();
  if (!unary && !value.is_null() && !Comparable(value.type_id(), leaf.literals[0].type_id())) {
    return true;
  }
  return LeafMayMatch(leaf, SummaryOf(value));
}

void PartitionColumn::Prune(const Predicate& leaf, std::span<uint8_t> selected) const {
  std::vector<uint8_t> matches;
  matches.reserve(values_.size());
  size_t count = 0;
  for (const Value& value : values_) {
    matches.push_back(MayMatch(leaf, value) ? 1 : 0);
    count += matches.back();
  }
  if (count == values_.size()) return;
  for (size_t i = 0; i < selected.size(); ++i) {
    if (selected[i] != 0) selected[i] = matches[static_cast<size_t>(codes_[i])];
  }
}

bool PartitionColumn::TotalMayMatch(const Predicate& leaf) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const Value& value) { return MayMatch(leaf, value); });
}

}  // namespace crannog::table::iceberg
