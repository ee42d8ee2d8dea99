// The Files face over the embedded store: "s3://bucket/key", and the same under "s3a://" and
// "s3n://", which Spark and Hadoop write into metadata.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "object/files.h"
#include "object/store.h"

namespace crannog::object {

// Thread-safe. Files written here carry an opaque ETag and a CRC32C instead of an MD5: MD5 runs at
// 600 MB/s and would be the slowest step of a bulk load, CRC32C runs at memory speed, and S3
// promises an MD5 for no object in particular. The store must outlive the face.
class LocalFiles final : public Files {
 public:
  explicit LocalFiles(Store& store) : store_(&store) {}

  // Adds nothing to FileReader but speed: bulk reads are preads on the content file. A caller that
  // wants path and offset casts to object::Reader.
  Result<std::unique_ptr<FileReader>> Open(std::string_view location) override;
  //   kNotFound  no such bucket
  Result<std::unique_ptr<FileWriter>> Create(std::string_view location,
                                             const WriteOptions& options) override;
  Status Delete(std::string_view location) override;
  // `prefix` names at least a bucket. Entries keep the scheme that was asked with.
  Result<std::vector<FileEntry>> List(std::string_view prefix, std::string_view start_after,
                                      size_t count_max) override;
  bool Owns(std::string_view location) const override;

 private:
  Store* store_;  // not null
};

}  // namespace crannog::object
