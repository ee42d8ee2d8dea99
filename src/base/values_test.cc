#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/byte_size.h"
#include "base/fast_hash.h"
#include "base/hash.h"
#include "base/iso_time.h"
#include "base/uuid.h"

namespace crannog {
namespace {

TEST(HashTest, IsSha256) {
  // FIPS 180-2, appendix B.1.
  constexpr std::string_view kAbc =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(Hash::Of("abc").ToHex(), kAbc);
  EXPECT_EQ(Hash::FromHex(kAbc).value(), Hash::Of("abc"));
  EXPECT_EQ(Hash::FromBytes(Hash::Of("abc").bytes()).value(), Hash::Of("abc"));
  EXPECT_EQ(Hash::FromHex(kAbc.substr(2)).error().code(), Code::kInvalid);
  EXPECT_EQ(Hash::FromBytes("short").error().code(), Code::kInvalid);
  EXPECT_TRUE(Hash().IsZero());
  EXPECT_FALSE(Hash::Of("").IsZero());
}

TEST(HashTest, PiecesGiveTheSameAndTheHasherStartsAnew) {
  Hasher hasher;
  for (int i = 0; i < 2; ++i) {
    hasher.Update("a");
    hasher.Update("");
    hasher.Update("bc");
    EXPECT_EQ(hasher.Finish(), Hash::Of("abc"));
  }
}

TEST(FastHashTest, NeverChanges) {
  // XXH3-64 of nothing with seed 0, as published with the algorithm.
  EXPECT_EQ(FastHash(""), 0x2d06800538d394c2U);
  EXPECT_NE(FastHash("a"), FastHash("a", 1));
}

TEST(UuidTest, ParsesAndPrints) {
  const std::string text = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  EXPECT_EQ(Uuid::Parse(text)->ToString(), text);
  EXPECT_EQ(Uuid::Parse("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6")->ToString(), text);
  for (const char* wrong :
       {"", "f81d4fae7dec11d0a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6a", "f81d4fa-e7dec-11d0-a765-00a0c91e6bf6"}) {
    EXPECT_EQ(Uuid::Parse(wrong).error().code(), Code::kInvalid) << wrong;
  }
}

TEST(UuidTest, VersionsSetTheirBitsAndSortByTime) {
  Uuid::Bytes ones;
  ones.fill(0xff);
  EXPECT_EQ(Uuid::V4(ones).ToString(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_EQ(Uuid::V7(0x017f22e279b0, ones).ToString(), "017f22e2-79b0-7fff-bfff-ffffffffffff");
  EXPECT_LT(Uuid::V7(1'000, ones), Uuid::V7(1'001, Uuid::Bytes{}));
}

TEST(IsoTimeTest, PrintsAndClamps) {
  EXPECT_EQ(FormatIsoMillis(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatIsoMillis(1'768'383'000'123), "2026-01-14T09:30:00.123Z");
  EXPECT_EQ(FormatIsoMicros(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatIsoMicros(951'782'400'000'000), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(FormatIsoMillis(INT64_MAX), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatIsoMicros(INT64_MIN), "0000-01-01T00:00:00.000000Z");
}

TEST(IsoTimeTest, ParsesWhatPeopleWrite) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"2026-01-14", "2026-01-14T00:00:00.000000Z"},
      {"2026-01-14T09:30Z", "2026-01-14T09:30:00.000000Z"},
      {"2026-01-14 09:30:01.5", "2026-01-14T09:30:01.500000Z"},
      {"2026-01-14T09:30:01.123456789Z", "2026-01-14T09:30:01.123456Z"},
      {"2026-01-14T00:30:00+02:00", "2026-01-13T22:30:00.000000Z"},
      {"2026-01-14T00:30:00-0130", "2026-01-14T02:00:00.000000Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
  };
  for (const auto& [text, expected] : cases) {
    const auto time_us = ParseIsoMicros(text);
    ASSERT_TRUE(time_us) << text;
    EXPECT_EQ(FormatIsoMicros(*time_us), expected) << text;
  }
}

TEST(IsoTimeTest, RefusesTheRest) {
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-29", "2026-1-1", "2026-01-14T", "2026-01-14T24:00",
        "2026-01-14T09:60", "2026-01-14T09:30:60", "2026-01-14T09:30:00.", "2026-01-14T09:30Zx",
        "2026-01-14T09:30+2", "2026-01-14x09:30", "-026-01-14"}) {
    EXPECT_EQ(ParseIsoMicros(text).error().code(), Code::kInvalid) << text;
  }
}

TEST(ByteSizeTest, PrintsAndParses) {
  EXPECT_EQ(FormatByteSize(0), "0 B");
  EXPECT_EQ(FormatByteSize(1023), "1023 B");
  EXPECT_EQ(FormatByteSize(1536), "1.5 KiB");
  EXPECT_EQ(FormatByteSize((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(FormatByteSize(~0ULL), "16.0 EiB");
  EXPECT_EQ(ParseByteSize("4096").value(), 4096U);
  EXPECT_EQ(ParseByteSize("64MiB").value(), 64U << 20);
  EXPECT_EQ(ParseByteSize("1.5 gb").value(), 1'500'000'000U);
  EXPECT_EQ(ParseByteSize("0B").value(), 0U);
  for (const char* text :
       {"", "MiB", "1 parsec", "1.2.3", "-1", "17EiB", "99999999999999999999", "1M"}) {
    const auto size = ParseByteSize(text);
    EXPECT_TRUE(!size && size.error().code() == Code::kInvalid) << text;
  }
}

}  // namespace
}  // namespace crannog
