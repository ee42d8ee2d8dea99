#include "object/content/checksum.h"

#include <gtest/gtest.h>

#include <array>

#include "base/hex.h"
#include "object/test_lake.h"

namespace crannog::object {
namespace {

using Algorithm = ChecksumAlgorithm;

// The check values of the CRC catalogue, of RFC 1321 and of FIPS 180, over "123456789" and "abc".
TEST(ChecksumTest, KnownVectors) {
  const auto hex = [](Algorithm algorithm, std::string_view bytes) {
    return HexEncode(ChecksumOf(algorithm, bytes));
  };
  EXPECT_EQ(hex(Algorithm::kCrc32, "123456789"), "cbf43926");
  EXPECT_EQ(hex(Algorithm::kCrc32c, "123456789"), "e3069283");
  EXPECT_EQ(hex(Algorithm::kCrc64Nvme, "123456789"), "ae8b14860a799888");
  EXPECT_EQ(hex(Algorithm::kMd5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex(Algorithm::kSha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(Algorithm::kSha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // NVM Express base specification, 8.3.1: 4 KiB of zeros, and of ones.
  EXPECT_EQ(hex(Algorithm::kCrc64Nvme, std::string(4096, '\0')), "6482d367eb22b64e");
  EXPECT_EQ(hex(Algorithm::kCrc64Nvme, std::string(4096, '\xff')), "c0ddba7302eca3ac");
}

TEST(ChecksumTest, PiecesGiveTheValueOfTheWhole) {
  const std::string bytes = TestBytes(10'000, 3);
  for (const Algorithm algorithm : {Algorithm::kCrc32, Algorithm::kCrc32c, Algorithm::kCrc64Nvme,
                                    Algorithm::kSha1, Algorithm::kSha256, Algorithm::kMd5}) {
    const auto running = RunningChecksum::Make(algorithm);
    for (size_t at = 0, size = 1; at < bytes.size(); at += size, size = size * 2 + 3) {
      running->Update(std::string_view(bytes).substr(at, size));
    }
    const std::string value = running->Finish();
    EXPECT_EQ(value, ChecksumOf(algorithm, bytes));
    EXPECT_EQ(value.size(), ChecksumSizeBytes(algorithm));
    EXPECT_EQ(ChecksumFromName(ChecksumName(algorithm)), algorithm);
  }
  EXPECT_FALSE(ChecksumFromName("CRC16"));
}

TEST(ChecksumTest, CrcsOfPartsCombine) {
  const std::string bytes = TestBytes(70'001, 4);
  for (const Algorithm algorithm : {Algorithm::kCrc32, Algorithm::kCrc32c, Algorithm::kCrc64Nvme}) {
    for (const size_t at : {size_t{0}, size_t{1}, size_t{255}, size_t{65'536}, bytes.size()}) {
      const std::string_view first = std::string_view(bytes).substr(0, at);
      const std::string_view second = std::string_view(bytes).substr(at);
      EXPECT_EQ(CombineChecksums(algorithm, ChecksumOf(algorithm, first),
                                 ChecksumOf(algorithm, second), second.size()),
                ChecksumOf(algorithm, bytes));
    }
  }
}

TEST(ChecksumTest, Base64ReadsBackAndRefusesTheRest) {
  for (size_t size = 0; size < 10; ++size) {
    const std::string bytes = TestBytes(size, size);
    EXPECT_EQ(FromBase64(ToBase64(bytes)).value(), bytes);
  }
  EXPECT_EQ(ToBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(ToBase64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(ToBase64("foob"), "Zm9vYg==");
  for (const char* bad : {"Z", "Zm9", "Zm9v!===", "====", "Zg=a", "Zh=="}) {
    EXPECT_EQ(FromBase64(bad).error().code(), Code::kInvalid) << bad;
  }
}

}  // namespace
}  // namespace crannog::object
