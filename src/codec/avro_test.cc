#include "codec/avro.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/compression.h"

namespace crannog::codec {
namespace {

constexpr std::string_view kSchema =
    R"({"type":"record","name":"r","fields":[{"name":"n","type":"long","field-id":7},)"
    R"({"name":"s","type":["null","string"],"default":null},)"
    R"({"name":"m","type":{"type":"map","values":"double"}}]})";

std::string MakeFile(AvroCodec codec, int records) {
  AvroFileWriter writer(kSchema, {{"k", "v"}}, codec);
  for (int i = 0; i < records; ++i) {
    AvroEncoder encoder = writer.encoder();
    encoder.WriteLong(int64_t{i} * -1234567);
    encoder.WriteLong(1);
    encoder.WriteBytes("text " + std::to_string(i));
    encoder.WriteLong(1);
    encoder.WriteBytes("key");
    encoder.WriteDouble(i);
    encoder.WriteLong(0);
    EXPECT_TRUE(writer.EndRecord().has_value());
  }
  return *writer.Finish();
}

// Reads everything there is; the sum of the first column, or the error.
Result<int64_t> ReadFile(std::string_view file) {
  CRANNOG_ASSIGN(auto reader, AvroFileReader::Open(file));
  int64_t sum = 0;
  while (true) {
    CRANNOG_ASSIGN(const auto block, reader.NextBlock());
    if (!block) return sum;
    AvroCursor cursor(block->bytes);
    for (int64_t i = 0; i < block->count && cursor.ok(); ++i) {
      AvroCursor first = cursor;
      sum += first.ReadLong();
      cursor.Skip(*reader.schema());
    }
    if (!cursor.ok() || !cursor.at_end()) return Fail(Code::kCorrupt, "record");
  }
}

TEST(Avro, RoundTripsEveryCodec) {
  for (const auto codec :
       {AvroCodec::kNull, AvroCodec::kDeflate, AvroCodec::kZstd, AvroCodec::kSnappy}) {
    const std::string file = MakeFile(codec, 50000);
    auto reader = AvroFileReader::Open(file);
    ASSERT_TRUE(reader.has_value()) << reader.error().ToString();
    EXPECT_EQ(reader->metadata().find("k")->second, "v");
    EXPECT_EQ(reader->schema()->fields[0].field_id, 7);
    EXPECT_EQ(*ReadFile(file), int64_t{49999} * 50000 / 2 * -1234567);
  }
}

TEST(Avro, LongsKeepTheirEnds) {
  std::string bytes;
  AvroEncoder encoder(bytes);
  const std::vector<int64_t> numbers = {0,   -1,  1,         63,        64,
                                        -64, -65, INT32_MIN, INT64_MIN, INT64_MAX};
  for (const int64_t number : numbers) encoder.WriteLong(number);
  AvroCursor cursor(bytes);
  for (const int64_t number : numbers) EXPECT_EQ(cursor.ReadLong(), number);
  EXPECT_TRUE(cursor.ok() && cursor.at_end());
  cursor.ReadLong();
  EXPECT_FALSE(cursor.ok());
}

TEST(Avro, DamageIsAnErrorNeverACrash) {
  for (const auto codec : {AvroCodec::kNull, AvroCodec::kDeflate, AvroCodec::kZstd}) {
    const std::string file = MakeFile(codec, 40);
    for (size_t size = 0; size < file.size(); size += 3) {
      auto read = ReadFile(file.substr(0, size));
      EXPECT_TRUE(read.has_value() || read.error().code() != Code::kInternal);
    }
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
      std::string flipped = file;
      flipped[random() % file.size()] ^= static_cast<char>(1 << random() % 8);
      (void)ReadFile(flipped);
    }
  }
}

TEST(Avro, RefusesSchemasThatGrowWithoutEnd) {
  std::string types = R"({"type":"record","name":"r0","fields":[]})";
  std::string fields = R"({"name":"f","type":)" + types + "}";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "\"r" + std::to_string(i - 1) + "\"";
    fields += R"(,{"name":"f","type":{"type":"record","name":"r)" + std::to_string(i) +
              R"(","fields":[{"name":"a","type":)" + below + R"(},{"name":"b","type":)" + below +
              "}]}}";
  }
  const auto json = ParseJson(R"({"type":"record","name":"top","fields":[)" + fields + "]}");
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(ParseAvroSchema(*json).error().code(), Code::kCorrupt);
  const auto loop =
      ParseJson(R"({"type":"record","name":"x","fields":[{"name":"n","type":["null","x"]}]})");
  EXPECT_EQ(ParseAvroSchema(*loop).error().code(), Code::kUnsupported);
}

TEST(Compression, RoundTripsAndBounds) {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += std::to_string(i * 7919);
  for (const auto codec : {Compression::kNone, Compression::kDeflate, Compression::kGzip,
                           Compression::kZstd, Compression::kSnappy, Compression::kLz4Frame}) {
    for (const std::string& content : {text, std::string(), std::string("x")}) {
      const std::string packed = *Compress(codec, content);
      EXPECT_EQ(*Decompress(codec, packed, text.size()), content);
      if (content.size() < 10 || codec == Compression::kNone) continue;
      EXPECT_EQ(Decompress(codec, packed, 100).error().code(), Code::kTooLarge);
      for (const size_t part : {packed.size() - 1, packed.size() / 2, size_t{0}}) {
        EXPECT_EQ(Decompress(codec, packed.substr(0, part), text.size() * 2).error().code(),
                  Code::kCorrupt);
      }
    }
  }
}

}  // namespace
}  // namespace crannog::codec
