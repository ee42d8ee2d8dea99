// Time as a seam: the real clock, and one that tests move by hand.
#pragma once

#include <atomic>
#include <cstdint>

namespace crannog::io {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since the epoch (UTC). May jump when the machine's clock is set.
  virtual int64_t NowMicros() = 0;
  // Microseconds since some fixed instant; never goes back. For durations and timeouts.
  virtual int64_t MonotonicMicros() = 0;
  // Returns after `duration_us` of this clock's time.
  virtual void SleepMicros(int64_t duration_us) = 0;

  int64_t NowMillis() { return NowMicros() / 1000; }
};

class SystemClock final : public Clock {
 public:
  int64_t NowMicros() override;
  int64_t MonotonicMicros() override;
  void SleepMicros(int64_t duration_us) override;
};

// Stands still until moved; sleeping moves it, so nothing ever waits.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t now_us = 1'768'383'000'000'000) : now_us_(now_us) {}
  int64_t NowMicros() override { return now_us_.load(); }
  int64_t MonotonicMicros() override { return now_us_.load(); }
  void SleepMicros(int64_t duration_us) override { Advance(duration_us); }
  void Advance(int64_t duration_us) { now_us_.fetch_add(duration_us); }

 private:
  std::atomic<int64_t> now_us_;
};

}  // namespace crannog::io
