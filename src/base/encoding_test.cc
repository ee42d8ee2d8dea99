#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/byte_order.h"
#include "base/hex.h"
#include "base/ordered_key.h"
#include "base/varint.h"

namespace crannog {
namespace {

const std::vector<uint64_t> kNumbers = {
    0, 1, 127, 128, 255, 256, 65535, 0xffffffff, 1ULL << 32, (1ULL << 56) - 1, ~0ULL};

TEST(HexTest, RoundTripsAndRefuses) {
  EXPECT_EQ(HexEncode(std::string_view("\x00\xff\x1a", 3)), "00ff1a");
  EXPECT_EQ(HexDecode("00Ff1a").value(), std::string("\x00\xff\x1a", 3));
  EXPECT_EQ(HexDecode("0").error().code(), Code::kInvalid);
  EXPECT_EQ(HexDecode("0g").error().code(), Code::kInvalid);
}

TEST(ByteOrderTest, BigEndianSortsAsTheNumbersDo) {
  std::string bytes;
  AppendBig16(bytes, 0x0102);
  AppendBig32(bytes, 0x03040506);
  AppendBig64(bytes, 0x0708090a0b0c0d0e);
  EXPECT_EQ(HexEncode(bytes), "0102030405060708090a0b0c0d0e");
  EXPECT_EQ(ReadBig16(bytes), 0x0102);
  EXPECT_EQ(ReadBig32(std::string_view(bytes).substr(2)), 0x03040506U);
  EXPECT_EQ(ReadBig64(std::string_view(bytes).substr(6)), 0x0708090a0b0c0d0eU);
  EXPECT_DEATH(ReadBig64("1234567"), "");
}

TEST(VarintTest, RoundTripsEveryLength) {
  std::string bytes;
  for (const uint64_t number : kNumbers) AppendVarint(bytes, number);
  AppendSized(bytes, "text");
  std::string_view rest = bytes;
  for (const uint64_t number : kNumbers) EXPECT_EQ(TakeVarint(rest).value(), number);
  EXPECT_EQ(TakeSized(rest).value(), "text");
  EXPECT_TRUE(rest.empty());
}

TEST(VarintTest, RefusesWhatIsShortOrTooLarge) {
  for (const std::string_view bytes : {"", "\x80", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                                       "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}) {
    std::string_view rest = bytes;
    EXPECT_EQ(TakeVarint(rest).error().code(), Code::kCorrupt) << HexEncode(bytes);
  }
  std::string_view rest = "\x05four";
  EXPECT_EQ(TakeSized(rest).error().code(), Code::kCorrupt);
}

TEST(OrderedKeyTest, NumbersSortAndRoundTrip) {
  std::vector<std::string> keys;
  for (const uint64_t number : kNumbers) AppendOrderedUint(keys.emplace_back(), number);
  EXPECT_TRUE(std::ranges::is_sorted(keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    std::string_view rest = keys[i];
    EXPECT_EQ(TakeOrderedUint(rest).value(), kNumbers[i]);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(OrderedKeyTest, TextSortsBeforeWhateverFollows) {
  const std::vector<std::string> texts = {
      "",    std::string(1, '\0'), std::string("\0a", 2), "\x01", "a", std::string("a\0", 2), "aa",
      "\xff"};
  ASSERT_TRUE(std::ranges::is_sorted(texts));
  std::vector<std::string> keys;
  for (const std::string& text : texts) {
    for (const uint64_t number : {0ULL, ~0ULL}) {
      AppendOrderedString(keys.emplace_back(), text);
      AppendOrderedUint(keys.back(), number);
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    std::string_view rest = keys[i];
    EXPECT_EQ(TakeOrderedString(rest).value(), texts[i / 2]);
    EXPECT_EQ(TakeOrderedUint(rest).value(), i % 2 == 0 ? 0 : ~0ULL);
  }
}

TEST(OrderedKeyTest, RefusesBytesItNeverWrites) {
  for (const std::string& bytes : {std::string(), std::string("\x09 123456789"),
                                   std::string("\x02\x01"), std::string("\x02\x00\x01", 3)}) {
    std::string_view rest = bytes;
    EXPECT_EQ(TakeOrderedUint(rest).error().code(), Code::kCorrupt) << HexEncode(bytes);
  }
  for (const std::string& bytes :
       {std::string("abc"), std::string("abc\0", 4), std::string("abc\0\x02", 5)}) {
    std::string_view rest = bytes;
    EXPECT_EQ(TakeOrderedString(rest).error().code(), Code::kCorrupt) << HexEncode(bytes);
  }
}

TEST(OrderedKeyTest, PrefixEndIsTheLeastKeyBeyond) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xff\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

}  // namespace
}  // namespace crannog
