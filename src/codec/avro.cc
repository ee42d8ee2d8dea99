#include "codec/avro.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "codec/compression.h"

namespace crannog::codec {
namespace {

constexpr std::string_view kMagic("Obj\x01", 4);
constexpr size_t kSyncBytes = 16;
constexpr size_t kBlockBytesTarget = 256 << 10;
static_assert(std::endian::native == std::endian::little, "Avro floats are copied as they lie");

std::string_view CodecName(AvroCodec codec) {
  switch (codec) {
    case AvroCodec::kNull:
      return "null";
    case AvroCodec::kDeflate:
      return "deflate";
    case AvroCodec::kZstd:
      return "zstandard";
    case AvroCodec::kSnappy:
      return "snappy";
  }
  return "";
}

std::optional<AvroCodec> CodecNamed(std::string_view name) {
  for (const AvroCodec codec :
       {AvroCodec::kNull, AvroCodec::kDeflate, AvroCodec::kZstd, AvroCodec::kSnappy}) {
    if (CodecName(codec) == name) return codec;
  }
  if (name.empty()) return AvroCodec::kNull;
  return std::nullopt;
}

Compression CompressionOf(AvroCodec codec) {
  switch (codec) {
    case AvroCodec::kNull:
      return Compression::kNone;
    case AvroCodec::kDeflate:
      return Compression::kDeflate;
    case AvroCodec::kZstd:
      return Compression::kZstd;
    case AvroCodec::kSnappy:
      return Compression::kSnappy;
  }
  return Compression::kNone;
}

// Two FNV-1a runs: the marker only has to be unlikely inside the data.
std::string SyncOf(std::string_view header) {
  std::string sync;
  for (uint64_t hash : {uint64_t{0xcbf29ce484222325}, uint64_t{0x9e3779b97f4a7c15}}) {
    for (const char c : header) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    sync.append(reinterpret_cast<const char*>(&hash), sizeof(hash));
  }
  return sync;
}

}  // namespace

int64_t AvroCursor::ReadLongSlow() {
  uint64_t bits = 0;
  for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at_++);
    bits |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
  }
  Fail();
  return 0;
}

bool AvroCursor::ReadBool() {
  const std::string_view byte = ReadFixed(1);
  return !byte.empty() && byte[0] != 0;
}

float AvroCursor::ReadFloat() {
  float value = 0;
  if (const auto bytes = ReadFixed(sizeof(value)); ok_) {
    std::memcpy(&value, bytes.data(), sizeof(value));
  }
  return value;
}

double AvroCursor::ReadDouble() {
  double value = 0;
  if (const auto bytes = ReadFixed(sizeof(value)); ok_) {
    std::memcpy(&value, bytes.data(), sizeof(value));
  }
  return value;
}

std::string_view AvroCursor::ReadFixed(size_t size) {
  if (size > remaining()) {
    Fail();
    return {};
  }
  const std::string_view bytes(at_, size);
  at_ += size;
  return bytes;
}

int64_t AvroCursor::ReadArrayBlock(size_t item_bytes_min) {
  int64_t count = ReadLong();
  if (count < 0) {
    ReadLong();  // the run's size in bytes, for those who skip
    if (count == INT64_MIN) {
      Fail();
      return 0;
    }
    count = -count;
  }
  // Items of no bytes (nulls) are bounded too, or a short file would loop for years.
  const size_t least = item_bytes_min == 0 ? 1 : item_bytes_min;
  if (static_cast<uint64_t>(count) > remaining() / least) {
    if (count != 0) Fail();
    return 0;
  }
  return count;
}

void AvroCursor::Skip(const AvroSchema& schema) {
  switch (schema.type) {
    case AvroType::kNull:
      return;
    case AvroType::kBoolean:
      ReadFixed(1);
      return;
    case AvroType::kInt:
    case AvroType::kLong:
    case AvroType::kEnum:
      ReadLong();
      return;
    case AvroType::kFloat:
      ReadFixed(4);
      return;
    case AvroType::kDouble:
      ReadFixed(8);
      return;
    case AvroType::kBytes:
    case AvroType::kString:
      ReadBytes();
      return;
    case AvroType::kFixed:
      ReadFixed(static_cast<size_t>(schema.size));
      return;
    case AvroType::kArray:
    case AvroType::kMap: {
      const bool is_map = schema.type == AvroType::kMap;
      const size_t least = schema.items->size_bytes_min + (is_map ? 1 : 0);
      while (const int64_t count = ReadArrayBlock(least)) {
        for (int64_t i = 0; i < count && ok_; ++i) {
          if (is_map) ReadBytes();
          Skip(*schema.items);
        }
      }
      return;
    }
    case AvroType::kUnion: {
      const int64_t branch = ReadLong();
      if (branch < 0 || static_cast<size_t>(branch) >= schema.branches.size()) return Fail();
      Skip(*schema.branches[static_cast<size_t>(branch)]);
      return;
    }
    case AvroType::kRecord:
      for (const AvroField& field : schema.fields) Skip(*field.schema);
      return;
  }
}

Result<AvroFileReader> AvroFileReader::Open(std::string_view file, const AvroLimits& limits) {
  if (!file.starts_with(kMagic)) return Fail(Code::kCorrupt, "no Avro file: wrong magic");
  AvroFileReader reader;
  reader.limits_ = limits;
  file.remove_prefix(kMagic.size());
  AvroCursor cursor(file.substr(0, limits.header_bytes_max));
  const size_t readable = cursor.remaining();
  while (const int64_t count = cursor.ReadArrayBlock(2)) {
    for (int64_t i = 0; i < count && cursor.ok(); ++i) {
      const std::string_view key = cursor.ReadBytes();
      reader.metadata_.insert_or_assign(std::string(key), std::string(cursor.ReadBytes()));
    }
  }
  reader.sync_ = cursor.ReadFixed(kSyncBytes);
  if (!cursor.ok()) return Fail(Code::kCorrupt, "the Avro header is broken or cut short");
  reader.rest_ = file.substr(readable - cursor.remaining());

  const auto codec = CodecNamed(reader.metadata_["avro.codec"]);
  if (!codec) {
    return Fail(Code::kUnsupported, "Avro codec " + QuoteJson(reader.metadata_["avro.codec"]));
  }
  reader.codec_ = *codec;
  auto json = ParseJson(reader.metadata_["avro.schema"]);
  if (!json) return std::unexpected(std::move(json).error().Within("avro.schema"));
  auto schema = ParseAvroSchema(*json);
  if (!schema) return std::unexpected(std::move(schema).error().Within("avro.schema"));
  reader.schema_ = std::move(*schema);
  return reader;
}

Result<std::optional<AvroFileReader::Block>> AvroFileReader::NextBlock() {
  if (rest_.empty()) return std::optional<Block>();
  AvroCursor cursor(rest_);
  const int64_t count = cursor.ReadLong();
  std::string_view bytes = cursor.ReadBytes();
  const std::string_view sync = cursor.ReadFixed(kSyncBytes);
  if (!cursor.ok() || count < 0) return Fail(Code::kCorrupt, "an Avro block is cut short");
  if (sync != sync_) return Fail(Code::kCorrupt, "an Avro block does not end with the sync marker");
  rest_ = rest_.substr(rest_.size() - cursor.remaining());
  if (codec_ == AvroCodec::kNull) {
    block_.clear();
  } else {
    uint32_t crc = 0;
    if (codec_ == AvroCodec::kSnappy) {
      if (bytes.size() < sizeof(crc))
        return Fail(Code::kCorrupt, "a snappy block without checksum");
      std::memcpy(&crc, bytes.data() + bytes.size() - sizeof(crc), sizeof(crc));
      bytes.remove_suffix(sizeof(crc));
    }
    auto done = DecompressInto(CompressionOf(codec_), bytes, limits_.block_bytes_max, block_);
    if (!done) return std::unexpected(Error(Code::kCorrupt, done.error().message()));
    bytes = block_;
    if (codec_ == AvroCodec::kSnappy && __builtin_bswap32(crc) != Crc32(bytes)) {
      return Fail(Code::kCorrupt, "a snappy block has a wrong checksum");
    }
  }
  // A record of no bytes at all would let a short block claim any count.
  const size_t least = schema_->size_bytes_min == 0 ? 1 : schema_->size_bytes_min;
  if (static_cast<uint64_t>(count) > bytes.size() / least) {
    return Fail(Code::kCorrupt,
                fmt::format("an Avro block of {} bytes claims {} records", bytes.size(), count));
  }
  return Block{count, bytes};
}

void AvroEncoder::WriteLong(int64_t value) {
  uint64_t bits = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  char buffer[10];
  size_t size = 0;
  while (bits >= 0x80) {
    buffer[size++] = static_cast<char>(static_cast<unsigned char>(bits | 0x80));
    bits >>= 7;
  }
  buffer[size++] = static_cast<char>(bits);
  to_->append(buffer, size);
}

void AvroEncoder::WriteFloat(float value) {
  to_->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void AvroEncoder::WriteDouble(double value) {
  to_->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void AvroEncoder::WriteBytes(std::string_view bytes) {
  WriteLong(static_cast<int64_t>(bytes.size()));
  to_->append(bytes);
}

AvroFileWriter::AvroFileWriter(std::string_view schema_json,
                               const std::vector<std::pair<std::string, std::string>>& metadata,
                               AvroCodec codec)
    : codec_(codec), file_(kMagic) {
  AvroEncoder header(file_);
  header.WriteLong(static_cast<int64_t>(metadata.size()) + 2);
  header.WriteBytes("avro.schema");
  header.WriteBytes(schema_json);
  header.WriteBytes("avro.codec");
  header.WriteBytes(CodecName(codec));
  for (const auto& [key, value] : metadata) {
    header.WriteBytes(key);
    header.WriteBytes(value);
  }
  header.WriteLong(0);
  sync_ = SyncOf(file_);
  file_ += sync_;
}

Status AvroFileWriter::EndRecord() {
  ++block_count_;
  if (block_.size() >= kBlockBytesTarget) return FlushBlock();
  return {};
}

Status AvroFileWriter::FlushBlock() {
  if (block_count_ == 0) return {};
  CRANNOG_ASSIGN(std::string packed, Compress(CompressionOf(codec_), block_));
  if (codec_ == AvroCodec::kSnappy) {
    const uint32_t crc = __builtin_bswap32(Crc32(block_));
    packed.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
  }
  AvroEncoder encoder(file_);
  encoder.WriteLong(block_count_);
  encoder.WriteBytes(packed);
  file_ += sync_;
  block_.clear();
  block_count_ = 0;
  return {};
}

Result<std::string> AvroFileWriter::Finish() {
  CRANNOG_RETURN_IF_ERROR(FlushBlock());
  return std::move(file_);
}

}  // namespace crannog::codec
