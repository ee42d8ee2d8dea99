// Days and clock times as numbers and as ISO-8601 text, for values of date, time and timestamps.
// Proleptic Gregorian calendar; years beyond 9999 and before 0 carry a sign.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog::table::iceberg {

struct CivilDay {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
};

CivilDay CivilOfDays(int64_t days);
int64_t DaysOfCivil(const CivilDay& civil);

int64_t FloorDivide(int64_t a, int64_t b);  // b > 0

std::string DateText(int64_t days);  // "2026-01-14"
// "22:31:08", with a fraction when there is one: `digits` of them (6 or 9), trailing groups of
// three zeros left out, as the reference prints.
std::string TimeText(int64_t count, int digits);
// "2026-01-14T10:00:00.000001", without zone.
std::string TimestampText(int64_t count, int digits);

// kInvalid unless the whole text is such a thing. Seconds may be left out.
Result<int64_t> ParseDate(std::string_view text);
Result<int64_t> ParseTime(std::string_view text, int digits);
// `zoned` demands an offset ("Z", "+01:00") and applies it; without it an offset is refused. 'T'
// or a blank stands between day and time.
Result<int64_t> ParseTimestamp(std::string_view text, int digits, bool zoned);

}  // namespace crannog::table::iceberg
