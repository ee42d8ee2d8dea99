// Multipart uploads through the Store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/hex.h"
#include "object/test_lake.h"

namespace crannog::object {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr ObjectName kName{"lake", "dir/big"};

class UploadsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(store().CreateBucket("lake")); }
  void TearDown() override { EXPECT_THAT(lake_.Problems(), IsEmpty()); }
  Store& store() { return *lake_.store; }

  std::string Create(const UploadOptions& options = {}) {
    return store().CreateUpload(kName, options).value_or("");
  }
  CompletedPart Upload(const std::string& upload, uint32_t number, const std::string& bytes,
                       const PartOptions& options = {}) {
    auto writer = store().UploadPart(kName, upload, number, options);
    EXPECT_TRUE(writer && (*writer)->Append(bytes));
    const auto info = (*writer)->Finish();
    EXPECT_TRUE(info);
    return {number, info->etag, std::nullopt};
  }

  TestLake lake_;
};

TEST_F(UploadsTest, PartsBecomeOneObjectWithoutBeingCopied) {
  const std::string a = TestBytes(50'000, 1), b = TestBytes(60'000, 2), c = TestBytes(10, 3);
  UploadOptions options;
  options.attributes.content_type = "x/y";
  const std::string upload = Create(options);
  const CompletedPart second = Upload(upload, 2, b);
  const std::vector<CompletedPart> parts = {Upload(upload, 1, a), second, Upload(upload, 7, c)};
  EXPECT_EQ(store().Head(kName).error().code(), Code::kNotFound);
  const uint64_t used = lake_.FileCount();
  const auto info = store().CompleteUpload(kName, upload, parts, {});
  ASSERT_TRUE(info) << info.error().ToString();
  EXPECT_EQ(lake_.FileCount(), used);
  const auto md5 = [](const std::string& s) { return ChecksumOf(ChecksumAlgorithm::kMd5, s); };
  EXPECT_EQ(info->etag, HexEncode(md5(md5(a) + md5(b) + md5(c))) + "-3");
  EXPECT_EQ(info->part_count, 3U);
  EXPECT_EQ(info->attributes.content_type, "x/y");
  lake_.Reopen();
  EXPECT_EQ(lake_.Read(kName), a + b + c);
  const auto reader = store().Get(kName);
  EXPECT_THAT((*reader)->extents(), SizeIs(3));
  std::string across(20'000, '\0');
  EXPECT_EQ((*reader)->ReadAt(49'000, across).value(), across.size());
  EXPECT_EQ(across, (a + b).substr(49'000, across.size()));
  EXPECT_THAT(store().ListUploads("lake", {})->uploads, IsEmpty());
}

TEST_F(UploadsTest, SmallPartsAreJoinedInState) {
  const std::string upload = Create();
  const std::vector<CompletedPart> parts = {Upload(upload, 1, std::string(600, 'a')),
                                            Upload(upload, 2, std::string(10, 'b'))};
  ASSERT_TRUE(store().CompleteUpload(kName, upload, parts, {}));
  EXPECT_EQ(lake_.Read(kName), std::string(600, 'a') + std::string(10, 'b'));
  EXPECT_THAT((*store().Get(kName))->extents(), SizeIs(1));
  EXPECT_EQ(lake_.FileCount(), 0U);
}

TEST_F(UploadsTest, PartsThatAreNotChosenOrReplacedAreReclaimed) {
  const std::string upload = Create();
  Upload(upload, 1, TestBytes(50'000, 1));
  const CompletedPart kept = Upload(upload, 1, TestBytes(50'000, 2));
  Upload(upload, 2, TestBytes(50'000, 3));
  ASSERT_TRUE(store().CompleteUpload(kName, upload, std::vector{kept}, {}));
  ASSERT_TRUE(store().ReclaimNow());
  EXPECT_EQ(lake_.FileCount(), 1U);
  EXPECT_EQ(lake_.Read(kName), TestBytes(50'000, 2));
}

TEST_F(UploadsTest, WrongPartsAreRefusedAndNothingIsLost) {
  const std::string upload = Create();
  const CompletedPart one = Upload(upload, 1, std::string(200, 'a'));
  const CompletedPart two = Upload(upload, 2, std::string(50, 'b'));
  const CompletedPart three = Upload(upload, 3, std::string(50, 'c'));
  const auto code = [&](const std::vector<CompletedPart>& parts, const CompleteOptions& options) {
    return store().CompleteUpload(kName, upload, parts, options).error().code();
  };
  EXPECT_EQ(code({}, {}), Code::kInvalid);
  EXPECT_EQ(code({two, one}, {}), Code::kInvalid);
  EXPECT_EQ(code({one, {9, one.etag, std::nullopt}}, {}), Code::kInvalid);
  EXPECT_EQ(code({{1, two.etag, std::nullopt}}, {}), Code::kInvalid);
  EXPECT_EQ(code({one, two, three}, {}), Code::kTooLarge);
  CompleteOptions options;
  options.size_bytes = 1;
  EXPECT_EQ(code({one}, options), Code::kCorrupt);
  options = {};
  options.conditions.if_match = "*";
  EXPECT_EQ(code({one, two}, options), Code::kNotFound);
  EXPECT_TRUE(store().CompleteUpload(kName, upload, std::vector{one, two}, {}));
  EXPECT_EQ(store().CompleteUpload(kName, "0000000000000000", std::vector{one}, {}).error().code(),
            Code::kNotFound);
}

TEST_F(UploadsTest, AConditionIsDecidedOnCompletion) {
  const std::string upload = Create();
  const std::vector<CompletedPart> parts = {Upload(upload, 1, "x")};
  ASSERT_TRUE(store().PutBytes(kName, "first", {}));
  CompleteOptions options;
  options.conditions.if_absent = true;
  EXPECT_EQ(store().CompleteUpload(kName, upload, parts, options).error().code(),
            Code::kPrecondition);
  EXPECT_EQ(lake_.Read(kName), "first");
  ASSERT_TRUE(store().Delete(kName, {}));
  EXPECT_TRUE(store().CompleteUpload(kName, upload, parts, options));
}

TEST_F(UploadsTest, ChecksumsAreCombinedOrComposed) {
  const std::string a = TestBytes(5'000, 1), b = TestBytes(7'000, 2);
  for (const auto algorithm :
       {ChecksumAlgorithm::kCrc32, ChecksumAlgorithm::kCrc32c, ChecksumAlgorithm::kCrc64Nvme}) {
    UploadOptions options;
    options.checksum_algorithm = algorithm;
    options.checksum_type = ChecksumType::kFullObject;
    const std::string upload = Create(options);
    const std::vector<CompletedPart> parts = {Upload(upload, 1, a), Upload(upload, 2, b)};
    CompleteOptions complete;
    complete.checksum = "wrong";
    EXPECT_EQ(store().CompleteUpload(kName, upload, parts, complete).error().code(),
              Code::kCorrupt);
    complete.checksum = ChecksumOf(algorithm, a + b);
    EXPECT_TRUE(store().CompleteUpload(kName, upload, parts, complete));
  }
  UploadOptions options;
  options.checksum_algorithm = ChecksumAlgorithm::kSha256;
  const std::string upload = Create(options);
  const std::vector<CompletedPart> parts = {Upload(upload, 1, a), Upload(upload, 2, b)};
  const auto info = store().CompleteUpload(kName, upload, parts, {});
  ASSERT_TRUE(info);
  const auto sha = [](const std::string& s) { return ChecksumOf(ChecksumAlgorithm::kSha256, s); };
  EXPECT_EQ(info->checksums.front().ToHeader(), ToBase64(sha(sha(a) + sha(b))) + "-2");
  options.checksum_type = ChecksumType::kFullObject;
  EXPECT_EQ(store().CreateUpload(kName, options).error().code(), Code::kInvalid);
}

TEST_F(UploadsTest, PartsAndUploadsAreListedInPages) {
  const std::string upload = Create();
  for (uint32_t number = 1; number <= 5; ++number) Upload(upload, number, "x");
  std::vector<uint32_t> numbers;
  std::optional<uint32_t> marker = 0;
  while (marker) {
    const auto page = store().ListParts(kName, upload, *marker, 2);
    ASSERT_TRUE(page);
    for (const PartInfo& part : page->parts) numbers.push_back(part.number);
    marker = page->next_part_number_marker;
  }
  EXPECT_THAT(numbers, testing::ElementsAre(1, 2, 3, 4, 5));

  ASSERT_TRUE(store().CreateUpload(kName, {}));
  ASSERT_TRUE(store().CreateUpload({"lake", "zzz"}, {}));
  ListUploadsOptions options;
  options.count_max = 1;
  size_t count = 0;
  while (true) {
    const auto page = store().ListUploads("lake", options);
    ASSERT_TRUE(page);
    count += page->uploads.size();
    if (!page->next_key_marker) break;
    options.key_marker = *page->next_key_marker;
    options.upload_id_marker = page->next_upload_id_marker;
  }
  EXPECT_EQ(count, 3U);
  options = {};
  options.delimiter = "/";
  EXPECT_THAT(store().ListUploads("lake", options)->common_prefixes, testing::ElementsAre("dir/"));
}

TEST_F(UploadsTest, AnAbortedUploadTakesNoMoreParts) {
  const std::string upload = Create();
  auto late = store().UploadPart(kName, upload, 1, {});
  ASSERT_TRUE((*late)->Append(TestBytes(50'000, 1)));
  Upload(upload, 2, TestBytes(50'000, 2));
  ASSERT_TRUE(store().AbortUpload(kName, upload));
  EXPECT_EQ((*late)->Finish().error().code(), Code::kNotFound);
  late->reset();
  EXPECT_EQ(store().AbortUpload(kName, upload).error().code(), Code::kNotFound);
  ASSERT_TRUE(store().ReclaimNow());
  EXPECT_EQ(lake_.FileCount(), 0U);
}

}  // namespace
}  // namespace crannog::object
