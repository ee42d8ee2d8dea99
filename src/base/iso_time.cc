#include "base/iso_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace crannog {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
constexpr int64_t kDayMin = -719'528;   // 0000-01-01
constexpr int64_t kDayMax = 2'932'896;  // 9999-12-31

std::string Format(int64_t time_us, int fraction_digits) {
  time_us = std::clamp(time_us, kDayMin * kMicrosPerDay, (kDayMax + 1) * kMicrosPerDay - 1);
  int64_t day = time_us / kMicrosPerDay;
  int64_t rest_us = time_us % kMicrosPerDay;
  if (rest_us < 0) {
    rest_us += kMicrosPerDay;
    --day;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  const int64_t second = rest_us / kMicrosPerSecond;
  int64_t fraction = rest_us % kMicrosPerSecond;
  if (fraction_digits == 3) fraction /= 1000;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:0{}}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     second / 3600, second / 60 % 60, second % 60, fraction, fraction_digits);
}

// Reads the text from left to right; once something is wrong, everything after it is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool TakeAny(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  int TakeDigit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return -1;
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }
  int TakeNumber(int digits, int max) {
    int number = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = TakeDigit();
      if (digit < 0) ok_ = false;
      number = number * 10 + std::max(digit, 0);
    }
    if (number > max) ok_ = false;
    return number;
  }
  void Require(bool condition) { ok_ = ok_ && condition; }
  bool done() const { return rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

int64_t TakeDate(Scanner& scanner) {
  const int year = scanner.TakeNumber(4, 9999);
  scanner.Require(scanner.TakeAny("-"));
  const int month = scanner.TakeNumber(2, 12);
  scanner.Require(scanner.TakeAny("-"));
  const int day = scanner.TakeNumber(2, 31);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  scanner.Require(date.ok());
  return date.ok() ? std::chrono::sys_days(date).time_since_epoch().count() * kMicrosPerDay : 0;
}

int64_t TakeFraction(Scanner& scanner) {
  int64_t fraction_us = 0;
  int64_t unit_us = kMicrosPerSecond / 10;
  int digit = scanner.TakeDigit();
  scanner.Require(digit >= 0);
  for (; digit >= 0; digit = scanner.TakeDigit(), unit_us /= 10) fraction_us += digit * unit_us;
  return fraction_us;
}

int64_t TakeTimeOfDay(Scanner& scanner) {
  const int64_t hour = scanner.TakeNumber(2, 23);
  scanner.Require(scanner.TakeAny(":"));
  const int64_t minute = scanner.TakeNumber(2, 59);
  int64_t time_us = (hour * 60 + minute) * 60 * kMicrosPerSecond;
  if (!scanner.TakeAny(":")) return time_us;
  time_us += scanner.TakeNumber(2, 59) * kMicrosPerSecond;
  if (scanner.TakeAny(".,")) time_us += TakeFraction(scanner);
  return time_us;
}

// Microseconds that local time is ahead of UTC.
int64_t TakeZone(Scanner& scanner) {
  if (scanner.done() || scanner.TakeAny("Zz")) return 0;
  const bool ahead = scanner.TakeAny("+");
  if (!ahead) scanner.Require(scanner.TakeAny("-"));
  const int64_t hours = scanner.TakeNumber(2, 23);
  scanner.TakeAny(":");
  const int64_t minutes = scanner.done() ? 0 : scanner.TakeNumber(2, 59);
  const int64_t offset_us = (hours * 60 + minutes) * 60 * kMicrosPerSecond;
  return ahead ? offset_us : -offset_us;
}

}  // namespace

std::string FormatIsoMillis(int64_t time_ms) {
  // Clamped before it is widened, so that no product overflows.
  constexpr int64_t kLimitMs = (kDayMax + 1) * (kMicrosPerDay / 1000);
  return Format(std::clamp(time_ms, -kLimitMs, kLimitMs) * 1000, 3);
}

std::string FormatIsoMicros(int64_t time_us) { return Format(time_us, 6); }

Result<int64_t> ParseIsoMicros(std::string_view text) {
  Scanner scanner(text);
  int64_t time_us = TakeDate(scanner);
  if (!scanner.done()) {
    scanner.Require(scanner.TakeAny("Tt "));
    time_us += TakeTimeOfDay(scanner);
    time_us -= TakeZone(scanner);
  }
  if (!scanner.ok() || !scanner.done()) {
    return Fail(Code::kInvalid,
                "not an ISO-8601 instant: \"" + std::string(text.substr(0, 64)) + "\"");
  }
  return time_us;
}

}  // namespace crannog
