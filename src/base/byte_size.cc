#include "base/byte_size.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace crannog {
namespace {

constexpr std::string_view kPrefixes = "kmgtpe";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The factor of "", "b", "kib", "mb", ...; 0 when it is none of them.
uint64_t UnitFactor(std::string_view unit) {
  std::string lower;
  for (const char c : unit) lower.push_back(Lower(c));
  if (lower.empty() || lower == "b") return 1;
  const size_t power = kPrefixes.find(lower.front());
  if (power == std::string_view::npos) return 0;
  const std::string_view rest = std::string_view(lower).substr(1);
  if (rest != "b" && rest != "ib") return 0;
  uint64_t factor = 1;
  for (size_t i = 0; i <= power; ++i) factor *= rest == "b" ? 1000U : 1024U;
  return factor;
}

}  // namespace

std::string FormatByteSize(uint64_t size_bytes) {
  if (size_bytes < 1024) return fmt::format("{} B", size_bytes);
  constexpr std::array<std::string_view, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double size = static_cast<double>(size_bytes) / 1024;
  size_t unit = 0;
  // 1023.95 would be rounded to "1024.0".
  for (; size >= 1023.95 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

Result<uint64_t> ParseByteSize(std::string_view text) {
  const auto invalid = [&] {
    return Fail(Code::kInvalid,
                "not a size such as 64MiB: \"" + std::string(text.substr(0, 64)) + "\"");
  };
  const size_t number_size = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view number = text.substr(0, number_size);
  std::string_view unit = text.substr(number_size);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  const uint64_t factor = UnitFactor(unit);
  if (number.empty() || factor == 0) return invalid();

  if (number.find('.') == std::string_view::npos) {
    uint64_t count = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    uint64_t size_bytes = 0;
    if (error != std::errc() || end != number.data() + number.size()) return invalid();
    if (__builtin_mul_overflow(count, factor, &size_bytes)) return invalid();
    return size_bytes;
  }
  double count = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
  if (error != std::errc() || end != number.data() + number.size()) return invalid();
  const double size = count * static_cast<double>(factor);
  if (!(size < 0x1p63)) return invalid();
  return static_cast<uint64_t>(size);
}

}  // namespace crannog
