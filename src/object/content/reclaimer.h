// Unlinks content that no index entry and no reader needs. For object/ only.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/log.h"
#include "base/result.h"
#include "object/content/content_files.h"
#include "object/content/content_pins.h"
#include "state/store.h"

namespace crannog::object {

// Thread-safe.
class Reclaimer {
 public:
  Reclaimer(state::Store& state, ContentFiles& files, const ContentPins& pins, Logger* logger)
      : state_(&state), files_(&files), pins_(&pins), logger_(logger) {}
  ~Reclaimer();

  // From now on a thread reclaims whenever woken; it starts with what earlier processes left.
  void StartThread();
  // Something may have become reclaimable. Cheap.
  void Wake();
  // Reclaims everything that can be now; how many contents went.
  Result<size_t> RunAll();

 private:
  // At most kReclaimBatchMax contents.
  Result<size_t> RunOnce();
  void Loop(const std::stop_token& stop);

  state::Store* state_;      // not null
  ContentFiles* files_;      // not null
  const ContentPins* pins_;  // not null
  Logger* logger_;
  std::mutex pass_mutex_;  // one pass at a time
  std::mutex mutex_;       // guards awake_
  std::condition_variable_any changed_;
  bool awake_ = true;
  std::jthread thread_;
};

}  // namespace crannog::object
