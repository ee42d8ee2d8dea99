// Avro object container files: a header with a schema, then blocks of records.
//
// This is the layer under callers that know what they want: the file gives its writer's schema as
// a tree (with Iceberg's field ids) and its blocks as bytes; AvroCursor reads or skips values in
// them, safe on any bytes. Avro specification 1.11, "Object Container Files".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"

namespace crannog::codec {

enum class AvroType : uint8_t {
  kNull,
  kBoolean,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kBytes,
  kString,
  kFixed,
  kEnum,
  kArray,
  kMap,
  kUnion,
  kRecord,
};

struct AvroSchema;
using AvroSchemaPtr = std::shared_ptr<const AvroSchema>;

struct AvroField {
  std::string name;
  AvroSchemaPtr schema;
  std::optional<int32_t> field_id;
};

// A node of a schema tree. Names are resolved, so nodes may be shared, but never cyclic: recursive
// types are refused as unsupported.
struct AvroSchema {
  AvroType type = AvroType::kNull;
  std::string name;                     // of records, enums and fixed
  std::string logical_type;             // "" without one
  int32_t size = 0;                     // of a fixed
  int32_t precision = 0;                // of a decimal
  int32_t scale = 0;                    // of a decimal
  bool adjust_to_utc = false;           // Iceberg: of a timestamp
  std::vector<AvroField> fields;        // of a record
  std::vector<std::string> symbols;     // of an enum
  AvroSchemaPtr items;                  // of an array, or the values of a map
  std::vector<AvroSchemaPtr> branches;  // of a union
  std::optional<int32_t> element_id;    // Iceberg: of an array
  std::optional<int32_t> key_id;        // Iceberg: of a map
  std::optional<int32_t> value_id;      // Iceberg: of a map
  size_t size_bytes_min = 0;            // the fewest bytes a value takes
  size_t part_count = 1;                // nodes below and this one; shared ones count each time

  // The one branch beside null of a union of two; else null. Whether null is branch 0 is in
  // `null_branch`.
  const AvroSchema* OptionalOf(int* null_branch) const;
};

//   kCorrupt      no Avro schema
//   kUnsupported  a recursive type
Result<AvroSchemaPtr> ParseAvroSchema(const Json& json);

// A position in the bytes of a block. After any failure ok() is false, the rest reads as zero and
// empty, and the position does not move: check once after a record.
class AvroCursor {
 public:
  AvroCursor() = default;
  explicit AvroCursor(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }
  size_t remaining() const { return static_cast<size_t>(end_ - at_); }
  void Fail() {
    ok_ = false;
    at_ = end_;
  }

  int64_t ReadLong() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) [[likely]] {
      const auto byte = static_cast<unsigned char>(*at_++);
      return static_cast<int64_t>(byte >> 1) ^ -static_cast<int64_t>(byte & 1);
    }
    return ReadLongSlow();
  }
  // Fails beyond 32 bits.
  int32_t ReadInt() {
    const int64_t value = ReadLong();
    if (value != static_cast<int32_t>(value)) [[unlikely]] {
      Fail();
      return 0;
    }
    return static_cast<int32_t>(value);
  }
  bool ReadBool();
  float ReadFloat();
  double ReadDouble();
  // Bytes or a string, borrowed.
  std::string_view ReadBytes() {
    const int64_t size = ReadLong();
    if (size < 0 || static_cast<uint64_t>(size) > remaining()) [[unlikely]] {
      Fail();
      return {};
    }
    const std::string_view bytes(at_, static_cast<size_t>(size));
    at_ += size;
    return bytes;
  }
  std::string_view ReadFixed(size_t size);
  // The next run of an array or map; 0 at its end. Fails when `item_bytes_min` each would not fit
  // what is left, so a count may be trusted for reserving.
  int64_t ReadArrayBlock(size_t item_bytes_min);
  // Steps over one value of that type.
  void Skip(const AvroSchema& schema);

 private:
  int64_t ReadLongSlow();
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool ok_ = true;
};

enum class AvroCodec : uint8_t { kNull, kDeflate, kZstd, kSnappy };

struct AvroLimits {
  size_t header_bytes_max = size_t{64} << 20;
  size_t block_bytes_max = size_t{1} << 30;  // decompressed
};

// Not thread-safe. Borrows the file's bytes.
class AvroFileReader {
 public:
  //   kCorrupt  no Avro file, or a header cut short
  //   kUnsupported  an unknown codec
  static Result<AvroFileReader> Open(std::string_view file, const AvroLimits& limits = {});

  const std::map<std::string, std::string, std::less<>>& metadata() const { return metadata_; }
  const AvroSchemaPtr& schema() const { return schema_; }
  AvroCodec codec() const { return codec_; }

  struct Block {
    int64_t count = 0;
    std::string_view bytes;  // valid until the next call
  };
  // The next block; nullopt at the end.
  Result<std::optional<Block>> NextBlock();

 private:
  AvroFileReader() = default;
  std::string_view rest_;
  AvroLimits limits_;
  std::map<std::string, std::string, std::less<>> metadata_;
  AvroSchemaPtr schema_;
  AvroCodec codec_ = AvroCodec::kNull;
  std::string sync_;
  std::string block_;
};

// Appends values in Avro's binary form.
class AvroEncoder {
 public:
  explicit AvroEncoder(std::string& to) : to_(&to) {}
  void WriteLong(int64_t value);
  void WriteInt(int32_t value) { WriteLong(value); }
  void WriteBool(bool value) { to_->push_back(value ? '\1' : '\0'); }
  void WriteFloat(float value);
  void WriteDouble(double value);
  void WriteBytes(std::string_view bytes);
  void WriteFixed(std::string_view bytes) { to_->append(bytes); }

 private:
  std::string* to_;
};

// A file being written, in memory. The sync marker is a hash of the header and the clock is never
// asked: equal content makes equal files.
class AvroFileWriter {
 public:
  // `metadata` without the avro.* keys, in the order it is to be written.
  AvroFileWriter(std::string_view schema_json,
                 const std::vector<std::pair<std::string, std::string>>& metadata, AvroCodec codec);

  // Where the next record goes; call EndRecord after it.
  AvroEncoder encoder() { return AvroEncoder(block_); }
  Status EndRecord();
  uint64_t size_bytes_estimate() const { return file_.size() + block_.size() / 4; }
  Result<std::string> Finish();

 private:
  Status FlushBlock();
  AvroCodec codec_;
  std::string file_;
  std::string sync_;
  std::string block_;
  int64_t block_count_ = 0;
};

}  // namespace crannog::codec
