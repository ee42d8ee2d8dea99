// How the values of a type are kept in the arrays of an index, and the ends of each kind of array.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "table/iceberg/format/types.h"
#include "table/iceberg/scan/index_column.h"

namespace crannog::table::iceberg {

enum class Lane : uint8_t { kNone, kInteger, kFloating, kWide, kPrefix };

inline constexpr int kNarrowDecimalPrecisionMax = 18;  // fits 64 bits

inline Lane LaneOf(const Type& type) {
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

}  // namespace crannog::table::iceberg
