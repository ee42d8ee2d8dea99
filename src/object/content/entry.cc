#include "object/content/entry.h"

#include <map>
#include <utility>

#include "base/varint.h"
#include "object/content/limits.h"

namespace crannog::object {

namespace {

// Every value is its version, then fields in a fixed order. Integers are varints (signed times are
// never negative here), texts are sized.
constexpr uint64_t kValueVersion = 1;

class FieldReader {
 public:
  FieldReader(std::string_view what, std::string_view bytes) : what_(what), bytes_(bytes) {
    if (Uint() != kValueVersion) Break("unknown version");
  }

  uint64_t Uint() {
    if (broken_) return 0;
    Result<uint64_t> value = TakeVarint(bytes_);
    if (!value) Break("cut short");
    return value.value_or(0);
  }
  // A number below `bound`.
  uint64_t Below(uint64_t bound) {
    const uint64_t value = Uint();
    if (value < bound) return value;
    Break("number out of range");
    return 0;
  }
  int64_t Time() { return static_cast<int64_t>(Below(uint64_t{1} << 62)); }
  std::string Text() {
    if (broken_) return {};
    Result<std::string_view> value = TakeSized(bytes_);
    if (value) return std::string(*value);
    Break("cut short");
    return {};
  }
  // The length of a list whose elements take at least a byte each.
  uint64_t Count() { return Below(bytes_.size() + 1); }
  void Break(std::string_view why) {
    if (!broken_) why_ = why;
    broken_ = true;
  }
  bool broken() const { return broken_; }

  template <typename T>
  Result<T> End(T value) {
    if (!broken_ && !bytes_.empty()) Break("bytes left over");
    if (!broken_) return value;
    return Fail(Code::kCorrupt, "decode " + std::string(what_) + ": " + std::string(why_));
  }

 private:
  std::string_view what_;
  std::string_view bytes_;
  std::string_view why_;
  bool broken_ = false;
};

std::string Begin() {
  std::string to;
  AppendVarint(to, kValueVersion);
  return to;
}

void AppendTime(std::string& to, int64_t time_ms) {
  AppendVarint(to, static_cast<uint64_t>(time_ms < 0 ? 0 : time_ms));
}

void AppendMap(std::string& to, const std::map<std::string, std::string>& map) {
  AppendVarint(to, map.size());
  for (const auto& [name, value] : map) {
    AppendSized(to, name);
    AppendSized(to, value);
  }
}

std::map<std::string, std::string> TakeMap(FieldReader& from) {
  std::map<std::string, std::string> map;
  const uint64_t count = from.Count();
  for (uint64_t i = 0; i < count && !from.broken(); ++i) {
    std::string name = from.Text();
    if (!map.empty() && map.rbegin()->first >= name) from.Break("names out of order");
    map[std::move(name)] = from.Text();
  }
  return map;
}

void AppendAttributes(std::string& to, const Attributes& attributes) {
  AppendSized(to, attributes.content_type);
  AppendMap(to, attributes.headers);
  AppendMap(to, attributes.user_metadata);
  AppendMap(to, attributes.tags);
}

Attributes TakeAttributes(FieldReader& from) {
  Attributes attributes;
  attributes.content_type = from.Text();
  attributes.headers = TakeMap(from);
  attributes.user_metadata = TakeMap(from);
  attributes.tags = TakeMap(from);
  return attributes;
}

constexpr uint64_t kAlgorithmEnd = static_cast<uint64_t>(ChecksumAlgorithm::kMd5) + 1;

void AppendChecksums(std::string& to, const std::vector<Checksum>& checksums) {
  AppendVarint(to, checksums.size());
  for (const Checksum& checksum : checksums) {
    AppendVarint(to, static_cast<uint64_t>(checksum.algorithm));
    AppendVarint(to, static_cast<uint64_t>(checksum.type));
    AppendVarint(to, checksum.part_count);
    AppendSized(to, checksum.value);
  }
}

std::vector<Checksum> TakeChecksums(FieldReader& from) {
  std::vector<Checksum> checksums;
  const uint64_t count = from.Below(kAlgorithmEnd);
  for (uint64_t i = 0; i < count && !from.broken(); ++i) {
    Checksum checksum;
    const uint64_t algorithm = from.Below(kAlgorithmEnd);
    if (algorithm == 0) from.Break("checksum without an algorithm");
    if (from.broken()) break;
    checksum.algorithm = static_cast<ChecksumAlgorithm>(algorithm);
    checksum.type = static_cast<ChecksumType>(from.Below(2));
    checksum.part_count = static_cast<uint32_t>(from.Below(kPartsMax + 1));
    checksum.value = from.Text();
    if (checksum.value.size() != ChecksumSizeBytes(checksum.algorithm)) {
      from.Break("checksum of the wrong length");
    }
    checksums.push_back(std::move(checksum));
  }
  return checksums;
}

void AppendContent(std::string& to, const ContentRef& content) {
  AppendVarint(to, static_cast<uint64_t>(content.kind));
  AppendVarint(to, static_cast<uint64_t>(content.id));
  AppendVarint(to, content.size_bytes);
}

ContentRef TakeContent(FieldReader& from) {
  ContentRef content;
  content.kind = static_cast<ContentKind>(from.Below(4));
  content.id = static_cast<ContentId>(from.Uint());
  content.size_bytes = from.Below(kObjectSizeBytesMax + 1);
  if ((content.kind == ContentKind::kEmpty) != (content.size_bytes == 0)) {
    from.Break("size does not fit the kind of content");
  }
  return content;
}

}  // namespace

std::string Encode(const ObjectEntry& entry) {
  const ObjectInfo& info = entry.info;
  std::string to = Begin();
  AppendContent(to, entry.content);
  AppendTime(to, info.modified_ms);
  AppendSized(to, info.etag);
  AppendSized(to, info.version_id);
  AppendVarint(to, info.part_count);
  AppendSized(to, entry.upload_id);
  AppendChecksums(to, info.checksums);
  AppendAttributes(to, info.attributes);
  return to;
}

Result<ObjectEntry> DecodeObjectEntry(std::string_view bytes) {
  FieldReader from("object entry", bytes);
  ObjectEntry entry;
  entry.content = TakeContent(from);
  entry.info.size_bytes = entry.content.size_bytes;
  entry.info.modified_ms = from.Time();
  entry.info.etag = from.Text();
  entry.info.version_id = from.Text();
  entry.info.part_count = static_cast<uint32_t>(from.Below(kPartsMax + 1));
  entry.upload_id = from.Text();
  entry.info.checksums = TakeChecksums(from);
  entry.info.attributes = TakeAttributes(from);
  return from.End(std::move(entry));
}

std::string Encode(const BucketRecord& record) {
  std::string to = Begin();
  AppendVarint(to, record.id);
  AppendTime(to, record.created_ms);
  return to;
}

Result<BucketRecord> DecodeBucketRecord(std::string_view bytes) {
  FieldReader from("bucket", bytes);
  BucketRecord record;
  record.id = from.Uint();
  record.created_ms = from.Time();
  return from.End(record);
}

std::string Encode(const UploadRecord& record) {
  std::string to = Begin();
  AppendTime(to, record.info.created_ms);
  const auto& algorithm = record.info.checksum_algorithm;
  AppendVarint(to, algorithm ? static_cast<uint64_t>(*algorithm) : 0);
  AppendVarint(to, static_cast<uint64_t>(record.info.checksum_type));
  AppendAttributes(to, record.info.attributes);
  return to;
}

Result<UploadRecord> DecodeUploadRecord(std::string_view bytes) {
  FieldReader from("upload", bytes);
  UploadRecord record;
  record.info.created_ms = from.Time();
  const uint64_t algorithm = from.Below(kAlgorithmEnd);
  if (algorithm != 0) record.info.checksum_algorithm = static_cast<ChecksumAlgorithm>(algorithm);
  record.info.checksum_type = static_cast<ChecksumType>(from.Below(2));
  record.info.attributes = TakeAttributes(from);
  return from.End(std::move(record));
}

std::string Encode(const PartRecord& record) {
  std::string to = Begin();
  AppendContent(to, record.content);
  AppendTime(to, record.info.modified_ms);
  AppendSized(to, record.info.etag);
  AppendChecksums(to, record.info.checksums);
  return to;
}

Result<PartRecord> DecodePartRecord(std::string_view bytes) {
  FieldReader from("part", bytes);
  PartRecord record;
  record.content = TakeContent(from);
  record.info.size_bytes = record.content.size_bytes;
  record.info.modified_ms = from.Time();
  record.info.etag = from.Text();
  record.info.checksums = TakeChecksums(from);
  return from.End(std::move(record));
}

std::string Encode(const Manifest& manifest) {
  std::string to = Begin();
  AppendVarint(to, manifest.size());
  for (const ContentRef& piece : manifest) AppendContent(to, piece);
  return to;
}

Result<Manifest> DecodeManifest(std::string_view bytes) {
  FieldReader from("manifest", bytes);
  Manifest manifest;
  const uint64_t count = from.Below(kPartsMax + 1);
  for (uint64_t i = 0; i < count && !from.broken(); ++i) {
    manifest.push_back(TakeContent(from));
    const ContentKind kind = manifest.back().kind;
    if (kind != ContentKind::kInline && kind != ContentKind::kFile) from.Break("kind of piece");
  }
  return from.End(std::move(manifest));
}

std::string Encode(const ReclaimRecord& record) {
  std::string to = Begin();
  AppendVarint(to, record.files.size());
  for (const ContentId file : record.files) AppendVarint(to, static_cast<uint64_t>(file));
  return to;
}

Result<ReclaimRecord> DecodeReclaimRecord(std::string_view bytes) {
  FieldReader from("reclaim row", bytes);
  ReclaimRecord record;
  const uint64_t count = from.Below(kPartsMax + 1);
  for (uint64_t i = 0; i < count && !from.broken(); ++i) {
    record.files.push_back(static_cast<ContentId>(from.Uint()));
  }
  return from.End(std::move(record));
}

std::string Encode(const IdReservation& reservation) {
  std::string to = Begin();
  AppendVarint(to, reservation.block_begin);
  AppendVarint(to, reservation.block_end);
  AppendVarint(to, reservation.open.size());
  for (const uint64_t id : reservation.open) AppendVarint(to, id);
  return to;
}

Result<IdReservation> DecodeIdReservation(std::string_view bytes) {
  FieldReader from("id reservation", bytes);
  IdReservation reservation;
  reservation.block_begin = from.Uint();
  reservation.block_end = from.Uint();
  // Opening the store walks the block: a wrong one must not keep it busy for ever.
  if (reservation.block_begin > reservation.block_end ||
      reservation.block_end - reservation.block_begin > kFileIdBlock) {
    from.Break("block of an impossible size");
  }
  const uint64_t count = from.Count();
  for (uint64_t i = 0; i < count && !from.broken(); ++i) reservation.open.push_back(from.Uint());
  return from.End(std::move(reservation));
}

}  // namespace crannog::object
