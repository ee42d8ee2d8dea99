#include "io/clock.h"

#include <chrono>
#include <thread>

namespace crannog::io {
namespace {

template <typename ClockType>
int64_t MicrosOf() {
  const auto since = ClockType::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace

int64_t SystemClock::NowMicros() { return MicrosOf<std::chrono::system_clock>(); }
int64_t SystemClock::MonotonicMicros() { return MicrosOf<std::chrono::steady_clock>(); }
void SystemClock::SleepMicros(int64_t duration_us) {
  std::this_thread::sleep_for(std::chrono::microseconds(duration_us));
}

}  // namespace crannog::io
