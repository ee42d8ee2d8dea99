#include "codec/json.h"

#include <gtest/gtest.h>

#include "codec/json_at.h"

namespace crannog::codec {
namespace {

TEST(Json, KeepsNumbersAndOrder) {
  const std::string text =
      R"({"z":9223372036854775807,"a":-9223372036854775808,"d":0.1,"e":1e300,"n":null,"l":[1,"x"]})";
  auto json = ParseJson(text);
  ASSERT_TRUE(json.has_value()) << json.error().ToString();
  EXPECT_EQ(json->Find("z")->integer(), INT64_MAX);
  EXPECT_EQ(json->Find("a")->integer(), INT64_MIN);
  EXPECT_EQ(WriteJson(*json),
            R"({"z":9223372036854775807,"a":-9223372036854775808,"d":0.1,"e":1e+300,"n":null,)"
            R"("l":[1,"x"]})");
}

TEST(Json, WholeDoublesStayDoubles) {
  EXPECT_EQ(WriteJson(Json(1.0)), "1.0");
  EXPECT_EQ(ParseJson("1.0")->kind(), Json::Kind::kDouble);
  EXPECT_EQ(ParseJson("18446744073709551615")->kind(), Json::Kind::kDouble);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "nul", "\"\\x\"", "\"\xff\"", "1 2", "[1"}) {
    auto json = ParseJson(text);
    ASSERT_FALSE(json.has_value()) << text;
    EXPECT_EQ(json.error().code(), Code::kCorrupt) << text;
  }
}

TEST(Json, BoundsDepthAndSize) {
  EXPECT_EQ(ParseJson(std::string(1000000, '[')).error().code(), Code::kCorrupt);
  EXPECT_EQ(ParseJson("[[1]]", {.depth_max = 1}).error().code(), Code::kCorrupt);
  EXPECT_TRUE(ParseJson("[[1]]", {.depth_max = 2}).has_value());
  EXPECT_EQ(ParseJson("[1]", {.size_bytes_max = 2}).error().code(), Code::kTooLarge);
}

TEST(Json, EscapesRoundTrip) {
  const std::string text("q\" b\\ n\n t\t z\0 \x1f é \xf0\x9f\x98\x80", 24);
  auto back = ParseJson(QuoteJson(text));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->string(), text);
}

TEST(JsonAt, NamesThePath) {
  const Json json = *ParseJson(R"({"a":[{"b":1},{"b":"x"}]})");
  const JsonAt root(json);
  const auto list = root.Member("a");
  ASSERT_TRUE(list.has_value());
  const JsonAt item = list->At(1);
  auto wrong = item.Int("b");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().message().rfind("$.a[1].b: ", 0), 0U) << wrong.error().message();
  EXPECT_EQ(*list->At(0).Int("b"), 1);
  EXPECT_FALSE(root.Int("none").has_value());
  EXPECT_FALSE(root.IntIfAny("none")->has_value());
}

}  // namespace
}  // namespace crannog::codec
