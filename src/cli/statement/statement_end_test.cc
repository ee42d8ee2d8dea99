#include "cli/statement/statement_end.h"

#include <gtest/gtest.h>

#include "cli/statement/line_editor.h"
#include "cli/statement/shell.h"

namespace crannog::cli {
namespace {

TEST(StatementEnd, CompleteOnlyAtASemicolonOfItsOwn) {
  EXPECT_TRUE(FindTextEnd("SELECT 1;").complete);
  EXPECT_TRUE(FindTextEnd("SELECT 1; -- done\n").complete);
  EXPECT_TRUE(FindTextEnd("SELECT 1; /* done */ ").complete);
  EXPECT_FALSE(FindTextEnd("SELECT 1").complete);
  EXPECT_FALSE(FindTextEnd("SELECT ';").complete);
  EXPECT_FALSE(FindTextEnd("SELECT \"a;").complete);
  EXPECT_FALSE(FindTextEnd("SELECT 1 -- ;").complete);
  EXPECT_FALSE(FindTextEnd("SELECT 1 /* ;").complete);
  EXPECT_FALSE(FindTextEnd("SELECT 1; SELECT 2").complete);
}

TEST(StatementEnd, QuotesOfEveryKind) {
  EXPECT_TRUE(FindTextEnd("SELECT 'it''s; fine';").complete);
  EXPECT_TRUE(FindTextEnd("SELECT E'it\\'s; fine';").complete);
  EXPECT_TRUE(FindTextEnd("SELECT $$a;'b$$;").complete);
  EXPECT_TRUE(FindTextEnd("SELECT $x$ $$ ; $x$;").complete);
  EXPECT_TRUE(FindTextEnd("SELECT $1;").complete);
  EXPECT_TRUE(FindTextEnd("SELECT a$b;").complete);
  EXPECT_TRUE(FindTextEnd("SELECT $$a;").in_quote);
  EXPECT_TRUE(FindTextEnd("SELECT /* a").in_quote);
}

TEST(StatementEnd, EmptyText) {
  EXPECT_TRUE(FindTextEnd(" \n-- nothing\n/* at all */").empty);
  EXPECT_FALSE(FindTextEnd(";").empty);
}

TEST(HistoryEntry, JoinsLinesOnlyWhenThatMeansTheSame) {
  EXPECT_EQ(HistoryEntry("SELECT 1,\n  2;"), "SELECT 1,   2;");
  EXPECT_EQ(HistoryEntry("SELECT 'a\nb';"), "SELECT 'a\nb';");
  EXPECT_EQ(HistoryEntry("SELECT 1 -- one\n;"), "SELECT 1 -- one\n;");
}

TEST(Complete, OneCandidateIsTakenWhole) {
  const Completion found = Complete("SELECT * FROM bronze.ord", {"orders", "products"});
  EXPECT_EQ(found.erase, 3U);
  EXPECT_EQ(found.insert, "orders ");
  EXPECT_TRUE(found.candidates.empty());
}

TEST(Complete, SeveralAreTakenAsFarAsTheyAgreeAndThenListed) {
  const Completion some = Complete("sel", {"SELECT", "SELECTION"});
  EXPECT_EQ(some.erase, 3U);
  EXPECT_EQ(some.insert, "SELECT");
  const Completion listed = Complete("SELECT", {"SELECT", "SELECTION"});
  EXPECT_TRUE(listed.insert.empty());
  EXPECT_EQ(listed.candidates.size(), 2U);
}

TEST(Complete, NothingFits) {
  const Completion found = Complete("xyz", {"SELECT"});
  EXPECT_EQ(found.erase, 0U);
  EXPECT_TRUE(found.insert.empty());
}

}  // namespace
}  // namespace crannog::cli
