#include "object/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "base/hex.h"
#include "object/test_lake.h"
#include "object/verify.h"

namespace crannog::object {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr ObjectName kName{"lake", "dir/a.txt"};

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(store().CreateBucket("lake")); }
  void TearDown() override { EXPECT_THAT(lake_.Problems(), IsEmpty()); }

  Store& store() { return *lake_.store; }
  ObjectInfo Put(std::string_view key, std::string_view bytes, PutOptions options = {}) {
    Result<ObjectInfo> info = store().PutBytes({"lake", key}, bytes, std::move(options));
    EXPECT_TRUE(info) << info.error().ToString();
    return info.value_or(ObjectInfo{});
  }
  std::string Get(std::string_view key) { return lake_.Read({"lake", key}); }
  std::vector<std::string> Keys(const ListOptions& options) {
    const Result<ObjectPage> page = store().List("lake", options);
    EXPECT_TRUE(page);
    std::vector<std::string> keys;
    for (const ObjectInfo& info : page->objects) keys.push_back(info.key);
    for (const std::string& common : page->common_prefixes) keys.push_back("[" + common + "]");
    return keys;
  }

  TestLake lake_;
};

TEST_F(StoreTest, BucketsAreCreatedListedAndDeletedOnlyWhenEmpty) {
  EXPECT_EQ(store().CreateBucket("lake").error().code(), Code::kExists);
  EXPECT_EQ(store().CreateBucket("No").error().code(), Code::kInvalid);
  EXPECT_EQ(store().HeadBucket("other").error().code(), Code::kNotFound);
  ASSERT_TRUE(store().CreateBucket("empty"));
  EXPECT_THAT(store().ListBuckets(), SizeIs(2));
  Put("a", "1");
  EXPECT_EQ(store().DeleteBucket("lake").error().code(), Code::kConflict);
  EXPECT_TRUE(store().DeleteBucket("empty"));
  lake_.Reopen();
  ASSERT_THAT(store().ListBuckets(), SizeIs(1));
  EXPECT_EQ(store().ListBuckets().front().name, "lake");
  EXPECT_EQ(store().PutBytes({"empty", "k"}, "x", {}).error().code(), Code::kNotFound);
}

TEST_F(StoreTest, ADeletedBucketTakesItsUploadsAlong) {
  ASSERT_TRUE(store().CreateBucket("brief"));
  const Result<std::string> upload = store().CreateUpload({"brief", "k"}, {});
  ASSERT_TRUE(upload);
  auto part = store().UploadPart({"brief", "k"}, *upload, 1, {});
  ASSERT_TRUE(part && (*part)->Append(std::string(kTestInlineMax + 1, 'x')));
  ASSERT_TRUE((*part)->Finish());
  ASSERT_TRUE(store().DeleteBucket("brief"));
  ASSERT_TRUE(store().CreateBucket("brief"));
  EXPECT_THAT(store().ListUploads("brief", {})->uploads, IsEmpty());
}

TEST_F(StoreTest, SmallAndLargeContentReadBackWholeAndInRanges) {
  for (const size_t size :
       {size_t{0}, size_t{1}, kTestInlineMax, kTestInlineMax + 1, size_t{3'000'000}}) {
    const std::string bytes = TestBytes(size, size);
    const ObjectInfo info = Put("k", bytes);
    EXPECT_EQ(info.size_bytes, size);
    EXPECT_EQ(info.etag, HexEncode(ChecksumOf(ChecksumAlgorithm::kMd5, bytes)));
    const Result<std::unique_ptr<Reader>> reader = store().Get({"lake", "k"});
    ASSERT_TRUE(reader);
    std::string part(100, '\0');
    for (const size_t offset : {size_t{0}, size / 2, size}) {
      const Result<size_t> got = (*reader)->ReadAt(offset, part);
      ASSERT_TRUE(got);
      EXPECT_EQ(*got, std::min(size - offset, part.size()));
      EXPECT_EQ(part.substr(0, *got), bytes.substr(offset, 100));
    }
    EXPECT_EQ(Get("k"), bytes);
    EXPECT_EQ((*reader)->extents().empty(), size == 0);
    EXPECT_EQ(size > kTestInlineMax, size != 0 && !(*reader)->extents().front().path.empty());
  }
}

TEST_F(StoreTest, PiecesOfAnySizeMakeOneObject) {
  const std::string bytes = TestBytes(2'500'000, 7);
  for (const size_t piece : {size_t{1'000}, size_t{100'000}, size_t{2'000'000}}) {
    auto writer = store().Put(kName, {});
    ASSERT_TRUE(writer);
    for (size_t at = 0; at < bytes.size(); at += piece) {
      ASSERT_TRUE((*writer)->Append(std::string_view(bytes).substr(at, piece)));
    }
    ASSERT_TRUE((*writer)->Finish());
    EXPECT_EQ((*writer)->Finish().error().code(), Code::kInvalid);
    EXPECT_EQ(Get(kName.key), bytes);
  }
}

TEST_F(StoreTest, AWriterDroppedLeavesNothing) {
  {
    auto writer = store().Put(kName, {});
    ASSERT_TRUE((*writer)->Append(std::string(2'000'000, 'x')));
  }
  EXPECT_EQ(store().Head(kName).error().code(), Code::kNotFound);
  EXPECT_EQ(lake_.FileCount(), 0U);
}

TEST_F(StoreTest, AttributesAndChecksumsComeBackAfterReopening) {
  PutOptions options;
  options.attributes.content_type = "text/plain";
  options.attributes.headers["cache-control"] = "no-cache";
  options.attributes.user_metadata["owner"] = "\xc3\xa4";
  options.attributes.tags["stage"] = "bronze";
  options.checksums = {ChecksumAlgorithm::kCrc32, ChecksumAlgorithm::kSha256};
  Put("k", "123456789", options);
  lake_.Reopen();
  const Result<ObjectInfo> info = store().Head({"lake", "k"});
  ASSERT_TRUE(info);
  EXPECT_EQ(info->attributes, options.attributes);
  ASSERT_THAT(info->checksums, SizeIs(2));
  EXPECT_EQ(info->checksums[0].ToHeader(), "y/Q5Jg==");
  EXPECT_EQ(info->modified_ms, lake_.clock.NowMillis());
}

TEST_F(StoreTest, ADeclaredChecksumOrSizeThatDoesNotHoldStoresNothing) {
  for (const size_t size : {size_t{9}, kTestInlineMax + 9}) {
    const auto attempt = [&](auto expect) {
      PutOptions options;
      options.checksums = {ChecksumAlgorithm::kCrc64Nvme};
      auto writer = store().Put(kName, options);
      EXPECT_TRUE((*writer)->Append(std::string(size, 'q')));
      EXPECT_TRUE(expect(**writer));
      EXPECT_EQ((*writer)->Finish().error().code(), Code::kCorrupt);
    };
    attempt([](Writer& w) { return w.Expect(ChecksumAlgorithm::kMd5, std::string(16, 'm')); });
    attempt([](Writer& w) { return w.Expect(ChecksumAlgorithm::kCrc64Nvme, "12345678"); });
    attempt([](Writer& w) { return w.ExpectSize(3); });
    EXPECT_EQ(store().Head(kName).error().code(), Code::kNotFound);
    auto writer = store().Put(kName, {});
    EXPECT_EQ((*writer)->Expect(ChecksumAlgorithm::kSha1, std::string(20, 'm')).error().code(),
              Code::kInvalid);
  }
}

TEST_F(StoreTest, WriteConditionsAreKept) {
  PutOptions absent;
  absent.conditions.if_absent = true;
  const ObjectInfo first = Put("k", "1", absent);
  EXPECT_EQ(store().PutBytes({"lake", "k"}, "2", absent).error().code(), Code::kPrecondition);
  PutOptions match;
  match.conditions.if_match = first.etag;
  EXPECT_EQ(store().PutBytes({"lake", "none"}, "2", match).error().code(), Code::kNotFound);
  Put("k", "2", match);
  EXPECT_EQ(store().PutBytes({"lake", "k"}, "3", match).error().code(), Code::kPrecondition);
  EXPECT_EQ(Get("k"), "2");
  EXPECT_EQ(store().Delete({"lake", "k"}, {first.etag, Durability::kNow}).error().code(),
            Code::kPrecondition);
  EXPECT_TRUE(store().Delete({"lake", "k"}, {"*", Durability::kNow}).value());
  EXPECT_FALSE(store().Delete({"lake", "k"}, {}).value());
  EXPECT_EQ(store().Delete({"lake", "k"}, {"*", Durability::kNow}).error().code(), Code::kNotFound);
}

TEST_F(StoreTest, KeysThatS3WouldRefuseAreRefused) {
  for (const std::string& key : {std::string(), std::string(1025, 'k'), std::string("a\0b", 3),
                                 std::string("\xff"), std::string("\xed\xa0\x80")}) {
    EXPECT_EQ(store().PutBytes({"lake", key}, "x", {}).error().code(), Code::kInvalid);
  }
  PutOptions options;
  options.attributes.user_metadata["big"] = std::string(kAttributesSizeBytesMax, 'x');
  EXPECT_EQ(store().PutBytes(kName, "x", options).error().code(), Code::kTooLarge);
}

TEST_F(StoreTest, AReaderOutlivesDeletionAndItsFileStaysInPlace) {
  const std::string bytes = TestBytes(500'000, 1);
  Put("k", bytes);
  auto reader = store().Get({"lake", "k"});
  ASSERT_TRUE(reader);
  ASSERT_TRUE(store().Delete({"lake", "k"}, {}));
  EXPECT_EQ(store().ReclaimNow().value(), 0U);
  EXPECT_TRUE(lake_.disk->Stat((*reader)->extents().front().path));
  std::string read(bytes.size(), '\0');
  EXPECT_EQ((*reader)->ReadAt(0, read).value(), bytes.size());
  EXPECT_EQ(read, bytes);
  reader->reset();
  EXPECT_EQ(store().ReclaimNow().value(), 1U);
  EXPECT_EQ(lake_.FileCount(), 0U);
}

TEST_F(StoreTest, CopiesShareContentUntilTheLastOneGoes) {
  const std::string bytes = TestBytes(500'000, 2);
  PutOptions options;
  options.attributes.user_metadata["v"] = "1";
  const ObjectInfo source = Put("a", bytes, options);
  ASSERT_TRUE(store().Copy({"lake", "a"}, {"lake", "b"}, {}));
  CopyOptions with_attributes;
  with_attributes.attributes.emplace().user_metadata["v"] = "2";
  ASSERT_TRUE(store().Copy({"lake", "b"}, {"lake", "c"}, with_attributes));
  ASSERT_TRUE(store().Copy({"lake", "c"}, {"lake", "c"}, {}));
  ASSERT_TRUE(store().Copy({"lake", "a"}, {"lake", "b"}, {}));
  EXPECT_EQ(lake_.FileCount(), 1U);
  EXPECT_EQ(store().Head({"lake", "b"})->attributes.user_metadata["v"], "1");
  EXPECT_EQ(store().Head({"lake", "c"})->attributes.user_metadata["v"], "2");
  EXPECT_EQ(store().Head({"lake", "c"})->etag, source.etag);
  EXPECT_THAT(lake_.Problems(), IsEmpty());
  ASSERT_TRUE(store().Delete({"lake", "a"}, {}));
  Put("b", "other");
  ASSERT_TRUE(store().ReclaimNow());
  EXPECT_EQ(Get("c"), bytes);
  ASSERT_TRUE(store().Delete({"lake", "c"}, {}));
  ASSERT_TRUE(store().ReclaimNow());
  EXPECT_EQ(lake_.FileCount(), 0U);
}

TEST_F(StoreTest, CopyConditionsAreKept) {
  const ObjectInfo a = Put("a", "1");
  Put("b", "2");
  EXPECT_EQ(store().Copy({"lake", "x"}, {"lake", "b"}, {}).error().code(), Code::kNotFound);
  CopyOptions options;
  options.source_if_none_match = a.etag;
  EXPECT_EQ(store().Copy({"lake", "a"}, {"lake", "b"}, options).error().code(),
            Code::kPrecondition);
  options = {};
  options.conditions.if_absent = true;
  EXPECT_EQ(store().Copy({"lake", "a"}, {"lake", "b"}, options).error().code(),
            Code::kPrecondition);
  EXPECT_EQ(Get("b"), "2");
}

TEST_F(StoreTest, ListingsAreInByteOrderWithPrefixesRolledUp) {
  for (const char* key : {"a", "a/1", "a/2", "a/b/3", "b", "b-", "c/d/e", "\xc3\xa4"})
    Put(key, "x");
  EXPECT_THAT(Keys({}), ElementsAre("a", "a/1", "a/2", "a/b/3", "b", "b-", "c/d/e", "\xc3\xa4"));
  ListOptions options;
  options.delimiter = "/";
  EXPECT_THAT(Keys(options), ElementsAre("a", "b", "b-", "\xc3\xa4", "[a/]", "[c/]"));
  options.prefix = "a/";
  EXPECT_THAT(Keys(options), ElementsAre("a/1", "a/2", "[a/b/]"));
  options.start_after = "a/1";
  EXPECT_THAT(Keys(options), ElementsAre("a/2", "[a/b/]"));
  options = {};
  options.start_after = "b";
  EXPECT_THAT(Keys(options), ElementsAre("b-", "c/d/e", "\xc3\xa4"));
  options.delimiter = "/";
  options.start_after = "c/";
  EXPECT_THAT(Keys(options), ElementsAre("\xc3\xa4"));
  options = {};
  options.count_max = 0;
  EXPECT_FALSE(store().List("lake", options)->continuation_token);
}

TEST_F(StoreTest, PagesJoinToTheWholeListing) {
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) Put("p" + std::to_string(i % 7) + "/" + std::to_string(i), "x");
  ListOptions options;
  options.delimiter = "/";
  for (const char* prefix : {"", "p3/"}) {
    options.prefix = prefix;
    options.count_max = 1'000;
    options.continuation_token.reset();
    const std::vector<std::string> whole = Keys(options);
    for (const size_t count : {size_t{1}, size_t{2}, size_t{3}}) {
      options.count_max = count;
      options.continuation_token.reset();
      std::vector<std::string> joined;
      do {
        for (std::string& key : Keys(options)) joined.push_back(std::move(key));
        options.continuation_token = store().List("lake", options)->continuation_token;
      } while (options.continuation_token);
      EXPECT_EQ(joined, whole);
    }
  }
  options.continuation_token = "garbage";
  EXPECT_EQ(store().List("lake", options).error().code(), Code::kInvalid);
}

TEST_F(StoreTest, WritesWithTheNextCommitCostNoSync) {
  PutOptions options;
  options.durability = Durability::kWithNextCommit;
  Put("first", "x");  // takes the id block
  const uint64_t before = lake_.disk->sync_count();
  for (int i = 0; i < 20; ++i) Put("k" + std::to_string(i), "x", options);
  EXPECT_EQ(lake_.disk->sync_count(), before);
  Put("last", "x");
  lake_.Crash();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Get("k" + std::to_string(i)), "x");
}

TEST_F(StoreTest, OpaqueEtagsDifferFromWriteToWriteAndLookLikeNoMd5) {
  PutOptions options;
  options.etag = Etag::kOpaque;
  const ObjectInfo first = Put("k", "same", options);
  const ObjectInfo second = Put("k", "same", options);
  EXPECT_NE(first.etag, second.etag);
  EXPECT_TRUE(first.etag.ends_with("-1"));
  EXPECT_NE(Put("k", "", options).etag, Put("k", "", options).etag);
}

TEST_F(StoreTest, OnlyOneOfManyConditionalWritersWins) {
  constexpr int kThreads = 8;
  for (const size_t size : {size_t{10}, kTestInlineMax + 10}) {
    std::atomic<int> won = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        PutOptions options;
        options.conditions.if_absent = true;
        const std::string key = "race" + std::to_string(size);
        const auto info =
            store().PutBytes({"lake", key}, std::string(size, static_cast<char>('a' + i)), options);
        if (info) ++won;
        EXPECT_TRUE(info || info.error().code() == Code::kPrecondition);
      });
    }
    threads.clear();
    EXPECT_EQ(won, 1);
  }
}

TEST_F(StoreTest, CompareAndSwapLosesNoIncrement) {
  Put("n", "0");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int done = 0; done < 25;) {
        const auto reader = store().Get({"lake", "n"});
        ASSERT_TRUE(reader);
        std::string text((*reader)->size_bytes(), '\0');
        ASSERT_TRUE((*reader)->ReadAt(0, text));
        PutOptions options;
        options.conditions.if_match = (*reader)->etag();
        if (store().PutBytes({"lake", "n"}, std::to_string(std::stoi(text) + 1), options)) ++done;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(Get("n"), "100");
}

TEST_F(StoreTest, ReadersNeverMeetAHalfOverwrittenObject) {
  std::atomic<bool> stop = false;
  Put("k", std::string(kTestInlineMax * 2, 'a'));
  std::jthread writer([&] {
    for (int i = 0; i < 200; ++i) {
      Put("k", std::string(i % 2 == 0 ? 10 : kTestInlineMax * 2, static_cast<char>('a' + i % 26)));
      EXPECT_TRUE(store().ReclaimNow());
    }
    stop = true;
  });
  while (!stop) {
    const std::string bytes = Get("k");
    ASSERT_FALSE(bytes.empty());
    ASSERT_EQ(bytes, std::string(bytes.size(), bytes.front()));
  }
  writer.join();
  EXPECT_TRUE(store().ReclaimNow());
}

}  // namespace
}  // namespace crannog::object
