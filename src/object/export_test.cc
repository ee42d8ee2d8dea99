#include "object/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/test_lake.h"

namespace crannog::object {
namespace {

TEST(ExportTest, WritesATreeOfPlainFilesAndNamesWhatCannotBe) {
  TestLake lake;
  ASSERT_TRUE(lake.store->CreateBucket("lake"));
  ASSERT_TRUE(lake.store->CreateBucket("other"));
  const std::string large = TestBytes(50'000, 1);
  const auto put = [&](std::string_view key, std::string_view bytes) {
    ASSERT_TRUE(lake.store->PutBytes({"lake", key}, bytes, {}));
  };
  put("db/t/large", large);
  put("db/t/small", "s");
  put("empty", "");
  for (const char* key : {"a//b", "../up", "folder/", "empty/below"}) put(key, "x");
  put(std::string(300, 'n'), "x");
  size_t calls = 0;
  const auto report = Export(*lake.store, "/out", [&](const ExportReport& /*so_far*/) { ++calls; });
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->linked_count, 1U);
  EXPECT_EQ(report->copied_count, 2U);
  EXPECT_EQ(report->size_bytes, 50'001U);
  EXPECT_EQ(calls, 8U);
  EXPECT_THAT(report->skipped,
              testing::UnorderedElementsAre(
                  testing::StartsWith("lake/a//b: "), testing::StartsWith("lake/../up: "),
                  testing::StartsWith("lake/folder/: "), testing::StartsWith("lake/empty/below: "),
                  testing::StartsWith("lake/nnn")));
  EXPECT_EQ(lake.disk->ReadFile("/out/lake/db/t/large", 100'000).value(), large);
  EXPECT_EQ(lake.disk->Stat("/out/lake/db/t/large")->link_count, 2U);
  EXPECT_EQ(lake.disk->ReadFile("/out/lake/db/t/small", 10).value(), "s");
  EXPECT_TRUE(lake.disk->Stat("/out/other")->is_directory);
  EXPECT_EQ(Export(*lake.store, "/out", {}).error().code(), Code::kExists);
  // What was exported outlives the object.
  ASSERT_TRUE(lake.store->Delete({"lake", "db/t/large"}, {}));
  ASSERT_TRUE(lake.store->ReclaimNow());
  EXPECT_EQ(lake.disk->ReadFile("/out/lake/db/t/large", 100'000).value(), large);
}

}  // namespace
}  // namespace crannog::object
