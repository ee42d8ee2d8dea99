#include "catalog/content_key.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/limits.h"

namespace crannog::catalog {
namespace {

TEST(ContentKey, PrintsWhatItParses) {
  for (const std::string text : {"a", "bronze.orders", "bronze.\"odd.name\"", "\"a \"\"b\"\"\".c",
                                 "\"x y\"", "\xc3\xa9t\xc3\xa9.\xe6\xbc\xa2"}) {
    const auto key = ContentKey::Parse(text);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(key->ToString(), text);
    EXPECT_EQ(*ContentKey::Decode(key->encoded()), *key);
    EXPECT_EQ(*ContentKey::Of(key->elements()), *key);
  }
  EXPECT_EQ(ContentKey::Parse("bronze.\"odd.name\"")->elements(),
            (std::vector<std::string>{"bronze", "odd.name"}));
}

TEST(ContentKey, RefusesBadNames) {
  for (const std::string text : {"", ".", "a.", ".a", "a..b", "\"", "\"a", "\"a\"b", "a b", "a\"b",
                                 "\"\"", "a\x01", "\xff", "\xc0\x80", "\xed\xa0\x80"}) {
    EXPECT_EQ(ContentKey::Parse(text).error().code(), Code::kInvalid) << text;
  }
  EXPECT_FALSE(ContentKey::Of({std::string(1, '\0')}));
  EXPECT_TRUE(ContentKey::Of({std::string(kKeyBytesMax, 'a')}));
  EXPECT_FALSE(ContentKey::Of({std::string(kKeyBytesMax + 1, 'a')}));
  EXPECT_TRUE(ContentKey::Of(std::vector<std::string>(kKeyElementsMax, "a")));
  EXPECT_FALSE(ContentKey::Of(std::vector<std::string>(kKeyElementsMax + 1, "a")));
  EXPECT_EQ(ContentKey::Decode(std::string("a\0", 2)).error().code(), Code::kCorrupt);
}

TEST(ContentKey, ParentsSortDirectlyBeforeWhatIsBeneath) {
  std::vector<ContentKey> keys;
  for (const char* text : {"a", "a.b", "a.b.c", "a.z", "\"a!\"", "ab", "b"})
    keys.push_back(*ContentKey::Parse(text));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_TRUE(keys[2].IsBeneath(keys[0]));
  EXPECT_FALSE(keys[4].IsBeneath(keys[0]));
  EXPECT_FALSE(keys[0].IsBeneath(keys[0]));
  EXPECT_EQ(keys[2].parent(), keys[1]);
  EXPECT_EQ(keys[2].name(), "c");
  EXPECT_TRUE(keys[0].parent().IsRoot());
  EXPECT_EQ(*keys[0].Child("b"), keys[1]);
}

}  // namespace
}  // namespace crannog::catalog
