// The embedded object store: S3's semantics as a C++ face, over state/ and one folder of files.
//
// Content up to `inline_size_bytes_max` lies in the state store, larger content in one immutable
// file each under `directory`; docs/formats/objects.md has the layout. What S3 does on the wire
// (headers, XML, signatures, 304) is wire/s3's matter; every atomic decision is made here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "object/content/limits.h"
#include "object/content/object_info.h"
#include "object/files.h"
#include "object/reader.h"
#include "object/writer.h"

namespace crannog::io {
class Clock;
class FileSystem;
}  // namespace crannog::io

namespace crannog::state {
class Store;
}

namespace crannog::object {

class StoreCore;

struct StoreOptions {
  std::string directory;  // lake/objects; created when absent
  size_t inline_size_bytes_max = 64 * 1024;
  // S3's rule for every part but the last; tests lower it.
  uint64_t part_size_bytes_min = 5 * 1024 * 1024;
  // A thread unlinks what no reader needs any more; without it ReclaimNow() does.
  bool reclaim_in_background = true;
  Logger* logger = nullptr;  // told what the background could not do; null is silent
};

enum class Etag : uint8_t {
  kMd5,  // as S3 defines it; costs one core at about 600 MB/s
  // A tag unique to this write, shaped "<32 hex>-1" so that no client takes it for an MD5. For
  // writers whose own format carries checksums, and for bulk loading.
  kOpaque,
};

// Conditions are decided when the write is published, in one atomic step with it.
struct WriteConditions {
  bool if_absent = false;               // If-None-Match: *
  std::optional<std::string> if_match;  // an ETag without quotes, or "*" for any object
};

struct PutOptions {
  Attributes attributes;
  WriteConditions conditions;
  Durability durability = Durability::kNow;
  Etag etag = Etag::kMd5;
  // Computed while writing and kept with the object.
  std::vector<ChecksumAlgorithm> checksums;
};

struct PartOptions {
  Etag etag = Etag::kMd5;
  std::vector<ChecksumAlgorithm> checksums;  // besides the upload's own
};

struct DeleteOptions {
  std::optional<std::string> if_match;
  Durability durability = Durability::kNow;
};

struct CopyOptions {
  std::optional<Attributes> attributes;  // instead of the source's
  std::optional<std::string> source_if_match;
  std::optional<std::string> source_if_none_match;
  WriteConditions conditions;  // on the target
  Durability durability = Durability::kNow;
};

struct ListOptions {
  std::string prefix;
  std::string delimiter;    // empty: none
  std::string start_after;  // keys after this one; ignored with a continuation token
  std::optional<std::string> continuation_token;
  size_t count_max = kListKeysMax;  // objects and common prefixes together; at most kListKeysMax
};

struct UploadOptions {
  Attributes attributes;
  std::optional<ChecksumAlgorithm> checksum_algorithm;
  // kFullObject for CRCs, kComposite for all but CRC64NVME.
  ChecksumType checksum_type = ChecksumType::kComposite;
};

struct CompletedPart {
  uint32_t number = 0;
  std::string etag;                     // without quotes
  std::optional<std::string> checksum;  // the raw value, of the upload's algorithm
};

struct CompleteOptions {
  WriteConditions conditions;
  Durability durability = Durability::kNow;
  std::optional<std::string> checksum;  // declared, of the whole: the raw value
  std::optional<uint64_t> size_bytes;   // declared
};

struct ListUploadsOptions {
  std::string prefix;
  std::string delimiter;
  std::string key_marker;
  std::string upload_id_marker;
  size_t count_max = kListKeysMax;
};

// Names an object: both views need to live only as long as the call.
struct ObjectName {
  std::string_view bucket;
  std::string_view key;
};

// Thread-safe. Everything acknowledged is durable when the call returns, unless its options say
// kWithNextCommit. Errors common to all calls: kInvalid for names S3 would refuse (or a key with a
// NUL byte), kNotFound for a bucket that does not exist, kCorrupt for stored bytes that are not as
// this store writes them, kIo, kExhausted for a full disk, kUnknown from the state store.
class Store {
 public:
  // Opens over `state`, whose tables kBuckets, kObjects, kContent, kUploads and kReclaim belong to
  // the store alone. Sweeps what a crash left behind: temporary files, content that was never
  // published, content that was deleted. `files`, `clock` and `state` must outlive the store, and
  // the store every Reader and Writer it gave out.
  //   kCorrupt  a format newer than this program
  static Result<std::unique_ptr<Store>> Open(io::FileSystem& files, io::Clock& clock,
                                             state::Store& state, StoreOptions options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // --- Buckets ---
  //   kExists  there is one of that name
  //   kExhausted  kBucketsMax are there
  Status CreateBucket(std::string_view bucket);
  Result<BucketInfo> HeadBucket(std::string_view bucket);
  // Its unfinished uploads are aborted.
  //   kConflict  it holds objects
  Status DeleteBucket(std::string_view bucket);
  std::vector<BucketInfo> ListBuckets();

  // --- Objects ---
  // For content that arrives in pieces. The object appears when the writer is finished.
  Result<std::unique_ptr<Writer>> Put(const ObjectName& name, PutOptions options);
  // In one call; errors as Writer::Finish.
  Result<ObjectInfo> PutBytes(const ObjectName& name, std::string_view bytes, PutOptions options);
  //   kNotFound  no such object
  Result<std::unique_ptr<Reader>> Get(const ObjectName& name);
  Result<ObjectInfo> Head(const ObjectName& name);
  // Whether there was something to delete: S3 deletes what is absent without complaint.
  //   kPrecondition  `if_match` does not hold;  kNotFound  `if_match` and no object
  Result<bool> Delete(const ObjectName& name, const DeleteOptions& options);
  // Shares the content: no bytes are copied, whatever the size. Source and target may be the same
  // object (to change its attributes).
  //   kNotFound, kPrecondition  as the conditions of source and target say
  Result<ObjectInfo> Copy(const ObjectName& source, const ObjectName& target,
                          const CopyOptions& options);
  // In byte order. The page sees every object that was there throughout the call.
  //   kInvalid  a continuation token this store did not give
  Result<ObjectPage> List(std::string_view bucket, const ListOptions& options);

  // --- Multipart uploads ---
  // The upload id.
  Result<std::string> CreateUpload(const ObjectName& name, const UploadOptions& options);
  // Parts may be written in any order, at once, and again. Numbers 1 to kPartsMax.
  //   kNotFound  no such upload
  Result<std::unique_ptr<Writer>> UploadPart(const ObjectName& name, std::string_view upload_id,
                                             uint32_t number, const PartOptions& options);
  Result<PartPage> ListParts(const ObjectName& name, std::string_view upload_id,
                             uint32_t number_marker, size_t count_max);
  // The parts' files become the object's content as they are. A repeated call with the same upload
  // id succeeds while the object it made is still the current one.
  //   kInvalid   no parts, not in ascending order, a part that is not there or has another ETag
  //              (S3: InvalidPart, InvalidPartOrder)
  //   kTooLarge  a part but the last is below part_size_bytes_min (S3: EntityTooSmall)
  //   kNotFound  no such upload;  kPrecondition, kCorrupt  as Writer::Finish
  Result<ObjectInfo> CompleteUpload(const ObjectName& name, std::string_view upload_id,
                                    std::span<const CompletedPart> parts,
                                    const CompleteOptions& options);
  //   kNotFound  no such upload
  Status AbortUpload(const ObjectName& name, std::string_view upload_id);
  Result<UploadPage> ListUploads(std::string_view bucket, const ListUploadsOptions& options);

  // Unlinks deleted content that no reader holds; how many contents went. Needed only when
  // `reclaim_in_background` is off.
  Result<size_t> ReclaimNow();

  const StoreOptions& options() const;

  // What verification and export walk; of this folder only.
  StoreCore& core() { return *core_; }

 private:
  explicit Store(std::unique_ptr<StoreCore> core);
  std::unique_ptr<StoreCore> core_;
};

}  // namespace crannog::object
