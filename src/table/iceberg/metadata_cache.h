// Decoded table metadata by the location of its file, so that nothing is parsed twice. Metadata
// files never change, so an entry is never stale.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "object/files.h"
#include "table/iceberg/metadata_builder.h"
#include "table/iceberg/metadata_text.h"

namespace crannog::table::iceberg {

// Thread-safe. Keeps what was used last, within an estimate of `bytes_max`.
class MetadataCache {
 public:
  explicit MetadataCache(uint64_t bytes_max = uint64_t{256} << 20) : bytes_max_(bytes_max) {}

  // From memory, or read and kept.
  //   kNotFound  no such file      kCorrupt  names the file      kUnsupported  a newer format
  Result<TableMetadataPtr> Load(object::Files& files, std::string_view location);
  void Put(std::string_view location, TableMetadataPtr table);
  uint64_t bytes() const;
  // For writing new versions of what is cached.
  MetadataText& text() { return text_; }

 private:
  struct Entry {
    std::string location;
    TableMetadataPtr table;
    uint64_t bytes;
  };
  MetadataText text_;
  const uint64_t bytes_max_;
  mutable std::mutex mutex_;  // guards what follows
  std::list<Entry> entries_;  // last used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_location_;
  uint64_t bytes_ = 0;
};

}  // namespace crannog::table::iceberg
