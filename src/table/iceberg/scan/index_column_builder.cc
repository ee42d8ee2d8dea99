#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "table/iceberg/scan/index_column.h"
#include "table/iceberg/scan/index_lanes_internal.h"

namespace crannog::table::iceberg {

Prefix Prefix::Of(std::string_view bytes) {
  char padded[16] = {};
  std::memcpy(padded, bytes.data(), std::min<size_t>(bytes.size(), sizeof(padded)));
  uint64_t words[2];
  std::memcpy(words, padded, sizeof(padded));
  static_assert(std::endian::native == std::endian::little);
  return {__builtin_bswap64(words[0]), __builtin_bswap64(words[1])};
}

namespace {

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

}  // namespace

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

}  // namespace crannog::table::iceberg
