// The object store on a disk that dies, fails once, or fills up at every point of a fixed history:
// what was acknowledged is there, what was not is there whole or not at all, and nothing leaks.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "object/test_lake.h"

namespace crannog::object {
namespace {

constexpr size_t kLarge = kTestInlineMax * 3;

// What each key may hold: more than one possibility where an answer never came.
class Expectation {
 public:
  void Acknowledged(const std::string& key, std::optional<std::string> content) {
    allowed_[key] = {std::move(content)};
  }
  void Unanswered(const std::string& key, std::optional<std::string> content) {
    if (!allowed_.contains(key)) allowed_[key] = {std::nullopt};
    allowed_[key].insert(std::move(content));
  }
  std::set<std::optional<std::string>> Of(const std::string& key) const {
    const auto it = allowed_.find(key);
    return it == allowed_.end() ? std::set<std::optional<std::string>>{std::nullopt} : it->second;
  }
  const std::map<std::string, std::set<std::optional<std::string>>>& allowed() const {
    return allowed_;
  }

 private:
  std::map<std::string, std::set<std::optional<std::string>>> allowed_;
};

class History {
 public:
  explicit History(TestLake& lake) : lake_(lake) {}

  // Every step is tried, whatever became of those before it, until the process is dead.
  void Run() {
    Note("", std::nullopt, lake_.store->CreateBucket("lake"));
    Put("small", TestBytes(100, 1), {});
    Put("large", TestBytes(kLarge, 2), {});
    Put("large", TestBytes(kLarge, 3), {});
    Put("empty", "", {});
    Copy("large", "copy");
    Put("large", TestBytes(50, 4), {});
    Reclaim();
    Multipart("parts", {kLarge, kLarge + 1, 10}, 5);
    Copy("parts", "parts2");
    Delete("parts");
    Multipart("small", {30}, 6);
    Abandon("dropped");
    Delete("copy");
    Reclaim();
    Put("small", TestBytes(kLarge, 7), {});
    Delete("parts2");
    Put("absent", TestBytes(200, 8), {});
    Reclaim();
  }

  const Expectation& expected() const { return expected_; }

 private:
  template <typename T>
  void Note(const std::string& key, const std::optional<std::string>& content,
            const std::expected<T, Error>& outcome) {
    if (key.empty()) return;
    if (outcome) {
      expected_.Acknowledged(key, content);
      return;
    }
    // Alive, only kUnknown leaves doubt: every other error promises that nothing changed.
    const bool doubt = lake_.disk->killed() || outcome.error().code() == Code::kUnknown;
    if (doubt) expected_.Unanswered(key, content);
  }

  void Put(const std::string& key, const std::string& bytes, const PutOptions& options) {
    if (lake_.disk->killed()) return;
    Note(key, bytes, lake_.store->PutBytes({"lake", key}, bytes, options));
  }
  void Delete(const std::string& key) {
    if (lake_.disk->killed()) return;
    const auto outcome = lake_.store->Delete({"lake", key}, {});
    // Finding nothing to delete commits nothing: it settles no doubt about the key.
    if (outcome && !*outcome) return;
    Note(key, std::nullopt, outcome);
  }
  void Copy(const std::string& from, const std::string& to) {
    if (lake_.disk->killed()) return;
    const auto source = expected_.Of(from);
    const auto outcome = lake_.store->Copy({"lake", from}, {"lake", to}, {});
    // Copies of something in doubt are in doubt the same way.
    if (source.size() == 1 && source.begin()->has_value()) {
      Note(to, *source.begin(), outcome);
    } else if (outcome || lake_.disk->killed() || outcome.error().code() == Code::kUnknown) {
      for (const auto& content : source) expected_.Unanswered(to, content);
    }
  }
  void Multipart(const std::string& key, const std::vector<size_t>& sizes, uint64_t seed) {
    if (lake_.disk->killed()) return;
    const auto upload = lake_.store->CreateUpload({"lake", key}, {});
    if (!upload) return;
    std::string whole;
    std::vector<CompletedPart> parts;
    for (const size_t size : sizes) {
      const std::string bytes = TestBytes(size, seed + parts.size());
      const auto number = static_cast<uint32_t>(parts.size() + 1);
      const auto writer = lake_.store->UploadPart({"lake", key}, *upload, number, {});
      if (!writer || !(*writer)->Append(bytes)) return;
      const auto part = (*writer)->Finish();
      if (!part) return;
      parts.push_back({number, part->etag, std::nullopt});
      whole += bytes;
    }
    Note(key, whole, lake_.store->CompleteUpload({"lake", key}, *upload, parts, {}));
  }
  void Abandon(const std::string& key) {
    if (lake_.disk->killed()) return;
    const auto upload = lake_.store->CreateUpload({"lake", key}, {});
    if (!upload) return;
    const auto writer = lake_.store->UploadPart({"lake", key}, *upload, 1, {});
    if (writer && (*writer)->Append(TestBytes(kLarge, 9))) (void)(*writer)->Finish();
    (void)lake_.store->AbortUpload({"lake", key}, *upload);
  }
  void Reclaim() { (void)lake_.store->ReclaimNow(); }

  TestLake& lake_;
  Expectation expected_;
};

void CheckLake(TestLake& lake, const Expectation& expected, const std::string& when) {
  for (const auto& [key, allowed] : expected.allowed()) {
    const auto head = lake.store->Head({"lake", key});
    const std::optional<std::string> found =
        head ? std::optional(lake.Read({"lake", key})) : std::nullopt;
    EXPECT_TRUE(allowed.contains(found))
        << when << ": " << key << " has "
        << (found ? std::to_string(found->size()) + " bytes" : head.error().ToString());
  }
  EXPECT_EQ(lake.Problems(), std::vector<std::string>{}) << when;
  // With everything deleted, not a single file may be left.
  if (const auto uploads = lake.store->ListUploads("lake", {})) {
    for (const UploadInfo& upload : uploads->uploads) {
      EXPECT_TRUE(lake.store->AbortUpload({"lake", upload.key}, upload.upload_id)) << when;
    }
  }
  for (const auto& [key, allowed] : expected.allowed()) (void)lake.store->Delete({"lake", key}, {});
  EXPECT_TRUE(lake.store->ReclaimNow()) << when;
  EXPECT_EQ(lake.FileCount(), 0U) << when;
  EXPECT_EQ(lake.Problems(), std::vector<std::string>{}) << when;
}

// How many sync points and changes the history has, from a store just opened.
struct HistorySpan {
  uint64_t sync_begin, sync_end, write_begin, write_end;
};
HistorySpan MeasureHistory() {
  TestLake lake;
  HistorySpan extent{lake.disk->sync_count(), 0, lake.disk->write_count(), 0};
  History history(lake);
  history.Run();
  extent.sync_end = lake.disk->sync_count();
  extent.write_end = lake.disk->write_count();
  CheckLake(lake, history.expected(), "undisturbed");
  return extent;
}

void CrashAndCheck(TestLake& lake, const Expectation& expected, uint64_t seed,
                   const std::string& when) {
  lake.Close();
  lake.disk->Crash(seed);
  const Status opened = lake.TryOpen();
  ASSERT_TRUE(opened) << when << ": " << opened.error().ToString();
  CheckLake(lake, expected, when);
}

TEST(ObjectFaultTest, KilledAtEverySyncPoint) {
  const HistorySpan extent = MeasureHistory();
  ASSERT_GT(extent.sync_end - extent.sync_begin, 30U);
  for (uint64_t n = extent.sync_begin; n < extent.sync_end; ++n) {
    for (const uint64_t seed : {uint64_t{0}, n + 1}) {
      TestLake lake;
      lake.disk->KillAtSync(n);
      History history(lake);
      history.Run();
      CrashAndCheck(lake, history.expected(), seed,
                    "killed at sync " + std::to_string(n) + ", seed " + std::to_string(seed));
    }
  }
}

TEST(ObjectFaultTest, KilledAtEveryChange) {
  const HistorySpan extent = MeasureHistory();
  for (uint64_t n = extent.write_begin; n < extent.write_end; ++n) {
    TestLake lake;
    lake.disk->KillAtWrite(n);
    History history(lake);
    history.Run();
    CrashAndCheck(lake, history.expected(), n * 31, "killed at change " + std::to_string(n));
  }
}

TEST(ObjectFaultTest, KilledWhileRecovering) {
  const HistorySpan extent = MeasureHistory();
  for (uint64_t n = extent.sync_begin; n < extent.sync_end; n += 5) {
    for (uint64_t further = 1; further < 8; ++further) {
      TestLake lake;
      lake.disk->KillAtSync(n);
      History history(lake);
      history.Run();
      lake.Close();
      lake.disk->Crash(n);
      lake.disk->KillAtWrite(lake.disk->write_count() + further * 3);
      if (lake.TryOpen()) (void)lake.store->ReclaimNow();
      CrashAndCheck(lake, history.expected(), further,
                    "killed at sync " + std::to_string(n) + ", then recovering");
    }
  }
}

TEST(ObjectFaultTest, OneFailedSyncOrChangeIsSurvivedWithoutARestart) {
  const HistorySpan extent = MeasureHistory();
  for (uint64_t n = extent.write_begin; n < extent.write_end; ++n) {
    TestLake lake;
    lake.disk->FailAtWrite(n);
    History history(lake);
    history.Run();
    lake.disk->ClearFaults();
    CrashAndCheck(lake, history.expected(), n, "failed change " + std::to_string(n));
  }
  for (uint64_t n = extent.sync_begin; n < extent.sync_end; ++n) {
    TestLake lake;
    lake.disk->FailAtSync(n);
    History history(lake);
    history.Run();
    lake.disk->ClearFaults();
    CrashAndCheck(lake, history.expected(), n, "failed sync " + std::to_string(n));
  }
}

TEST(ObjectFaultTest, AFullDiskRefusesAndLosesNothing) {
  for (uint64_t room = 0; room < 200'000; room += 5'000) {
    TestLake lake;
    ASSERT_TRUE(lake.store->CreateBucket("lake"));
    lake.disk->SetCapacity(lake.disk->used_bytes() + room);
    History history(lake);
    history.Run();
    lake.disk->ClearFaults();
    CrashAndCheck(lake, history.expected(), room, "room " + std::to_string(room));
  }
}

}  // namespace
}  // namespace crannog::object
