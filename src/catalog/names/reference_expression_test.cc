#include "catalog/names/reference_expression.h"

#include <gtest/gtest.h>

#include "catalog/names/reference_name.h"

namespace crannog::catalog {
namespace {

using Kind = RelativeStep::Kind;

TEST(ReferenceExpression, ReadsEveryForm) {
  const auto main2 = ReferenceExpression::Parse("main~2^1~");
  ASSERT_TRUE(main2);
  EXPECT_EQ(main2->name, "main");
  ASSERT_EQ(main2->steps.size(), 3u);
  EXPECT_EQ(main2->steps[0], (RelativeStep{Kind::kAncestor, 2, 0}));
  EXPECT_EQ(main2->steps[1], (RelativeStep{Kind::kParent, 1, 0}));
  EXPECT_EQ(main2->steps[2], (RelativeStep{Kind::kAncestor, 1, 0}));
  const auto timed = ReferenceExpression::Parse("main*2026-01-14T00:00:00Z");
  ASSERT_TRUE(timed);
  EXPECT_EQ(timed->steps[0].time_us, 1768348800000000);
  EXPECT_EQ(ReferenceExpression::Parse("a/b@1A2B3C4D")->hash, "1a2b3c4d");
  EXPECT_EQ(ReferenceExpression::Parse("@1a2b3c4d^2")->name, "");
  EXPECT_EQ(ReferenceExpression::Parse("1a2b3c4d")->hash, "1a2b3c4d");
  EXPECT_EQ(ReferenceExpression::Parse("-~1")->name, "main");
  EXPECT_EQ(ReferenceExpression::Parse("main@")->name, "main");
  // Milliseconds: all of that millisecond counts.
  EXPECT_EQ(ReferenceExpression::Parse("main*1768348800000")->steps[0].time_us, 1768348800000999);
}

TEST(ReferenceExpression, PrintsWhatItReads) {
  for (const char* text :
       {"main", "main~2^1", "dev@1a2b3c4d", "@1a2b3c4d^2", "main*2026-01-14T00:00:00.000000Z"}) {
    const auto expression = ReferenceExpression::Parse(text);
    ASSERT_TRUE(expression) << text;
    EXPECT_EQ(*ReferenceExpression::Parse(expression->ToString()), *expression) << text;
  }
}

TEST(ReferenceExpression, RefusesNonsense) {
  for (const char* text :
       {"", "@", "~1", "main~x", "main^-1", "main*", "main*yesterday", "main@123", "main@xyzxyzxyz",
        "a..b", "HEAD", "/a", "main~99999999999999999999"}) {
    const auto expression = ReferenceExpression::Parse(text);
    ASSERT_FALSE(expression) << text;
    EXPECT_EQ(expression.error().code(), Code::kInvalid) << text;
  }
}

TEST(ReferenceName, FollowsNessiesRule) {
  for (const char* name : {"main", "a", "feature/x-1_2.3", "v1.0", "abcdef"})
    EXPECT_TRUE(CheckReferenceName(name)) << name;
  for (const char* name : {"", "1a", "a.", "a/", "a..b", "a b", "deadbeef", "HEAD", "DETACHED"}) {
    EXPECT_FALSE(CheckReferenceName(name)) << name;
  }
}

}  // namespace
}  // namespace crannog::catalog
