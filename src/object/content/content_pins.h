// Which contents readers hold. For object/ only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "object/content/content_ref.h"

namespace crannog::object {

class ContentPins;

// Keeps a content's files in place until dropped.
class ContentPin {
 public:
  ~ContentPin();
  ContentPin(const ContentPin&) = delete;
  ContentPin& operator=(const ContentPin&) = delete;

 private:
  friend class ContentPins;
  ContentPin(ContentPins& pins, ContentId id) : pins_(&pins), id_(id) {}
  ContentPins* pins_;  // not null
  ContentId id_;
};

// Thread-safe. A pin protects only if the content was still in the index after the pin was taken:
// take it, then look the object up again (object_opener.cc).
class ContentPins {
 public:
  // `on_last_unpin` runs when a content loses its last reader, in the thread that dropped it.
  explicit ContentPins(std::function<void()> on_last_unpin)
      : on_last_unpin_(std::move(on_last_unpin)) {}

  std::unique_ptr<ContentPin> Pin(ContentId id) {
    const std::lock_guard lock(mutex_);
    ++counts_[id];
    return std::unique_ptr<ContentPin>(new ContentPin(*this, id));
  }
  bool IsPinned(ContentId id) const {
    const std::lock_guard lock(mutex_);
    return counts_.contains(id);
  }

 private:
  friend class ContentPin;
  void Unpin(ContentId id) {
    {
      const std::lock_guard lock(mutex_);
      const auto it = counts_.find(id);
      if (--it->second != 0) return;
      counts_.erase(it);
    }
    on_last_unpin_();
  }

  std::function<void()> on_last_unpin_;
  mutable std::mutex mutex_;  // guards counts_
  std::unordered_map<ContentId, uint32_t> counts_;
};

inline ContentPin::~ContentPin() { pins_->Unpin(id_); }

}  // namespace crannog::object
