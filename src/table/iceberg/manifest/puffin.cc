#include "table/iceberg/manifest/puffin.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "codec/json_at.h"
#include "table/iceberg/format/string_map_json.h"

namespace crannog::table::iceberg {
namespace {

using codec::Compression;
using codec::Json;
using codec::JsonAt;

constexpr std::string_view kMagic = "PFA1";
constexpr size_t kTrailerBytes = 12;  // payload size, flags, magic
constexpr size_t kFooterBytesMax = size_t{256} << 20;
constexpr size_t kBlobBytesMax = size_t{1} << 30;
constexpr unsigned char kFlagCompressed = 1;

std::unexpected<Error> Corrupt(std::string what) {
  return Fail(Code::kCorrupt, "Puffin file: " + std::move(what));
}

struct Trailer {
  int64_t payload_size = 0;
  bool compressed = false;
};

Result<Trailer> ReadTrailer(std::string_view tail) {
  if (tail.size() < kTrailerBytes || !tail.ends_with(kMagic)) return Corrupt("no footer");
  tail = tail.substr(tail.size() - kTrailerBytes);
  int32_t size = 0;
  std::memcpy(&size, tail.data(), sizeof(size));
  if (size < 0) return Corrupt("a negative footer size");
  const auto flags = static_cast<unsigned char>(tail[4]);
  if ((flags & ~kFlagCompressed) != 0 || tail[5] != 0 || tail[6] != 0 || tail[7] != 0) {
    return Corrupt("unknown flags");
  }
  return Trailer{size, (flags & kFlagCompressed) != 0};
}

Result<PuffinBlob> BlobFromJson(const JsonAt& at) {
  PuffinBlob blob;
  CRANNOG_ASSIGN(blob.type, at.String("type"));
  CRANNOG_ASSIGN(const JsonAt fields, at.Member("fields"));
  CRANNOG_ASSIGN(blob.fields, fields.AsInts());
  CRANNOG_ASSIGN(blob.snapshot_id, at.Long("snapshot-id"));
  CRANNOG_ASSIGN(blob.sequence_number, at.Long("sequence-number"));
  CRANNOG_ASSIGN(blob.offset, at.Long("offset"));
  CRANNOG_ASSIGN(blob.length, at.Long("length"));
  CRANNOG_ASSIGN(auto codec, at.StringIfAny("compression-codec"));
  blob.compression_codec = std::move(codec).value_or("");
  if (const auto properties = at.MemberIfAny("properties")) {
    CRANNOG_ASSIGN(blob.properties, properties->AsStringMap());
  }
  return blob;
}

Json BlobToJson(const PuffinBlob& blob) {
  Json json = Json::NewObject();
  json.Set("type", blob.type)
      .Set("fields", IntsToJson(blob.fields))
      .Set("snapshot-id", blob.snapshot_id)
      .Set("sequence-number", blob.sequence_number)
      .Set("offset", blob.offset)
      .Set("length", blob.length);
  if (!blob.compression_codec.empty()) json.Set("compression-codec", blob.compression_codec);
  if (!blob.properties.empty()) json.Set("properties", StringMapToJson(blob.properties));
  return json;
}

Result<PuffinFooter> FooterFromJson(const JsonAt& at, int64_t content_end) {
  PuffinFooter footer;
  CRANNOG_ASSIGN(const JsonAt blobs, at.Member("blobs"));
  CRANNOG_ASSIGN(const size_t size, blobs.ArraySize());
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto blob, BlobFromJson(blobs.At(i)));
    const bool inside = blob.offset >= static_cast<int64_t>(kMagic.size()) && blob.length >= 0 &&
                        blob.offset <= content_end && blob.length <= content_end - blob.offset;
    if (!inside) return blobs.At(i).Wrong("the blob lies outside the file");
    footer.blobs.push_back(std::move(blob));
  }
  if (const auto properties = at.MemberIfAny("properties")) {
    CRANNOG_ASSIGN(footer.properties, properties->AsStringMap());
  }
  return footer;
}

}  // namespace

Result<int64_t> PuffinFooterSize(std::string_view tail) {
  CRANNOG_ASSIGN(const Trailer trailer, ReadTrailer(tail));
  return trailer.payload_size + static_cast<int64_t>(kMagic.size() + kTrailerBytes);
}

Result<PuffinFooter> ParsePuffinFooter(std::string_view tail, int64_t file_size_bytes) {
  CRANNOG_ASSIGN(const Trailer trailer, ReadTrailer(tail));
  CRANNOG_ASSIGN(const int64_t footer_size, PuffinFooterSize(tail));
  if (static_cast<uint64_t>(footer_size) > tail.size() || footer_size > file_size_bytes) {
    return Corrupt("the footer is cut short");
  }
  tail = tail.substr(tail.size() - static_cast<size_t>(footer_size));
  if (!tail.starts_with(kMagic)) return Corrupt("the footer does not begin with the magic");
  std::string_view payload = tail.substr(kMagic.size(), static_cast<size_t>(trailer.payload_size));
  std::string plain;
  if (trailer.compressed) {
    CRANNOG_RETURN_IF_ERROR(
        codec::DecompressInto(Compression::kLz4Frame, payload, kFooterBytesMax, plain));
    payload = plain;
  }
  auto json = codec::ParseJson(payload);
  if (!json) return Corrupt("footer: " + json.error().message());
  auto footer = FooterFromJson(JsonAt(*json), file_size_bytes - footer_size);
  if (!footer) return Corrupt("footer: " + footer.error().message());
  footer->footer_size_bytes = footer_size;
  return footer;
}

Result<std::string> ReadPuffinBlob(std::string_view file, const PuffinBlob& blob) {
  if (blob.offset < 0 || blob.length < 0 || static_cast<uint64_t>(blob.offset) > file.size() ||
      static_cast<uint64_t>(blob.length) > file.size() - static_cast<uint64_t>(blob.offset)) {
    return Corrupt("the blob lies outside the file");
  }
  const std::string_view bytes =
      file.substr(static_cast<size_t>(blob.offset), static_cast<size_t>(blob.length));
  Compression compression = Compression::kNone;
  if (blob.compression_codec == "lz4") {
    compression = Compression::kLz4Frame;
  } else if (blob.compression_codec == "zstd") {
    compression = Compression::kZstd;
  } else if (!blob.compression_codec.empty()) {
    return Fail(Code::kUnsupported, "Puffin codec " + codec::QuoteJson(blob.compression_codec));
  }
  return codec::Decompress(compression, bytes, kBlobBytesMax);
}

PuffinWriter::PuffinWriter() : bytes_(kMagic) {}

Result<PuffinBlob> PuffinWriter::Add(PuffinBlob blob, std::string_view content,
                                     Compression compression) {
  switch (compression) {
    case Compression::kNone:
      blob.compression_codec = "";
      break;
    case Compression::kLz4Frame:
      blob.compression_codec = "lz4";
      break;
    case Compression::kZstd:
      blob.compression_codec = "zstd";
      break;
    default:
      return Fail(Code::kInvalid, "Puffin blobs are plain, lz4 or zstd");
  }
  CRANNOG_ASSIGN(const std::string packed, codec::Compress(compression, content));
  blob.offset = static_cast<int64_t>(bytes_.size());
  blob.length = static_cast<int64_t>(packed.size());
  bytes_ += packed;
  footer_.blobs.push_back(blob);
  return blob;
}

void PuffinWriter::SetProperty(std::string key, std::string value) {
  footer_.properties.insert_or_assign(std::move(key), std::move(value));
}

PuffinWriter::Finished PuffinWriter::Finish() {
  Json blobs = Json::NewArray();
  for (const PuffinBlob& blob : footer_.blobs) blobs.Append(BlobToJson(blob));
  Json json = Json::NewObject();
  json.Set("blobs", std::move(blobs));
  if (!footer_.properties.empty()) json.Set("properties", StringMapToJson(footer_.properties));
  const std::string payload = codec::WriteJson(json);
  const auto size = static_cast<int32_t>(payload.size());
  footer_.footer_size_bytes = static_cast<int64_t>(kMagic.size() + payload.size() + kTrailerBytes);
  bytes_ += kMagic;
  bytes_ += payload;
  bytes_.append(reinterpret_cast<const char*>(&size), sizeof(size));
  bytes_.append(4, '\0');
  bytes_ += kMagic;
  return {std::move(bytes_), std::move(footer_)};
}

}  // namespace crannog::table::iceberg
