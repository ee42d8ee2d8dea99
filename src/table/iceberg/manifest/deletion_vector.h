// Deletion vectors: the deleted positions of one data file, as a 64-bit roaring bitmap.
//
// Specification: puffin-spec.md "deletion-vector-v1"; RoaringFormatSpec for the bitmap.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/manifest/roaring.h"

namespace crannog::table::iceberg {

inline constexpr std::string_view kDeletionVectorBlobType = "deletion-vector-v1";

class DeletionVector {
 public:
  static constexpr uint64_t kPositionMax = (uint64_t{1} << 63) - 1;

  // position <= kPositionMax; checked.
  void Add(uint64_t position);
  // [first, last)
  void AddRange(uint64_t first, uint64_t last);
  void AddAll(const DeletionVector& other);
  bool Contains(uint64_t position) const;
  uint64_t cardinality() const;
  bool empty() const { return bitmaps_.empty(); }
  // Ascending.
  void ForEach(const std::function<void(uint64_t)>& visit) const;
  std::vector<uint64_t> Positions() const;

  // The blob, with length, magic and checksum.
  std::string Encode() const;
  //   kCorrupt  wrong length, magic, checksum or bitmap
  static Result<DeletionVector> Decode(std::string_view blob);

  friend bool operator==(const DeletionVector& a, const DeletionVector& b) = default;

 private:
  std::map<uint32_t, Roaring32> bitmaps_;  // by the high 32 bits; none is empty
};

}  // namespace crannog::table::iceberg
