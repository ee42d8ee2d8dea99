#include "table/iceberg/manifest/deletion_vector.h"

#include <algorithm>
#include <cstring>

#include "base/byte_order.h"
#include "base/check.h"
#include "codec/compression.h"

namespace crannog::table::iceberg {
namespace {

constexpr std::string_view kMagic("\xd1\xd3\x39\x64", 4);
constexpr size_t kFrameBytes = 8;  // length before, checksum behind

std::unexpected<Error> Corrupt(std::string what) {
  return Fail(Code::kCorrupt, "deletion vector: " + std::move(what));
}

template <typename T>
T TakeLittle(std::string_view& from) {
  T value{};
  std::memcpy(&value, from.data(), sizeof(value));
  from.remove_prefix(sizeof(value));
  return value;
}

}  // namespace

void DeletionVector::Add(uint64_t position) {
  CRANNOG_CHECK(position <= kPositionMax);
  bitmaps_[static_cast<uint32_t>(position >> 32)].Add(static_cast<uint32_t>(position));
}

void DeletionVector::AddRange(uint64_t first, uint64_t last) {
  CRANNOG_CHECK(first <= last && last <= kPositionMax);
  while (first < last) {
    const uint64_t end = std::min(last, ((first >> 32) + 1) << 32);
    bitmaps_[static_cast<uint32_t>(first >> 32)].AddRange(static_cast<uint32_t>(first),
                                                          static_cast<uint32_t>(end - 1));
    first = end;
  }
}

void DeletionVector::AddAll(const DeletionVector& other) {
  for (const auto& [high, bitmap] : other.bitmaps_) bitmaps_[high].AddAll(bitmap);
}

bool DeletionVector::Contains(uint64_t position) const {
  const auto found = bitmaps_.find(static_cast<uint32_t>(position >> 32));
  return found != bitmaps_.end() && found->second.Contains(static_cast<uint32_t>(position));
}

uint64_t DeletionVector::cardinality() const {
  uint64_t count = 0;
  for (const auto& [high, bitmap] : bitmaps_) count += bitmap.cardinality();
  return count;
}

void DeletionVector::ForEach(const std::function<void(uint64_t)>& visit) const {
  for (const uint64_t position : Positions()) visit(position);
}

std::vector<uint64_t> DeletionVector::Positions() const {
  std::vector<uint64_t> positions;
  positions.reserve(cardinality());
  for (const auto& [high, bitmap] : bitmaps_) bitmap.AppendTo(uint64_t{high} << 32, positions);
  return positions;
}

std::string DeletionVector::Encode() const {
  std::string vector(kMagic);
  const uint64_t count = bitmaps_.size();
  vector.append(reinterpret_cast<const char*>(&count), sizeof(count));
  for (const auto& [high, bitmap] : bitmaps_) {
    vector.append(reinterpret_cast<const char*>(&high), sizeof(high));
    bitmap.EncodeTo(vector);
  }
  std::string blob;
  AppendBig32(blob, static_cast<uint32_t>(vector.size()));
  blob += vector;
  AppendBig32(blob, codec::Crc32(vector));
  return blob;
}

Result<DeletionVector> DeletionVector::Decode(std::string_view blob) {
  if (blob.size() < kFrameBytes + kMagic.size() + sizeof(uint64_t)) return Corrupt("cut short");
  const uint32_t length = ReadBig32(blob);
  if (length != blob.size() - kFrameBytes) return Corrupt("the length does not fit the blob");
  std::string_view vector = blob.substr(4, length);
  if (!vector.starts_with(kMagic)) return Corrupt("wrong magic");
  if (ReadBig32(blob.substr(blob.size() - 4)) != codec::Crc32(vector)) {
    return Corrupt("wrong checksum");
  }
  vector.remove_prefix(kMagic.size());
  const auto count = TakeLittle<uint64_t>(vector);
  DeletionVector positions;
  int64_t before = -1;
  for (uint64_t i = 0; i < count; ++i) {
    if (vector.size() < sizeof(uint32_t)) return Corrupt("cut short");
    const auto high = TakeLittle<uint32_t>(vector);
    if (high > INT32_MAX || int64_t{high} <= before) return Corrupt("bitmaps out of order");
    before = high;
    CRANNOG_ASSIGN(auto bitmap, Roaring32::DecodeFrom(vector));
    if (!bitmap.empty()) positions.bitmaps_.emplace(high, std::move(bitmap));
  }
  if (!vector.empty()) return Corrupt("bytes behind the last bitmap");
  return positions;
}

}  // namespace crannog::table::iceberg
