// A set of 32-bit integers as a roaring bitmap, in its portable serialized form.
//
// Format: RoaringFormatSpec ("general layout"): array, bitmap and run containers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::table::iceberg {

class Roaring32 {
 public:
  void Add(uint32_t value);
  // [first, last], both included.
  void AddRange(uint32_t first, uint32_t last);
  void AddAll(const Roaring32& other);
  bool Contains(uint32_t value) const;
  uint64_t cardinality() const;
  bool empty() const { return containers_.empty(); }
  // Appends the values, ascending, each with `base` added.
  void AppendTo(uint64_t base, std::vector<uint64_t>& to) const;

  // Appends the portable form; containers take the smallest of their three forms.
  void EncodeTo(std::string& to) const;
  // Reads one bitmap from the front of `bytes` and moves `bytes` behind it.
  //   kCorrupt
  static Result<Roaring32> DecodeFrom(std::string_view& bytes);

  friend bool operator==(const Roaring32& a, const Roaring32& b) = default;

 private:
  // Values with the same high 16 bits: sorted lows while few, else 1024 words of bits.
  struct Container {
    uint16_t key = 0;
    uint32_t count = 0;
    std::vector<uint16_t> lows;
    std::vector<uint64_t> words;

    bool Contains(uint16_t low) const;
    void Add(uint16_t low);
    void ToWords();
    void Normalize();
    friend bool operator==(const Container& a, const Container& b) = default;
  };
  Container& ContainerFor(uint16_t key);
  static Result<Container> DecodeContainer(uint16_t key, uint32_t count, bool is_run,
                                           std::string_view& bytes);
  std::vector<Container> containers_;  // by key
};

}  // namespace crannog::table::iceberg
