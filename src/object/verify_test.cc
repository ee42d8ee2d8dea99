// Each kind of damage, done to the store's own rows and files, is found and named.
#include "object/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/content/entry.h"
#include "object/content/row_keys.h"
#include "object/test_lake.h"

namespace crannog::object {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class VerifyTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lake_.store->CreateBucket("lake"));
    ASSERT_TRUE(lake_.store->PutBytes({"lake", "small"}, "small", {}));
    ASSERT_TRUE(lake_.store->PutBytes({"lake", "large"}, TestBytes(20'000, 1), {}));
    ASSERT_THAT(lake_.Problems(), IsEmpty());
    path_ = (*lake_.store->Get({"lake", "large"}))->extents().front().path;
  }
  void Commit(const state::Batch& batch) {
    ASSERT_TRUE(lake_.state->Commit(batch, state::Sync::kNow));
  }
  std::string RowIn(state::Table table, std::string_view ending) {
    const auto cursor = lake_.state->Scan(table, {});
    while ((*cursor)->Next().value_or(false)) {
      if ((*cursor)->key().ends_with(ending)) return std::string((*cursor)->key());
    }
    return {};
  }

  TestLake lake_;
  std::string path_;  // of the large object's file
};

TEST_F(VerifyTest, AFileThatIsMissingCutOrRotten) {
  ASSERT_TRUE(lake_.disk->FlipBit(path_, 10'000, 3));
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("lake/large: the content does not have the")));
  ASSERT_TRUE((*lake_.disk->Open(path_, io::OpenMode::kReadWrite))->Truncate(19'999));
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("has 19999 bytes instead of 20000")));
  ASSERT_TRUE(lake_.disk->Remove(path_));
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("the file is missing")));
}

TEST_F(VerifyTest, FilesAndRowsThatNobodyOwns) {
  ASSERT_TRUE(lake_.disk->WriteFileDurably("/lake/objects/00/00000000000003e7", "x"));
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("the file has no owner")));
  ASSERT_TRUE(lake_.disk->WriteFileDurably("/lake/objects/00/readme", "x"));
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("readme: is not the store's")));
  state::Batch batch;
  batch.Delete(state::Table::kObjects, RowIn(state::Table::kObjects, std::string("small\0", 6)));
  Commit(batch);
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("has a row but no owner")));
}

TEST_F(VerifyTest, MissingBytesAndWrongCounts) {
  state::Batch batch;
  batch.Delete(state::Table::kContent, RowIn(state::Table::kContent, "i"));
  Commit(batch);
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("has no row")));
  ASSERT_TRUE(lake_.store->Copy({"lake", "large"}, {"lake", "copy"}, {}));
  state::Batch uncounted;
  uncounted.Delete(state::Table::kContent, RowIn(state::Table::kContent, "r"));
  Commit(uncounted);
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("has 2 owners, counts one")));
}

TEST_F(VerifyTest, RowsThatDoNotDecode) {
  state::Batch batch;
  batch.Put(state::Table::kObjects, RowIn(state::Table::kObjects, std::string("small\0", 6)), "?");
  Commit(batch);
  EXPECT_THAT(lake_.Problems(), Contains(HasSubstr("decode object entry")));
  EXPECT_EQ(lake_.store->Head({"lake", "small"}).error().code(), Code::kCorrupt);
}

TEST_F(VerifyTest, ANewerFormatIsRefusedByName) {
  state::Batch batch;
  batch.Put(state::Table::kBuckets, kFormatRow, "\x02");
  Commit(batch);
  lake_.Close();
  const Status opened = lake_.TryOpen();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::kUnsupported);
  EXPECT_THAT(opened.error().message(), HasSubstr("format is 2"));
}

}  // namespace
}  // namespace crannog::object
