#include "table/iceberg/manifest/deletion_vector.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/hex.h"
#include "table/iceberg/manifest/puffin.h"

namespace crannog::table::iceberg {
namespace {

DeletionVector Of(const std::set<uint64_t>& positions) {
  DeletionVector vector;
  for (const uint64_t position : positions) vector.Add(position);
  return vector;
}

TEST(DeletionVector, KnownBytes) {
  // Positions 1 and 3: one bitmap under key 0 with one array container.
  EXPECT_EQ(HexEncode(Of({1, 3}).Encode()),
            "00000024d1d339640100000000000000000000003a30000001000000000001001000000001000300"
            "683497a9");
}

TEST(DeletionVector, SetsOfAllShapesRoundTrip) {
  std::mt19937_64 random(11);
  std::vector<std::set<uint64_t>> sets(5);
  sets[1] = {0, DeletionVector::kPositionMax};
  for (int i = 0; i < 20000; ++i) sets[2].insert(random() % 65536);        // a bitmap container
  for (uint64_t i = 5; i < 200000; ++i) sets[3].insert(i);                 // runs
  for (int i = 0; i < 5000; ++i) sets[4].insert(random() % (1ULL << 36));  // many keys
  for (const auto& positions : sets) {
    const DeletionVector vector = Of(positions);
    EXPECT_EQ(vector.cardinality(), positions.size());
    auto back = DeletionVector::Decode(vector.Encode());
    ASSERT_TRUE(back.has_value()) << back.error().ToString();
    EXPECT_EQ(*back, vector);
    EXPECT_EQ(back->Positions(), std::vector<uint64_t>(positions.begin(), positions.end()));
  }
  EXPECT_LT(Of(sets[3]).Encode().size(), 200U);
  DeletionVector range;
  range.AddRange(5, 200000);
  EXPECT_EQ(range, Of(sets[3]));
  DeletionVector both = Of(sets[2]);
  both.AddAll(range);
  EXPECT_TRUE(both.Contains(199999) && !both.Contains(200000) && both.Contains(*sets[2].begin()));
}

TEST(DeletionVector, DamageIsCorrupt) {
  const std::string blob = Of({1, 70000, 1ULL << 40}).Encode();
  for (size_t i = 0; i < blob.size(); ++i) {
    EXPECT_EQ(DeletionVector::Decode(blob.substr(0, i)).error().code(), Code::kCorrupt);
    std::string flipped = blob;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    EXPECT_EQ(DeletionVector::Decode(flipped).error().code(), Code::kCorrupt) << i;
  }
  std::string bitmap;
  Roaring32 some;
  for (uint32_t i = 0; i < 100000; i += 3) some.Add(i);
  some.AddRange(1 << 20, (1 << 20) + 5000);
  some.EncodeTo(bitmap);
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    std::string flipped = bitmap;
    flipped[random() % 64] ^= static_cast<char>(1 << random() % 8);
    std::string_view rest = flipped;
    (void)Roaring32::DecodeFrom(rest);
  }
}

TEST(Puffin, BlobsAndFooterRoundTrip) {
  const std::string sketch(5000, 's');
  const std::string vector = Of({4, 5}).Encode();
  PuffinWriter writer;
  writer.SetProperty("created-by", "crannog");
  PuffinBlob blob;
  blob.type = std::string(kDeletionVectorBlobType);
  blob.properties = {{"referenced-data-file", "s3://b/f.parquet"}, {"cardinality", "2"}};
  ASSERT_TRUE(writer.Add(blob, vector).has_value());
  PuffinBlob theta;
  theta.type = "apache-datasketches-theta-v1";
  theta.fields = {1, 2};
  ASSERT_TRUE(writer.Add(theta, sketch, codec::Compression::kZstd).has_value());
  ASSERT_TRUE(writer.Add(theta, sketch, codec::Compression::kLz4Frame).has_value());
  const auto written = writer.Finish();
  const auto size = static_cast<int64_t>(written.bytes.size());
  EXPECT_EQ(*PuffinFooterSize(written.bytes), written.footer.footer_size_bytes);
  const auto footer = ParsePuffinFooter(written.bytes, size);
  ASSERT_TRUE(footer.has_value()) << footer.error().ToString();
  EXPECT_EQ(footer->blobs, written.footer.blobs);
  EXPECT_EQ(footer->properties.at("created-by"), "crannog");
  EXPECT_EQ(*ReadPuffinBlob(written.bytes, footer->blobs[0]), vector);
  EXPECT_EQ(*ReadPuffinBlob(written.bytes, footer->blobs[1]), sketch);
  EXPECT_EQ(*ReadPuffinBlob(written.bytes, footer->blobs[2]), sketch);
  for (size_t i = 0; i < written.bytes.size(); ++i) {
    EXPECT_FALSE(
        ParsePuffinFooter(written.bytes.substr(0, i), static_cast<int64_t>(i)).has_value());
  }
}

}  // namespace
}  // namespace crannog::table::iceberg
