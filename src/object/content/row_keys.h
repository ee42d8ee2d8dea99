// The keys of the store's rows (docs/formats/objects.md). For object/ only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "object/content/content_ref.h"

namespace crannog::object {

// kBuckets: the bucket's name; two rows of the store itself sort before every name.
inline constexpr std::string_view kFormatRow{"\0format", 7};
inline constexpr std::string_view kIdsRow{"\0ids", 4};
inline constexpr std::string_view kBucketNamesBegin{"\x01", 1};

// kObjects: bucket id, key, NUL, and for a version that is not the current one its id. Keys have no
// NUL, so rows sort as keys do.
std::string ObjectRowPrefix(uint64_t bucket_id, std::string_view key_prefix);
std::string ObjectRow(uint64_t bucket_id, std::string_view key);
struct ObjectRowName {
  uint64_t bucket_id = 0;
  std::string_view key;
  std::string_view version;  // empty: the current one
};
//   kCorrupt
Result<ObjectRowName> ParseObjectRow(std::string_view row);

// kContent: content id and what the row is.
enum class ContentRowKind : char { kFile = 'f', kInline = 'i', kManifest = 'm', kReferences = 'r' };
std::string ContentRow(ContentId id, ContentRowKind kind);
struct ContentRowName {
  ContentId id{};
  ContentRowKind kind = ContentRowKind::kFile;
};
Result<ContentRowName> ParseContentRow(std::string_view row);

// kReclaim: content id.
std::string ReclaimRow(ContentId id);
Result<ContentId> ParseReclaimRow(std::string_view row);

// kUploads: 'u', bucket id, key, NUL, upload id; and 'p', upload id, part number.
std::string UploadRowPrefix(uint64_t bucket_id, std::string_view key_prefix);
std::string UploadRow(uint64_t bucket_id, std::string_view key, std::string_view upload_id);
struct UploadRowName {
  uint64_t bucket_id = 0;
  std::string_view key;
  std::string_view upload_id;
};
Result<UploadRowName> ParseUploadRow(std::string_view row);
std::string PartRowPrefix(std::string_view upload_id);
std::string PartRow(std::string_view upload_id, uint32_t number);
struct PartRowName {
  std::string_view upload_id;
  uint32_t number = 0;
};
Result<PartRowName> ParsePartRow(std::string_view row);

// Upload ids are 16 hex digits, from the same counter as content ids.
inline constexpr size_t kUploadIdSize = 16;
std::string IdToHex(uint64_t id);
std::optional<uint64_t> IdFromHex(std::string_view hex);

}  // namespace crannog::object
