#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

#include "table/iceberg/scan/index_column.h"

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
