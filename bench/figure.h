// What a benchmark prints: one figure a line, for people or as JSON (bench/README.md).
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace crannog::bench {

struct Target {
  enum class Of : uint8_t { kValue, kRatio };
  double bound;
  bool at_most = true;  // false: at least
  Of of = Of::kValue;

  static Target AtMost(double bound) { return {bound, true, Of::kValue}; }
  static Target AtLeast(double bound) { return {bound, false, Of::kValue}; }
  static Target RatioAtMost(double bound) { return {bound, true, Of::kRatio}; }
};

struct Figure {
  std::string bench;
  std::string metric;
  double value = 0;
  std::string unit;
  std::string peer = {};  // "": there is none
  double peer_value = 0;  // in the same unit
  double ratio = 0;       // ours over the peer's
  double spread = 0;      // of the ratio, or of the value: (most - least) / median over the rounds
  std::optional<Target> target = std::nullopt;

  bool met() const {
    if (!target) return true;
    const double measured = target->of == Target::Of::kRatio ? ratio : value;
    return target->at_most ? measured <= target->bound : measured >= target->bound;
  }
};

inline std::string ToJson(const Figure& figure) {
  const bool alone = figure.peer.empty();
  const auto number = [](double value) { return fmt::format("{:.4f}", value); };
  return fmt::format(
      R"({{"bench":"{}","metric":"{}","value":{},"unit":"{}","peer":{},"peer_value":{},)"
      R"("ratio":{},"spread":{},"target":{},"met":{}}})",
      figure.bench, figure.metric, number(figure.value), figure.unit,
      alone ? "null" : "\"" + figure.peer + "\"", alone ? "null" : number(figure.peer_value),
      alone ? "null" : number(figure.ratio), number(figure.spread),
      figure.target ? fmt::format("{}", figure.target->bound) : "null",
      figure.target ? (figure.met() ? "true" : "false") : "null");
}

inline std::string ToLine(const Figure& figure) {
  std::string line =
      fmt::format("{:<34} {:>11.3f} {:<5}", figure.metric, figure.value, figure.unit);
  if (!figure.peer.empty())
    line += fmt::format(" {:>7.3f} x {} ({:.3f})", figure.ratio, figure.peer, figure.peer_value);
  line += fmt::format(", spread {:.1f}%", figure.spread * 100);
  if (figure.target)
    line += fmt::format(", target {}{} {}",
                        figure.target->at_most ? "<= " : ">= ", figure.target->bound,
                        figure.met() ? "met" : "MISSED");
  return line;
}

inline void Print(const Figure& figure, bool json) {
  fmt::print("{}\n", json ? ToJson(figure) : ToLine(figure));
  std::fflush(stdout);
}

inline double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// `values` is not empty.
inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

inline double Spread(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return (*most - *least) / Median(values);
}

// A benchmark that cannot go on ends: half a measurement is none.
[[noreturn]] inline void Stop(const Error& error) {
  fmt::print(stderr, "bench: {}\n", error.ToString());
  std::exit(1);
}

inline void Must(const Status& status) {
  if (!status) Stop(status.error());
}

template <typename T>
T Must(Result<T> result) {
  if (!result) Stop(result.error());
  return std::move(*result);
}

}  // namespace crannog::bench
