// What the store knows about an object besides its bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "object/content/checksum.h"

namespace crannog::object {

// What the writer of an object says about it, given back unchanged.
struct Attributes {
  std::string content_type;
  // Cache-Control, Content-Encoding, Content-Disposition, ...: lower-case names.
  std::map<std::string, std::string> headers;
  // x-amz-meta-*, without that prefix: lower-case names.
  std::map<std::string, std::string> user_metadata;
  // Object tags.
  std::map<std::string, std::string> tags;

  friend bool operator==(const Attributes&, const Attributes&) = default;
};

struct ObjectInfo {
  std::string key;
  uint64_t size_bytes = 0;
  // Milliseconds since the epoch (UTC).
  int64_t modified_ms = 0;
  // Without quotes. 32 hex digits: the MD5 of the content. With "-N": the MD5 of the N parts' MD5s,
  // or, for content written with Etag::kOpaque, a tag no other write ever has.
  std::string etag;
  // Empty until the bucket is versioned ("null" on the wire).
  std::string version_id;
  // Zero when the object did not come from a multipart upload.
  uint32_t part_count = 0;
  std::vector<Checksum> checksums;
  Attributes attributes;
};

struct BucketInfo {
  std::string name;
  int64_t created_ms = 0;
};

// One page of a listing. `objects` and `common_prefixes` are each in byte order of UTF-8.
struct ObjectPage {
  std::vector<ObjectInfo> objects;
  std::vector<std::string> common_prefixes;
  // Set when there is more: give it to the next List. Opaque; it survives restarts.
  std::optional<std::string> continuation_token;
};

struct UploadInfo {
  std::string key;
  std::string upload_id;
  int64_t created_ms = 0;
  Attributes attributes;
  std::optional<ChecksumAlgorithm> checksum_algorithm;
  ChecksumType checksum_type = ChecksumType::kComposite;
};

struct UploadPage {
  std::vector<UploadInfo> uploads;  // by key, then upload id
  std::vector<std::string> common_prefixes;
  // Set when there is more: the next key_marker and upload_id_marker.
  std::optional<std::string> next_key_marker;
  std::string next_upload_id_marker;
};

struct PartInfo {
  uint32_t number = 0;
  uint64_t size_bytes = 0;
  int64_t modified_ms = 0;
  std::string etag;
  std::vector<Checksum> checksums;
};

struct PartPage {
  UploadInfo upload;
  std::vector<PartInfo> parts;  // by number
  // Set when there is more: the next part_number_marker.
  std::optional<uint32_t> next_part_number_marker;
};

}  // namespace crannog::object
