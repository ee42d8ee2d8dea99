// Seeded random work on the object store beside a std::map that says what it ought to hold, with
// restarts and power losses in between. A failure prints the seed that repeats it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "io/random.h"
#include "object/test_lake.h"

namespace crannog::object {
namespace {

struct ModelObject {
  std::string bytes;
  std::string etag;
  std::string owner;  // user metadata
};

class Workload {
 public:
  explicit Workload(uint64_t seed) : random_(seed) {
    EXPECT_TRUE(lake_.store->CreateBucket("lake"));
  }

  void Step() {
    const std::string key = Key();
    switch (random_.Below(12)) {
      case 0:
      case 1:
      case 2:
        return Put(key);
      case 3:
        return ConditionalPut(key);
      case 4:
      case 5:
        return Delete(key);
      case 6:
        return Copy(key, Key());
      case 7:
        return Multipart(key);
      case 8:
        return List();
      case 9:
        return ReadRange(key);
      case 10:
        EXPECT_TRUE(lake_.store->ReclaimNow());
        return;
      default:
        if (random_.Below(8) == 0) Restart();
    }
  }

  void CheckAll() {
    EXPECT_EQ(lake_.Problems(), std::vector<std::string>{});
    for (const auto& [key, object] : model_) {
      ASSERT_EQ(lake_.Read({"lake", key}), object.bytes) << key;
      const auto info = lake_.store->Head({"lake", key});
      EXPECT_EQ(info->etag, object.etag) << key;
      EXPECT_EQ(info->attributes.user_metadata.at("owner"), object.owner) << key;
    }
    const auto page = lake_.store->List("lake", {});
    ASSERT_EQ(page->objects.size(), model_.size());
  }

  void EndWithNothing() {
    for (const auto& [key, object] : model_) {
      EXPECT_TRUE(lake_.store->Delete({"lake", key}, {}).value());
    }
    const auto uploads = lake_.store->ListUploads("lake", {});
    for (const UploadInfo& upload : uploads->uploads) {
      EXPECT_TRUE(lake_.store->AbortUpload({"lake", upload.key}, upload.upload_id));
    }
    EXPECT_TRUE(lake_.store->ReclaimNow());
    EXPECT_EQ(lake_.FileCount(), 0U);
    EXPECT_EQ(lake_.Problems(), std::vector<std::string>{});
  }

 private:
  std::string Key() {
    static constexpr const char* kFolders[] = {"", "a/", "a/b/", "a-", "b/"};
    return kFolders[random_.Below(5)] + std::to_string(random_.Below(6));
  }
  std::string Bytes() {
    static constexpr size_t kSizes[] = {0, 10, kTestInlineMax, kTestInlineMax + 1, 20'000};
    return TestBytes(kSizes[random_.Below(5)], random_.Next64());
  }
  Attributes NewAttributes() {
    Attributes attributes;
    attributes.user_metadata["owner"] = std::to_string(random_.Below(1'000));
    return attributes;
  }
  void Expect(const std::string& key, const std::string& bytes, const ObjectInfo& info) {
    model_[key] = {bytes, info.etag, info.attributes.user_metadata.at("owner")};
  }

  void Put(const std::string& key) {
    const std::string bytes = Bytes();
    PutOptions options;
    options.attributes = NewAttributes();
    if (random_.Below(3) == 0) options.etag = Etag::kOpaque;
    const auto info = lake_.store->PutBytes({"lake", key}, bytes, options);
    ASSERT_TRUE(info) << info.error().ToString();
    Expect(key, bytes, *info);
  }

  void ConditionalPut(const std::string& key) {
    const std::string bytes = Bytes();
    PutOptions options;
    options.attributes = NewAttributes();
    const auto it = model_.find(key);
    bool allowed = it == model_.end();
    if (random_.Below(2) == 0) {
      options.conditions.if_absent = true;
    } else {
      const bool right = random_.Below(2) == 0;
      options.conditions.if_match = right && !allowed ? it->second.etag : "other";
      allowed = right && !allowed;
    }
    const auto info = lake_.store->PutBytes({"lake", key}, bytes, options);
    ASSERT_EQ(info.has_value(), allowed) << key;
    if (info) Expect(key, bytes, *info);
  }

  void Delete(const std::string& key) {
    const auto deleted = lake_.store->Delete({"lake", key}, {});
    ASSERT_TRUE(deleted);
    EXPECT_EQ(*deleted, model_.erase(key) == 1);
  }

  void Copy(const std::string& from, const std::string& to) {
    CopyOptions options;
    if (random_.Below(2) == 0) options.attributes = NewAttributes();
    const auto info = lake_.store->Copy({"lake", from}, {"lake", to}, options);
    ASSERT_EQ(info.has_value(), model_.contains(from));
    if (info) Expect(to, model_[from].bytes, *info);
  }

  void Multipart(const std::string& key) {
    UploadOptions options;
    options.attributes = NewAttributes();
    options.checksum_algorithm = ChecksumAlgorithm::kCrc64Nvme;
    options.checksum_type = ChecksumType::kFullObject;
    const auto upload = lake_.store->CreateUpload({"lake", key}, options);
    ASSERT_TRUE(upload);
    std::string whole;
    std::vector<CompletedPart> parts;
    const uint64_t count = 1 + random_.Below(4);
    for (uint64_t i = 0; i < count; ++i) {
      const bool chosen = random_.Below(5) != 0;
      const auto number = static_cast<uint32_t>(1 + i * 3);
      const std::string bytes = TestBytes(100 + random_.Below(9'000), random_.Next64());
      const auto writer = lake_.store->UploadPart({"lake", key}, *upload, number, {});
      ASSERT_TRUE(writer && (*writer)->Append(bytes));
      const auto part = (*writer)->Finish();
      ASSERT_TRUE(part);
      if (!chosen) continue;
      parts.push_back({number, part->etag, std::nullopt});
      whole += bytes;
    }
    if (parts.empty()) return;  // left open on purpose
    CompleteOptions complete;
    complete.checksum = ChecksumOf(ChecksumAlgorithm::kCrc64Nvme, whole);
    const auto info = lake_.store->CompleteUpload({"lake", key}, *upload, parts, complete);
    ASSERT_TRUE(info) << info.error().ToString();
    Expect(key, whole, *info);
    // Asked again, the answer is the same.
    const auto again = lake_.store->CompleteUpload({"lake", key}, *upload, parts, complete);
    ASSERT_TRUE(again) << again.error().ToString();
    EXPECT_EQ(again->etag, info->etag);
  }

  void List() {
    ListOptions options;
    static constexpr const char* kPrefixes[] = {"", "a", "a/", "b"};
    options.prefix = kPrefixes[random_.Below(4)];
    if (random_.Below(2) == 0) options.start_after = Key();
    options.count_max = 1 + random_.Below(10);
    const auto page = lake_.store->List("lake", options);
    ASSERT_TRUE(page);
    std::vector<std::string> expected;
    for (const auto& [key, object] : model_) {
      const bool wanted = key.starts_with(options.prefix) && key > options.start_after;
      if (wanted && expected.size() < options.count_max) expected.push_back(key);
    }
    std::vector<std::string> found;
    for (const ObjectInfo& info : page->objects) found.push_back(info.key);
    EXPECT_EQ(found, expected);
  }

  void ReadRange(const std::string& key) {
    const auto reader = lake_.store->Get({"lake", key});
    ASSERT_EQ(reader.has_value(), model_.contains(key));
    if (!reader) return;
    const std::string& bytes = model_[key].bytes;
    const size_t offset = random_.Below(bytes.size() + 10);
    std::string part(random_.Below(10'000), '\0');
    const auto got = (*reader)->ReadAt(offset, part);
    ASSERT_TRUE(got) << got.error().ToString();
    part.resize(*got);
    EXPECT_EQ(part, offset < bytes.size() ? bytes.substr(offset, part.size()) : "");
  }

  void Restart() {
    if (random_.Below(2) == 0) {
      lake_.Reopen();
    } else {
      lake_.Crash();
    }
    CheckAll();
  }

  io::SeededRandom random_;
  TestLake lake_;
  std::map<std::string, ModelObject> model_;
};

TEST(ObjectModelTest, RandomWorkAgreesWithAMap) {
  const char* given = std::getenv("CRANNOG_MODEL_SEED");
  const uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const uint64_t last = given != nullptr ? first : 20;
  for (uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("CRANNOG_MODEL_SEED=" + std::to_string(seed));
    Workload workload(seed);
    for (int step = 0; step < 500 && !testing::Test::HasFailure(); ++step) workload.Step();
    workload.CheckAll();
    workload.EndWithNothing();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace crannog::object
