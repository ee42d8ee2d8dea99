// Whole immutable files by location ("s3://bucket/key" or "file:///path"): what tables are made of.
//
// This is the narrow face that table formats and the SQL engine need; object/store.h has the rest
// (buckets, versions, conditions, multipart). The embedded store, a plain directory and a remote
// S3 endpoint all stand behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::object {

// An open file. Thread-safe; the content stays readable while the reader lives, even if the file
// is deleted meanwhile.
class FileReader {
 public:
  virtual ~FileReader() = default;
  virtual uint64_t size_bytes() const = 0;
  // Milliseconds since the epoch (UTC).
  virtual int64_t modified_ms() const = 0;
  // Entity tag without quotes; equal tags of one location mean equal bytes.
  virtual const std::string& etag() const = 0;
  // Fills `to` from `offset_bytes` and returns how many bytes there were: fewer than asked only at
  // the end of the file. kIo, kCorrupt.
  virtual Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const = 0;
};

// A file being written. Not thread-safe. Dropped before Finish(), nothing becomes visible.
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  virtual Status Append(std::string_view bytes) = 0;
  virtual uint64_t size_bytes() const = 0;
  // Makes the file visible under its location, durably as WriteOptions says.
  //   kExists  `if_absent` was asked and the location is taken; nothing changed
  virtual Status Finish() = 0;
};

enum class Durability : uint8_t {
  kNow,             // synced when the call returns
  kWithNextCommit,  // synced by the next synced commit to the same state store, never reordered
                    // after it: for metadata that only a later commit makes reachable
};

struct WriteOptions {
  bool if_absent = false;
  Durability durability = Durability::kNow;
};

struct FileEntry {
  std::string location;
  uint64_t size_bytes = 0;
  int64_t modified_ms = 0;
};

// Thread-safe.
class Files {
 public:
  virtual ~Files() = default;
  //   kNotFound  no such file
  virtual Result<std::unique_ptr<FileReader>> Open(std::string_view location) = 0;
  virtual Result<std::unique_ptr<FileWriter>> Create(std::string_view location,
                                                     const WriteOptions& options) = 0;
  //   kNotFound  no such file
  virtual Status Delete(std::string_view location) = 0;
  // Files whose location starts with `prefix`, in order, at most `count_max`, after `start_after`.
  virtual Result<std::vector<FileEntry>> List(std::string_view prefix, std::string_view start_after,
                                              size_t count_max) = 0;
  // Whether `location` belongs to this store at all (its scheme, and for a directory its root).
  virtual bool Owns(std::string_view location) const = 0;
};

// The whole file. kTooLarge beyond `size_bytes_max`.
Result<std::string> ReadAll(Files& files, std::string_view location, uint64_t size_bytes_max);
// Creates, appends and finishes in one call.
Status WriteAll(Files& files, std::string_view location, std::string_view bytes,
                const WriteOptions& options);

}  // namespace crannog::object
