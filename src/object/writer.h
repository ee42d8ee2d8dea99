// An object, or a part of a multipart upload, being written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "object/content/checksum.h"
#include "object/content/object_info.h"

namespace crannog::object {

// Not thread-safe; different writers may run in different threads. Holds at most the inline limit
// and one write buffer in memory, whatever the size. Dropped before Finish, nothing becomes
// visible and its temporary file goes away. Must not outlive its Store.
class Writer {
 public:
  virtual ~Writer() = default;

  //   kExhausted  the disk is full
  //   kTooLarge   beyond what S3 allows
  // After an error every further call fails with it.
  virtual Status Append(std::string_view bytes) = 0;

  // Declares what the content's checksum has to be; allowed until Finish, so trailers are too. The
  // algorithm must have been named when the writer was made (MD5 always is, unless the ETag is
  // opaque), since it is computed on the way.
  //   kInvalid  the algorithm is not being computed, or the value's length is not the algorithm's
  virtual Status Expect(ChecksumAlgorithm algorithm, std::string_view value) = 0;
  // The content must have exactly this size.
  virtual Status ExpectSize(uint64_t size_bytes) = 0;

  virtual uint64_t size_bytes() const = 0;

  // Publishes the content, or the part, atomically, and says under what ETag. For a part the key
  // of the ObjectInfo is the object's.
  //   kCorrupt       a declared checksum or size does not hold (S3: BadDigest, IncompleteBody)
  //   kPrecondition  the write's condition does not hold
  //   kNotFound      the bucket or the upload is gone, or `if_match` found no object
  //   kExhausted     the disk is full
  //   kUnknown       the state store failed while syncing: reread before a retry
  // In every case but kUnknown nothing changed.
  virtual Result<ObjectInfo> Finish() = 0;
};

}  // namespace crannog::object
