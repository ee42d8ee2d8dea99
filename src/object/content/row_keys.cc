#include "object/content/row_keys.h"

#include <charconv>

#include "base/byte_order.h"
#include "base/hex.h"

namespace crannog::object {

namespace {

constexpr size_t kIdSize = 8;
constexpr char kUploadTag = 'u';
constexpr char kPartTag = 'p';

std::unexpected<Error> Malformed(std::string_view what, std::string_view row) {
  return Fail(Code::kCorrupt,
              "decode " + std::string(what) + " key: malformed: " + HexEncode(row.substr(0, 64)));
}

}  // namespace

std::string ObjectRowPrefix(uint64_t bucket_id, std::string_view key_prefix) {
  std::string row;
  row.reserve(kIdSize + key_prefix.size() + 1);
  AppendBig64(row, bucket_id);
  row += key_prefix;
  return row;
}

std::string ObjectRow(uint64_t bucket_id, std::string_view key) {
  std::string row = ObjectRowPrefix(bucket_id, key);
  row += '\0';
  return row;
}

Result<ObjectRowName> ParseObjectRow(std::string_view row) {
  if (row.size() < kIdSize) return Malformed("object", row);
  ObjectRowName name;
  name.bucket_id = ReadBig64(row);
  const std::string_view rest = row.substr(kIdSize);
  const size_t end = rest.find('\0');
  if (end == std::string_view::npos || end == 0) return Malformed("object", row);
  name.key = rest.substr(0, end);
  name.version = rest.substr(end + 1);
  return name;
}

std::string ContentRow(ContentId id, ContentRowKind kind) {
  std::string row;
  AppendBig64(row, static_cast<uint64_t>(id));
  row += static_cast<char>(kind);
  return row;
}

Result<ContentRowName> ParseContentRow(std::string_view row) {
  if (row.size() != kIdSize + 1) return Malformed("content", row);
  const auto kind = static_cast<ContentRowKind>(row[kIdSize]);
  switch (kind) {
    case ContentRowKind::kFile:
    case ContentRowKind::kInline:
    case ContentRowKind::kManifest:
    case ContentRowKind::kReferences:
      return ContentRowName{static_cast<ContentId>(ReadBig64(row)), kind};
  }
  return Malformed("content", row);
}

std::string ReclaimRow(ContentId id) {
  std::string row;
  AppendBig64(row, static_cast<uint64_t>(id));
  return row;
}

Result<ContentId> ParseReclaimRow(std::string_view row) {
  if (row.size() != kIdSize) return Malformed("reclaim", row);
  return static_cast<ContentId>(ReadBig64(row));
}

std::string UploadRowPrefix(uint64_t bucket_id, std::string_view key_prefix) {
  std::string row(1, kUploadTag);
  AppendBig64(row, bucket_id);
  row += key_prefix;
  return row;
}

std::string UploadRow(uint64_t bucket_id, std::string_view key, std::string_view upload_id) {
  std::string row = UploadRowPrefix(bucket_id, key);
  row += '\0';
  row += upload_id;
  return row;
}

Result<UploadRowName> ParseUploadRow(std::string_view row) {
  if (row.size() < 1 + kIdSize || row[0] != kUploadTag) return Malformed("upload", row);
  UploadRowName name;
  name.bucket_id = ReadBig64(row.substr(1));
  const std::string_view rest = row.substr(1 + kIdSize);
  const size_t end = rest.find('\0');
  if (end == std::string_view::npos || end == 0) return Malformed("upload", row);
  name.key = rest.substr(0, end);
  name.upload_id = rest.substr(end + 1);
  if (!IdFromHex(name.upload_id)) return Malformed("upload", row);
  return name;
}

std::string PartRowPrefix(std::string_view upload_id) {
  std::string row(1, kPartTag);
  row += upload_id;
  return row;
}

std::string PartRow(std::string_view upload_id, uint32_t number) {
  std::string row = PartRowPrefix(upload_id);
  AppendBig32(row, number);
  return row;
}

Result<PartRowName> ParsePartRow(std::string_view row) {
  if (row.size() != 1 + kUploadIdSize + 4 || row[0] != kPartTag) return Malformed("part", row);
  PartRowName name{row.substr(1, kUploadIdSize), ReadBig32(row.substr(1 + kUploadIdSize))};
  if (!IdFromHex(name.upload_id)) return Malformed("part", row);
  return name;
}

std::string IdToHex(uint64_t id) {
  std::string bytes;
  AppendBig64(bytes, id);
  return HexEncode(bytes);
}

std::optional<uint64_t> IdFromHex(std::string_view hex) {
  if (hex.size() != kUploadIdSize) return std::nullopt;
  // One spelling only: ids are compared as text.
  if (hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  uint64_t id = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), id, 16);
  return id;
}

}  // namespace crannog::object
