#include "cli/output/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/output/text_width.h"

namespace crannog::cli {
namespace {

constexpr size_t kBarWidth = 30;
constexpr auto kRedraw = std::chrono::milliseconds(100);

}  // namespace

std::string Bar(double fraction, uint64_t tick, size_t width) {
  std::string out = "[";
  if (fraction < 0) {
    // Three cells that wander to and fro.
    const uint64_t span = 2 * (width - 3);
    const uint64_t at = tick % span;
    const uint64_t start = at < width - 3 ? at : span - at;
    for (uint64_t i = 0; i < width; ++i) out += i >= start && i < start + 3 ? "█" : "·";
    return out + "]";
  }
  fraction = std::min(fraction, 1.0);
  const auto full = static_cast<size_t>(std::floor(fraction * static_cast<double>(width)));
  for (size_t i = 0; i < width; ++i) out += i < full ? "█" : "·";
  return out + fmt::format("] {:3.0f}%", std::floor(fraction * 100));
}

std::string Duration(double seconds) {
  if (seconds < 0.0995) return fmt::format("{:.1f} ms", seconds * 1000);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 119.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<uint64_t>(std::llround(seconds));
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string Grouped(uint64_t value) {
  std::string digits = fmt::format("{}", value);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

Progress::Progress(const Terminal& terminal)
    : terminal_(terminal.err), columns_(terminal.columns) {}

Progress::~Progress() { Clear(); }

void Progress::Step(std::string_view label) {
  Clear();
  label_ = label;
  last_ = {};
  if (!terminal_) fmt::print(stderr, "{}\n", label_);
}

void Progress::Update(uint64_t done, uint64_t total) {
  if (!terminal_) return;
  const auto now = Clock::now();
  if (now - last_ < kRedraw) return;
  last_ = now;
  const double fraction = total == 0 ? -1 : static_cast<double>(done) / static_cast<double>(total);
  const std::string counts =
      total == 0 ? Grouped(done) : fmt::format("{} of {}", Grouped(done), Grouped(total));
  const std::string line =
      fmt::format("{} {}  {}", Bar(fraction, tick_++, kBarWidth), counts, label_);
  fmt::print(stderr, "\r\x1b[K{}", Fit(line, columns_ - 1));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::Clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace crannog::cli
