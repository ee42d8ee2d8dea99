// Instants as ISO-8601 text in UTC: "2026-01-14T09:30:00.123Z".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog {

// Since the epoch; years 0000 to 9999, others are clamped to that range.
std::string FormatIsoMillis(int64_t time_ms);
std::string FormatIsoMicros(int64_t time_us);

// Microseconds since the epoch. Takes a date alone (midnight UTC), 'T' or a blank before the time,
// seconds and a fraction optional (digits past the sixth are cut off), and "Z", "+hh:mm", "-hhmm"
// or no zone, which is read as UTC. kInvalid otherwise, and for days that do not exist.
Result<int64_t> ParseIsoMicros(std::string_view text);

}  // namespace crannog
