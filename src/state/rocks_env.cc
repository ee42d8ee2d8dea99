#include <rocksdb/system_clock.h>

#include "state/rocks_env_internal.h"
#include "state/rocks_files_internal.h"

namespace crannog::state {
namespace {

class AdaptedClock final : public rocksdb::SystemClockWrapper {
 public:
  explicit AdaptedClock(io::Clock& clock)
      : SystemClockWrapper(rocksdb::SystemClock::Default()), clock_(&clock) {}

  const char* Name() const override { return "CrannogClock"; }
  uint64_t NowMicros() override { return static_cast<uint64_t>(clock_->NowMicros()); }
  uint64_t NowNanos() override { return static_cast<uint64_t>(clock_->MonotonicMicros()) * 1000; }
  void SleepForMicroseconds(int micros) override { clock_->SleepMicros(micros); }

 private:
  io::Clock* const clock_;
};

class ClockedEnv final : public rocksdb::EnvWrapper {
 public:
  ClockedEnv(std::unique_ptr<rocksdb::Env> under, io::Clock& clock)
      : EnvWrapper(under.get()), under_(std::move(under)) {
    file_system_ = under_->GetFileSystem();
    system_clock_ = std::make_shared<AdaptedClock>(clock);
  }

 private:
  const std::unique_ptr<rocksdb::Env> under_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> MakeRocksEnv(io::FileSystem* file_system, io::Clock* clock) {
  auto env = rocksdb::NewCompositeEnv(MakeRocksFileSystem(file_system));
  if (clock == nullptr) return env;
  return std::make_unique<ClockedEnv>(std::move(env), *clock);
}

}  // namespace crannog::state
