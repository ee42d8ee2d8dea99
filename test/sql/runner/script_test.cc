#include "script.h"

#include <gtest/gtest.h>

namespace crannog::test {
namespace {

TEST(Script, ReadsEveryKindOfRecord) {
  const auto script = ParseScript(
      "# a comment\n\nstatement ok\nCREATE TABLE t (a INT,\n  b INT)\n\n"
      "statement error NOT_FOUND\nSELECT 1\n\nstatement count 2\nINSERT 1\n\n"
      "query IT rowsort\nSELECT a, b\n----\n1\tx\n2\ty\n\n"
      "let id\nSELECT 7\n\nfile a.csv\n1,2\n\nrestart\nconnection other\n");
  ASSERT_TRUE(script.has_value()) << script.error().ToString();
  ASSERT_EQ(script->records.size(), 8u);
  EXPECT_EQ(script->records[0].body, "CREATE TABLE t (a INT,\n  b INT)");
  EXPECT_EQ(script->records[0].line, 3u);
  EXPECT_EQ(script->records[1].error_code, "NOT_FOUND");
  EXPECT_EQ(script->records[2].changed_count, "2");
  EXPECT_TRUE(script->records[3].sorted);
  EXPECT_EQ(script->records[3].rows, (std::vector<std::string>{"1\tx", "2\ty"}));
  EXPECT_EQ(script->lines[script->records[3].rows_begin], "1\tx");
  EXPECT_EQ(script->records[4].kind, RecordKind::kLet);
  EXPECT_EQ(script->records[5].name, "a.csv");
  EXPECT_EQ(script->records[6].kind, RecordKind::kRestart);
  EXPECT_EQ(script->records[7].name, "other");
}

TEST(Script, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "# nothing\n", "statement\nSELECT 1\n", "statement maybe\nSELECT 1\n",
        "query\nSELECT 1\n----\n1\n", "query I\nSELECT 1\n", "query Z\nSELECT 1\n----\n1\n",
        "statement ok\n\n", "halt\n", "let\nSELECT 1\n"}) {
    const auto script = ParseScript(text);
    ASSERT_FALSE(script.has_value()) << text;
    EXPECT_EQ(script.error().code(), Code::kInvalid) << text;
  }
}

}  // namespace
}  // namespace crannog::test
