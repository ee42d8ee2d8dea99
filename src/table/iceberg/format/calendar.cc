#include "table/iceberg/format/calendar.h"

#include <fmt/format.h>

namespace crannog::table::iceberg {
namespace {

constexpr int64_t kSecondsPerDay = 86400;

int64_t PowerOfTen(int digits) { return digits == 9 ? 1'000'000'000 : 1'000'000; }

std::unexpected<Error> Bad(std::string_view what, std::string_view text) {
  return Fail(Code::kInvalid, fmt::format("\"{}\" is no {}", text, what));
}

// Takes a number of exactly `digits` digits off the front.
bool TakeDigits(std::string_view& text, size_t digits, int64_t& number) {
  if (text.size() < digits) return false;
  number = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeDay(std::string_view& text, int64_t& days) {
  bool negative = false;
  size_t year_digits = 4;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
    const size_t dash = text.find('-');
    if (dash == std::string_view::npos || dash < 4 || dash > 7) return false;
    year_digits = dash;
  }
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  if (!TakeDigits(text, year_digits, year) || !TakeChar(text, '-') || !TakeDigits(text, 2, month) ||
      !TakeChar(text, '-') || !TakeDigits(text, 2, day)) {
    return false;
  }
  if (negative) year = -year;
  if (month < 1 || month > 12 || day < 1) return false;
  days = DaysOfCivil({year, static_cast<int>(month), static_cast<int>(day)});
  const CivilDay back = CivilOfDays(days);  // 30 February comes back as another day
  return back.month == month && back.day == day;
}

bool TakeClock(std::string_view& text, int digits, int64_t& count) {
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  if (!TakeDigits(text, 2, hour) || !TakeChar(text, ':') || !TakeDigits(text, 2, minute)) {
    return false;
  }
  if (TakeChar(text, ':') && !TakeDigits(text, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  int64_t fraction = 0;
  int64_t unit = PowerOfTen(digits);
  count = ((hour * 60 + minute) * 60 + second) * unit;
  if (!TakeChar(text, '.')) return true;
  bool any = false;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    // Digits beyond the type's precision must not be lost silently.
    if (unit == 1 && text.front() != '0') return false;
    if (unit > 1) {
      unit /= 10;
      fraction += (text.front() - '0') * unit;
    }
    text.remove_prefix(1);
    any = true;
  }
  count += fraction;
  return any;
}

bool TakeOffset(std::string_view& text, int64_t& seconds) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) {
    seconds = 0;
    return true;
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!TakeDigits(text, 2, hours)) return false;
  if (!text.empty()) {
    TakeChar(text, ':');
    if (!TakeDigits(text, 2, minutes)) return false;
  }
  if (hours > 18 || minutes > 59) return false;
  seconds = (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
  return true;
}

}  // namespace

int64_t FloorDivide(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// Eras of 400 years that begin on 1 March make leap days fall at the end (Howard Hinnant's
// "chrono-compatible low-level date algorithms").
CivilDay CivilOfDays(int64_t days) {
  days += 719468;
  const int64_t era = FloorDivide(days, 146097);
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  CivilDay civil;
  civil.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  civil.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

int64_t DaysOfCivil(const CivilDay& civil) {
  const int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const int64_t era = FloorDivide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t shifted_month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  const int64_t day_of_year = (153 * shifted_month + 2) / 5 + civil.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

std::string DateText(int64_t days) {
  const CivilDay civil = CivilOfDays(days);
  const std::string_view sign = civil.year < 0 ? "-" : (civil.year > 9999 ? "+" : "");
  return fmt::format("{}{:04}-{:02}-{:02}", sign, civil.year < 0 ? -civil.year : civil.year,
                     civil.month, civil.day);
}

std::string TimeText(int64_t count, int digits) {
  const int64_t unit = PowerOfTen(digits);
  const int64_t seconds = count / unit;
  int64_t fraction = count % unit;
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (fraction == 0) return text;
  int shown = digits;
  while (fraction % 1000 == 0) {
    fraction /= 1000;
    shown -= 3;
  }
  return text + fmt::format(".{:0{}}", fraction, shown);
}

std::string TimestampText(int64_t count, int digits) {
  const int64_t per_day = kSecondsPerDay * PowerOfTen(digits);
  const int64_t days = FloorDivide(count, per_day);
  // Not count - days * per_day: that product overflows near the least count.
  const int64_t clock = count % per_day;
  return DateText(days) + "T" + TimeText(clock < 0 ? clock + per_day : clock, digits);
}

Result<int64_t> ParseDate(std::string_view text) {
  std::string_view rest = text;
  int64_t days = 0;
  if (!TakeDay(rest, days) || !rest.empty()) return Bad("date", text);
  return days;
}

Result<int64_t> ParseTime(std::string_view text, int digits) {
  std::string_view rest = text;
  int64_t count = 0;
  if (!TakeClock(rest, digits, count) || !rest.empty()) return Bad("time", text);
  return count;
}

Result<int64_t> ParseTimestamp(std::string_view text, int digits, bool zoned) {
  const std::string_view what = zoned ? "timestamp with zone" : "timestamp without zone";
  std::string_view rest = text;
  int64_t days = 0;
  int64_t clock = 0;
  if (!TakeDay(rest, days)) return Bad(what, text);
  if (!TakeChar(rest, 'T') && !TakeChar(rest, ' ')) return Bad(what, text);
  if (!TakeClock(rest, digits, clock)) return Bad(what, text);
  int64_t offset_seconds = 0;
  if (zoned && !TakeOffset(rest, offset_seconds)) return Bad(what, text);
  if (!rest.empty()) return Bad(what, text);
  // In 128 bits: the last day before an overflow is negative before its clock time is added.
  const int64_t unit = PowerOfTen(digits);
  __extension__ typedef __int128 Wide;
  const Wide count = (static_cast<Wide>(days) * kSecondsPerDay - offset_seconds) * unit + clock;
  if (count != static_cast<int64_t>(count)) return Bad(what, text);
  return static_cast<int64_t>(count);
}

}  // namespace crannog::table::iceberg
