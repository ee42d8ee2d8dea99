#include "table/iceberg/manifest/roaring.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"

namespace crannog::table::iceberg {
namespace {

// RoaringFormatSpec, "cookie header".
constexpr uint32_t kCookieNoRuns = 12346;
constexpr uint32_t kCookieRuns = 12347;
constexpr uint32_t kOffsetsFromContainers = 4;  // fewer have no offsets when there are runs
constexpr uint32_t kArrayMax = 4096;
constexpr size_t kWords = 1024;
constexpr size_t kBitmapBytes = kWords * 8;
static_assert(std::endian::native == std::endian::little);

template <typename T>
void Append(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
bool Take(std::string_view& from, T& value) {
  if (from.size() < sizeof(value)) return false;
  std::memcpy(&value, from.data(), sizeof(value));
  from.remove_prefix(sizeof(value));
  return true;
}

std::unexpected<Error> Corrupt(std::string what) {
  return Fail(Code::kCorrupt, "roaring bitmap: " + std::move(what));
}

struct Run {
  uint16_t start;
  uint16_t more;  // values after the first
};

template <typename Visit>
void ForEachLow(const std::vector<uint16_t>& lows, const std::vector<uint64_t>& words,
                Visit visit) {
  for (const uint16_t low : lows) visit(low);
  for (size_t i = 0; i < words.size(); ++i) {
    for (uint64_t word = words[i]; word != 0; word &= word - 1) {
      visit(static_cast<uint16_t>(i * 64 + static_cast<size_t>(std::countr_zero(word))));
    }
  }
}

std::vector<Run> RunsOf(const std::vector<uint16_t>& lows, const std::vector<uint64_t>& words) {
  std::vector<Run> runs;
  ForEachLow(lows, words, [&](uint16_t low) {
    if (!runs.empty() && runs.back().start + runs.back().more + 1 == low) {
      ++runs.back().more;
    } else {
      runs.push_back({low, 0});
    }
  });
  return runs;
}

}  // namespace

bool Roaring32::Container::Contains(uint16_t low) const {
  if (!words.empty()) return (words[low / 64] >> (low % 64) & 1) != 0;
  return std::ranges::binary_search(lows, low);
}

void Roaring32::Container::ToWords() {
  if (!words.empty()) return;
  words.assign(kWords, 0);
  for (const uint16_t low : lows) words[low / 64] |= uint64_t{1} << (low % 64);
  lows.clear();
  lows.shrink_to_fit();
}

// One form for one set of values, so that equality is equality of members.
void Roaring32::Container::Normalize() {
  if (words.empty() || count > kArrayMax) return;
  std::vector<uint16_t> few;
  few.reserve(count);
  ForEachLow(lows, words, [&](uint16_t low) { few.push_back(low); });
  lows = std::move(few);
  words.clear();
  words.shrink_to_fit();
}

void Roaring32::Container::Add(uint16_t low) {
  if (words.empty()) {
    if (lows.empty() || lows.back() < low) {
      lows.push_back(low);
    } else {
      const auto at = std::ranges::lower_bound(lows, low);
      if (*at == low) return;
      lows.insert(at, low);
    }
    if (++count > kArrayMax) ToWords();
    return;
  }
  uint64_t& word = words[low / 64];
  const uint64_t bit = uint64_t{1} << (low % 64);
  count += (word & bit) == 0 ? 1 : 0;
  word |= bit;
}

Roaring32::Container& Roaring32::ContainerFor(uint16_t key) {
  if (containers_.empty() || containers_.back().key < key) {
    containers_.emplace_back();
    containers_.back().key = key;
    return containers_.back();
  }
  const auto at = std::ranges::lower_bound(containers_, key, {}, &Container::key);
  if (at->key == key) return *at;
  const auto made = containers_.insert(at, Container());
  made->key = key;
  return *made;
}

void Roaring32::Add(uint32_t value) {
  ContainerFor(static_cast<uint16_t>(value >> 16)).Add(static_cast<uint16_t>(value));
}

void Roaring32::AddRange(uint32_t first, uint32_t last) {
  CRANNOG_CHECK(first <= last);
  for (uint32_t key = first >> 16; key <= last >> 16; ++key) {
    Container& container = ContainerFor(static_cast<uint16_t>(key));
    const uint32_t from = key == first >> 16 ? first & 0xffff : 0;
    const uint32_t to = key == last >> 16 ? last & 0xffff : 0xffff;
    container.ToWords();
    for (uint32_t low = from; low <= to; ++low) container.Add(static_cast<uint16_t>(low));
    container.Normalize();
  }
}

void Roaring32::AddAll(const Roaring32& other) {
  for (const Container& container : other.containers_) {
    Container& mine = ContainerFor(container.key);
    ForEachLow(container.lows, container.words, [&](uint16_t low) { mine.Add(low); });
  }
}

bool Roaring32::Contains(uint32_t value) const {
  const auto key = static_cast<uint16_t>(value >> 16);
  const auto at = std::ranges::lower_bound(containers_, key, {}, &Container::key);
  return at != containers_.end() && at->key == key && at->Contains(static_cast<uint16_t>(value));
}

uint64_t Roaring32::cardinality() const {
  uint64_t count = 0;
  for (const Container& container : containers_) count += container.count;
  return count;
}

void Roaring32::AppendTo(uint64_t base, std::vector<uint64_t>& to) const {
  for (const Container& container : containers_) {
    const uint64_t high = base + (uint64_t{container.key} << 16);
    ForEachLow(container.lows, container.words, [&](uint16_t low) { to.push_back(high + low); });
  }
}

void Roaring32::EncodeTo(std::string& to) const {
  const auto size = static_cast<uint32_t>(containers_.size());
  std::vector<std::vector<Run>> runs(size);
  bool any_runs = false;
  for (size_t i = 0; i < size; ++i) {
    const Container& container = containers_[i];
    runs[i] = RunsOf(container.lows, container.words);
    const size_t plain = std::min<size_t>(kBitmapBytes, container.count * 2);
    if (2 + runs[i].size() * 4 >= plain) runs[i].clear();
    any_runs = any_runs || !runs[i].empty();
  }
  const size_t start = to.size();
  if (any_runs) {
    Append(to, kCookieRuns | (size - 1) << 16);
    std::string flags((size + 7) / 8, '\0');
    for (size_t i = 0; i < size; ++i) {
      if (!runs[i].empty()) flags[i / 8] = static_cast<char>(flags[i / 8] | 1 << (i % 8));
    }
    to += flags;
  } else {
    Append(to, kCookieNoRuns);
    Append(to, size);
  }
  for (const Container& container : containers_) {
    Append(to, container.key);
    Append(to, static_cast<uint16_t>(container.count - 1));
  }
  const bool has_offsets = !any_runs || size >= kOffsetsFromContainers;
  const size_t offsets = to.size();
  if (has_offsets) to.append(size_t{size} * 4, '\0');
  for (size_t i = 0; i < size; ++i) {
    const auto offset = static_cast<uint32_t>(to.size() - start);
    if (has_offsets) std::memcpy(to.data() + offsets + i * 4, &offset, sizeof(offset));
    if (!runs[i].empty()) {
      Append(to, static_cast<uint16_t>(runs[i].size()));
      for (const Run& run : runs[i]) {
        Append(to, run.start);
        Append(to, run.more);
      }
    } else if (containers_[i].words.empty()) {
      for (const uint16_t low : containers_[i].lows) Append(to, low);
    } else {
      for (const uint64_t word : containers_[i].words) Append(to, word);
    }
  }
}

Result<Roaring32::Container> Roaring32::DecodeContainer(uint16_t key, uint32_t count, bool is_run,
                                                        std::string_view& bytes) {
  Container container;
  container.key = key;
  if (is_run) {
    uint16_t run_count = 0;
    if (!Take(bytes, run_count)) return Corrupt("cut short");
    int64_t behind = -1;
    container.ToWords();
    for (uint32_t i = 0; i < run_count; ++i) {
      Run run{};
      if (!Take(bytes, run.start) || !Take(bytes, run.more)) return Corrupt("cut short");
      const int64_t last = int64_t{run.start} + run.more;
      if (run.start <= behind || last > 0xffff) return Corrupt("runs out of order");
      for (int64_t low = run.start; low <= last; ++low) container.Add(static_cast<uint16_t>(low));
      behind = last;
    }
  } else if (count <= kArrayMax) {
    container.lows.resize(count);
    for (uint16_t& low : container.lows) {
      if (!Take(bytes, low)) return Corrupt("cut short");
    }
    const auto unordered = std::ranges::adjacent_find(container.lows, std::ranges::greater_equal());
    if (unordered != container.lows.end()) return Corrupt("an array out of order");
    container.count = count;
  } else {
    container.words.resize(kWords);
    for (uint64_t& word : container.words) {
      if (!Take(bytes, word)) return Corrupt("cut short");
      container.count += static_cast<uint32_t>(std::popcount(word));
    }
  }
  if (container.count != count) return Corrupt("a container of another cardinality than it says");
  container.Normalize();
  return container;
}

Result<Roaring32> Roaring32::DecodeFrom(std::string_view& bytes) {
  uint32_t cookie = 0;
  uint32_t size = 0;
  if (!Take(bytes, cookie)) return Corrupt("cut short");
  std::string_view flags;
  const bool any_runs = (cookie & 0xffff) == kCookieRuns;
  if (any_runs) {
    size = (cookie >> 16) + 1;
    if (bytes.size() < (size + 7) / 8) return Corrupt("cut short");
    flags = bytes.substr(0, (size + 7) / 8);
    bytes.remove_prefix(flags.size());
  } else if (cookie != kCookieNoRuns || !Take(bytes, size)) {
    return Corrupt("wrong cookie, or cut short");
  }
  if (size > 65536) return Corrupt("too many containers");
  std::string_view header = bytes;
  const size_t offset_bytes = !any_runs || size >= kOffsetsFromContainers ? size_t{size} * 4 : 0;
  if (bytes.size() < size_t{size} * 4 + offset_bytes) return Corrupt("cut short");
  // Containers follow one another, so their offsets say nothing new.
  bytes.remove_prefix(size_t{size} * 4 + offset_bytes);
  Roaring32 bitmap;
  for (uint32_t i = 0; i < size; ++i) {
    uint16_t key = 0;
    uint16_t count_less_one = 0;
    Take(header, key);
    Take(header, count_less_one);
    if (!bitmap.containers_.empty() && bitmap.containers_.back().key >= key) {
      return Corrupt("containers out of order");
    }
    const bool is_run = any_runs && (static_cast<unsigned char>(flags[i / 8]) >> (i % 8) & 1) != 0;
    CRANNOG_ASSIGN(auto container,
                   DecodeContainer(key, uint32_t{count_less_one} + 1, is_run, bytes));
    bitmap.containers_.push_back(std::move(container));
  }
  return bitmap;
}

}  // namespace crannog::table::iceberg
