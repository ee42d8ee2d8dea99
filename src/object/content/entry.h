// The values of the store's rows and their bytes (docs/formats/objects.md). For object/ only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/content/content_ref.h"
#include "object/content/object_info.h"

namespace crannog::object {

// The format of everything below; a store written with a higher one is refused.
inline constexpr uint64_t kFormatVersion = 1;

// Of kObjects. `info.key` is in the row's key and not in its value.
struct ObjectEntry {
  ObjectInfo info;
  ContentRef content;
  std::string upload_id;  // the multipart upload that made it; empty otherwise
};

struct BucketRecord {
  uint64_t id = 0;  // never reused, so that a deleted bucket's leftovers cannot reappear
  int64_t created_ms = 0;
};

// Of kUploads. `info.key` and `info.upload_id` are in the row's key.
struct UploadRecord {
  UploadInfo info;
};

struct PartRecord {
  PartInfo info;
  ContentRef content;
};

// Of kReclaim: the files to unlink.
struct ReclaimRecord {
  std::vector<ContentId> files;
};

// Which ids may have files whose publication is unknown: [block_begin, block_end) and `open`.
struct IdReservation {
  uint64_t block_begin = 1;
  uint64_t block_end = 1;
  std::vector<uint64_t> open;
};

std::string Encode(const ObjectEntry& entry);
std::string Encode(const BucketRecord& record);
std::string Encode(const UploadRecord& record);
std::string Encode(const PartRecord& record);
std::string Encode(const Manifest& manifest);
std::string Encode(const ReclaimRecord& record);
std::string Encode(const IdReservation& reservation);

// Each: kCorrupt for bytes that Encode never writes.
Result<ObjectEntry> DecodeObjectEntry(std::string_view bytes);
Result<BucketRecord> DecodeBucketRecord(std::string_view bytes);
Result<UploadRecord> DecodeUploadRecord(std::string_view bytes);
Result<PartRecord> DecodePartRecord(std::string_view bytes);
Result<Manifest> DecodeManifest(std::string_view bytes);
Result<ReclaimRecord> DecodeReclaimRecord(std::string_view bytes);
Result<IdReservation> DecodeIdReservation(std::string_view bytes);

}  // namespace crannog::object
