#include "cli/statement/load_plan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/output/progress.h"

namespace crannog::cli {
namespace {

class LoadPlan : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("load_plan_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    for (const char* name : {"a.csv", "b.csv", "c.json"}) std::ofstream(folder_ / name) << "x\n1\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string At(const std::string& name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

TEST_F(LoadPlan, GlobsAndSizes) {
  const auto found = FindFiles({At("*.csv"), At("c.json")});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->files, (std::vector<std::string>{At("a.csv"), At("b.csv"), At("c.json")}));
  EXPECT_EQ(found->size_bytes, 12U);
}

TEST_F(LoadPlan, WhatIsNotThere) {
  EXPECT_EQ(FindFiles({At("no.csv")}).error().code(), Code::kNotFound);
  EXPECT_EQ(FindFiles({At("*.parquet")}).error().code(), Code::kNotFound);
  EXPECT_EQ(FindFiles({folder_.string()}).error().code(), Code::kInvalid);
}

TEST_F(LoadPlan, ReadersByExtension) {
  EXPECT_EQ(*SelectFrom({"a.csv", "it's.CSV.GZ"}, {"header=false", "skip=1"}),
            "SELECT * FROM read_csv(['a.csv', 'it''s.CSV.GZ'], union_by_name=true, "
            "header='false', skip=1)");
  EXPECT_EQ(*SelectFrom({"a.parquet", "b.ndjson"}, {}),
            "SELECT * FROM read_json(['b.ndjson'], union_by_name=true) UNION ALL BY NAME "
            "SELECT * FROM read_parquet(['a.parquet'], union_by_name=true)");
  EXPECT_EQ(SelectFrom({"a.xls"}, {}).error().code(), Code::kInvalid);
  EXPECT_EQ(SelectFrom({"a.csv"}, {"header"}).error().code(), Code::kInvalid);
  EXPECT_EQ(SelectFrom({"a.csv"}, {"a) --=1"}).error().code(), Code::kInvalid);
}

TEST_F(LoadPlan, TargetsAreQuoted) {
  const auto plain = LoadTarget::Parse("bronze.orders");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->table, "\"bronze\".\"orders\"");
  EXPECT_EQ(plain->schema, "\"bronze\"");
  const auto odd = LoadTarget::Parse("a.\"b; DROP\"");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->table, "\"a\".\"b; DROP\"");
  EXPECT_EQ(LoadTarget::Parse("orders")->schema, "");
  EXPECT_FALSE(LoadTarget::Parse(""));
}

TEST(Progress, Bars) {
  EXPECT_EQ(Bar(0.5, 0, 4), "[██··]  50%");
  EXPECT_EQ(Bar(2, 0, 4), "[████] 100%");
  for (uint64_t tick = 0; tick < 20; ++tick) {
    const std::string bar = Bar(-1, tick, 6);
    size_t full = 0;
    for (size_t at = bar.find("█"); at != std::string::npos; at = bar.find("█", at + 1)) ++full;
    EXPECT_EQ(full, 3U) << bar;
  }
}

TEST(Progress, NumbersForPeople) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Duration(0.0123), "12.3 ms");
  EXPECT_EQ(Duration(0.85), "850 ms");
  EXPECT_EQ(Duration(12.34), "12.3 s");
  EXPECT_EQ(Duration(200), "3 min 20 s");
}

}  // namespace
}  // namespace crannog::cli
