// How far long work is: a bar on a terminal, plain lines elsewhere. All of it goes to stderr.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/output/terminal.h"

namespace crannog::cli {

// "[██████····] 62%" for `fraction` in 0..1; a running light that moves with `tick` when negative.
std::string Bar(double fraction, uint64_t tick, size_t width);

// "850 ms", "12.3 s", "3 min 20 s".
std::string Duration(double seconds);
// "1,234,567".
std::string Grouped(uint64_t value);

// The progress of one command. Not thread-safe.
class Progress {
 public:
  explicit Progress(const Terminal& terminal);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // A new part of the work begins: a line of its own elsewhere, the bar's label on a terminal.
  void Step(std::string_view label);
  // At most ten redraws a second, so call it as often as is handy. `total` 0: not known.
  void Update(uint64_t done, uint64_t total);
  // Takes the bar off the screen: before anything else is printed.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool drawn_ = false;
  size_t columns_;
  uint64_t tick_ = 0;
  std::string label_;
  Clock::time_point last_;
};

}  // namespace crannog::cli
