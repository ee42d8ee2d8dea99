// Files in memory, for tests and benchmarks of what stands on the Files face.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "object/files.h"

namespace crannog::table::iceberg {

// Thread-safe.
class MemoryFiles final : public object::Files {
 public:
  Result<std::unique_ptr<object::FileReader>> Open(std::string_view location) override {
    const std::lock_guard lock(mutex_);
    const auto it = files_.find(location);
    if (it == files_.end()) return Fail(Code::kNotFound, "no file " + std::string(location));
    return std::make_unique<Reader>(it->second);
  }
  Result<std::unique_ptr<object::FileWriter>> Create(std::string_view location,
                                                     const object::WriteOptions& options) override {
    return std::make_unique<Writer>(*this, std::string(location), options.if_absent);
  }
  Status Delete(std::string_view location) override {
    const std::lock_guard lock(mutex_);
    const auto it = files_.find(location);
    if (it == files_.end()) return Fail(Code::kNotFound, "no file " + std::string(location));
    files_.erase(it);
    return {};
  }
  Result<std::vector<object::FileEntry>> List(std::string_view prefix, std::string_view start_after,
                                              size_t count_max) override {
    const std::lock_guard lock(mutex_);
    std::vector<object::FileEntry> entries;
    for (auto it = files_.lower_bound(prefix); it != files_.end(); ++it) {
      if (!it->first.starts_with(prefix) || entries.size() == count_max) break;
      if (it->first > start_after) entries.push_back({it->first, it->second->size(), 0});
    }
    return entries;
  }
  bool Owns(std::string_view) const override { return true; }

  // Replaces or makes a file, at once.
  void Put(std::string_view location, std::string bytes) {
    const std::lock_guard lock(mutex_);
    files_[std::string(location)] = std::make_shared<const std::string>(std::move(bytes));
  }
  std::string Get(std::string_view location) {
    const std::lock_guard lock(mutex_);
    const auto it = files_.find(location);
    return it == files_.end() ? std::string() : *it->second;
  }
  size_t count() {
    const std::lock_guard lock(mutex_);
    return files_.size();
  }

 private:
  using Content = std::shared_ptr<const std::string>;

  class Reader final : public object::FileReader {
   public:
    explicit Reader(Content content) : content_(std::move(content)) {}
    uint64_t size_bytes() const override { return content_->size(); }
    int64_t modified_ms() const override { return 0; }
    const std::string& etag() const override { return etag_; }
    Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const override {
      if (offset_bytes >= content_->size()) return 0;
      const size_t count = std::min(to.size(), content_->size() - offset_bytes);
      std::memcpy(to.data(), content_->data() + offset_bytes, count);
      return count;
    }

   private:
    Content content_;
    std::string etag_;
  };

  class Writer final : public object::FileWriter {
   public:
    Writer(MemoryFiles& files, std::string location, bool if_absent)
        : files_(files), location_(std::move(location)), if_absent_(if_absent) {}
    Status Append(std::string_view bytes) override {
      bytes_ += bytes;
      return {};
    }
    uint64_t size_bytes() const override { return bytes_.size(); }
    Status Finish() override {
      const std::lock_guard lock(files_.mutex_);
      if (if_absent_ && files_.files_.contains(location_)) {
        return Fail(Code::kExists, "file " + location_ + " exists");
      }
      files_.files_[location_] = std::make_shared<const std::string>(std::move(bytes_));
      return {};
    }

   private:
    MemoryFiles& files_;
    std::string location_;
    bool if_absent_;
    std::string bytes_;
  };

  std::mutex mutex_;  // guards files_
  std::map<std::string, Content, std::less<>> files_;
};

}  // namespace crannog::table::iceberg
