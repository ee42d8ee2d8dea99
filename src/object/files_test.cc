// Both implementations of Files, by the same tests; then what only one of them does.
#include "object/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "io/posix_file_system.h"
#include "object/directory_files.h"
#include "object/local_files.h"
#include "object/location.h"
#include "object/test_lake.h"

namespace crannog::object {
namespace {

using testing::ElementsAre;

enum class Kind { kLocal, kDirectory };

class FilesTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::kLocal) {
      ASSERT_TRUE(lake_.store->CreateBucket("lake"));
      files_ = std::make_unique<LocalFiles>(*lake_.store);
      root_ = "s3://lake/";
      return;
    }
    auto opened = DirectoryFiles::Open(*lake_.disk, "/data/warehouse");
    ASSERT_TRUE(opened) << opened.error().ToString();
    files_ = *std::move(opened);
    root_ = "file:///data/warehouse/";
  }
  std::vector<std::string> List(const std::string& prefix, const std::string& after = "",
                                size_t count = 100) {
    const auto entries = files_->List(root_ + prefix, after.empty() ? "" : root_ + after, count);
    EXPECT_TRUE(entries) << entries.error().ToString();
    std::vector<std::string> names;
    for (const FileEntry& entry : *entries) names.push_back(entry.location.substr(root_.size()));
    return names;
  }
  Status Write(const std::string& name, std::string_view bytes, WriteOptions options = {}) {
    return WriteAll(*files_, root_ + name, bytes, options);
  }

  TestLake lake_;
  std::unique_ptr<Files> files_;
  std::string root_;
};

TEST_P(FilesTest, WritesReadsReplacesAndDeletes) {
  for (const size_t size : {size_t{0}, size_t{10}, size_t{3'000'000}}) {
    const std::string bytes = TestBytes(size, 1);
    ASSERT_TRUE(Write("db/t/metadata/v1.json", bytes));
    EXPECT_EQ(ReadAll(*files_, root_ + "db/t/metadata/v1.json", size).value(), bytes);
  }
  EXPECT_EQ(ReadAll(*files_, root_ + "db/t/metadata/v1.json", 10).error().code(), Code::kTooLarge);
  auto reader = files_->Open(root_ + "db/t/metadata/v1.json");
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->size_bytes(), 3'000'000U);
  EXPECT_FALSE((*reader)->etag().empty());
  ASSERT_TRUE(files_->Delete(root_ + "db/t/metadata/v1.json"));
  std::string still(100, '\0');
  EXPECT_EQ((*reader)->ReadAt(2'999'990, still).value(), 10U);
  EXPECT_EQ(files_->Open(root_ + "db/t/metadata/v1.json").error().code(), Code::kNotFound);
  EXPECT_EQ(files_->Delete(root_ + "db/t/metadata/v1.json").error().code(), Code::kNotFound);
}

TEST_P(FilesTest, IfAbsentIsExclusive) {
  WriteOptions options;
  options.if_absent = true;
  auto first = files_->Create(root_ + "a/b", options);
  ASSERT_TRUE(first && (*first)->Append("1"));
  ASSERT_TRUE(Write("a/b", "2", options));
  EXPECT_EQ((*first)->Finish().error().code(), Code::kExists);
  EXPECT_EQ(Write("a/b", "3", options).error().code(), Code::kExists);
  EXPECT_EQ(ReadAll(*files_, root_ + "a/b", 10).value(), "2");
}

TEST_P(FilesTest, ListsInByteOrderInPages) {
  for (const char* name : {"a/1", "a-", "a/b/2", "b", "a/b-"}) ASSERT_TRUE(Write(name, "x"));
  { auto dropped = files_->Create(root_ + "a/dropped", {}); }
  EXPECT_THAT(List(""), ElementsAre("a-", "a/1", "a/b-", "a/b/2", "b"));
  EXPECT_THAT(List("a/"), ElementsAre("a/1", "a/b-", "a/b/2"));
  EXPECT_THAT(List("a/b"), ElementsAre("a/b-", "a/b/2"));
  EXPECT_THAT(List("", "a/1", 2), ElementsAre("a/b-", "a/b/2"));
  EXPECT_THAT(List("none/"), ElementsAre());
  EXPECT_THAT(List("", "", 0), ElementsAre());
}

TEST_P(FilesTest, WhatIsFinishedSurvivesPowerLoss) {
  ASSERT_TRUE(Write("small", "s"));
  ASSERT_TRUE(Write("d/large", TestBytes(100'000, 5)));
  files_.reset();
  lake_.Crash();
  if (GetParam() == Kind::kLocal) {
    files_ = std::make_unique<LocalFiles>(*lake_.store);
  } else {
    files_ = DirectoryFiles::Open(*lake_.disk, "/data/warehouse").value();
  }
  EXPECT_EQ(ReadAll(*files_, root_ + "small", 10).value(), "s");
  EXPECT_EQ(ReadAll(*files_, root_ + "d/large", 100'000).value(), TestBytes(100'000, 5));
}

INSTANTIATE_TEST_SUITE_P(Both, FilesTest, testing::Values(Kind::kLocal, Kind::kDirectory));

TEST(LocationTest, S3LocationsAreTakenApart) {
  const auto location = ParseS3Location("s3a://my-lake/a//b%20c");
  ASSERT_TRUE(location);
  EXPECT_EQ(location->scheme, "s3a://");
  EXPECT_EQ(location->bucket, "my-lake");
  EXPECT_EQ(location->key, "a//b%20c");
  for (const char* bad : {"", "s3:", "s3://", "s3://UPPER/k", "gs://bucket/k", "file:///a"}) {
    EXPECT_EQ(ParseS3Location(bad).error().code(), Code::kInvalid) << bad;
  }
}

TEST(LocationTest, FileLocationsAreCleanedAndNeverClimb) {
  EXPECT_EQ(ParseFileLocation("file:///a//b/./c/").value(), "/a/b/c");
  EXPECT_EQ(ParseFileLocation("file:/a").value(), "/a");
  EXPECT_EQ(ParseFileLocation("/a").value(), "/a");
  for (const char* bad : {"", "a", "file://host/a", "file:///a/../b", "/..", "s3://b/k"}) {
    EXPECT_EQ(ParseFileLocation(bad).error().code(), Code::kInvalid) << bad;
  }
}

// On the real disk: symbolic links, many writers, leftovers.
class DirectoryFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = testing::TempDir() + "crannog_directory_" + std::to_string(getpid());
    std::filesystem::remove_all(base_);
    std::filesystem::create_directories(base_);
    Open();
  }
  void TearDown() override { std::filesystem::remove_all(base_); }
  void Open() {
    files_.reset();
    auto opened = DirectoryFiles::Open(*disk_, base_ + "/w");
    ASSERT_TRUE(opened) << opened.error().ToString();
    files_ = *std::move(opened);
  }

  std::unique_ptr<io::FileSystem> disk_ = io::MakePosixFileSystem();
  std::string base_;
  std::unique_ptr<DirectoryFiles> files_;
};

TEST_F(DirectoryFilesTest, NothingOutsideTheRootIsReached) {
  const std::string w = "file://" + base_ + "/w";
  ASSERT_TRUE(disk_->WriteFileDurably(base_ + "/secret", "s"));
  std::filesystem::create_symlink(base_, base_ + "/w/out");
  std::filesystem::create_symlink(base_ + "/secret", base_ + "/w/link");
  for (const std::string& location :
       {w + "/../secret", w + "/out/secret", w + "/link", "file://" + base_ + "/secret", w,
        w + "2/x", w + "/.crannog-tmp/x", std::string("s3://b/k")}) {
    EXPECT_EQ(files_->Open(location).error().code(), Code::kInvalid) << location;
    EXPECT_EQ(files_->Create(location, {}).error().code(), Code::kInvalid) << location;
    EXPECT_EQ(files_->Delete(location).error().code(), Code::kInvalid) << location;
  }
  EXPECT_TRUE(files_->Owns(w + "/x"));
  EXPECT_FALSE(files_->Owns(w + "2/x"));
  EXPECT_FALSE(files_->Owns("s3://b/k"));
}

TEST_F(DirectoryFilesTest, FilesLieUnderTheirOwnNames) {
  ASSERT_TRUE(WriteAll(*files_, base_ + "/w/db/t/data/p=1/f.parquet", "x", {}));
  EXPECT_EQ(disk_->ReadFile(base_ + "/w/db/t/data/p=1/f.parquet", 10).value(), "x");
}

TEST_F(DirectoryFilesTest, LeftoversAreSweptUnlessSomebodyElseIsThere) {
  const std::string leftover = base_ + "/w/.crannog-tmp/old";
  ASSERT_TRUE(disk_->WriteFileDurably(leftover, "x"));
  EXPECT_TRUE(DirectoryFiles::Open(*disk_, base_ + "/w"));
  EXPECT_TRUE(disk_->Exists(leftover).value());
  Open();
  EXPECT_FALSE(disk_->Exists(leftover).value());
  EXPECT_EQ(files_->List(base_ + "/w", "", 10)->size(), 0U);
}

TEST_F(DirectoryFilesTest, OneOfManyExclusiveCreatorsWins) {
  std::atomic<int> won = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      WriteOptions options;
      options.if_absent = true;
      const Status written = WriteAll(*files_, base_ + "/w/v1", std::to_string(i), options);
      if (written) ++won;
      EXPECT_TRUE(written || written.error().code() == Code::kExists);
    });
  }
  threads.clear();
  EXPECT_EQ(won, 1);
}

}  // namespace
}  // namespace crannog::object
