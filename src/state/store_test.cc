#include "state/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "io/posix_file_system.h"
#include "io/sim_file_system.h"

namespace crannog::state {
namespace {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "crannog-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::unique_ptr<Store> OpenOn(io::FileSystem* disk, const std::string& directory = "lake/state") {
  StoreOptions options;
  options.directory = directory;
  options.file_system = disk;
  auto store = Store::Open(options);
  EXPECT_TRUE(store) << store.error().ToString();
  return store ? std::move(*store) : nullptr;
}

Status PutOne(Store& store, std::string_view key, std::string_view value, Sync sync = Sync::kNow) {
  Batch batch;
  batch.Put(Table::kObjects, key, value);
  return store.Commit(batch, sync);
}

std::string GetOne(const Reader& reader, std::string_view key, Table table = Table::kObjects) {
  const auto value = reader.Get(table, key);
  if (!value) return "error " + value.error().ToString();
  return value->value_or("(none)");
}

std::string Keys(const Reader& reader, const ScanOptions& options, Table table = Table::kObjects) {
  auto cursor = reader.Scan(table, options);
  std::string keys;
  while (true) {
    const auto more = (*cursor)->Next();
    if (!more) return "error " + more.error().ToString();
    if (!*more) return keys;
    keys += std::string((*cursor)->key()) + " ";
  }
}

TEST(StoreTest, KeepsWhatWasCommittedAcrossOpens) {
  io::SimFileSystem disk;
  {
    const auto store = OpenOn(&disk);
    Batch batch;
    batch.Put(Table::kObjects, "a", "1");
    batch.Put(Table::kBuckets, "a", "2");
    batch.Put(Table::kContent, "big", std::string(100'000, 'x'));
    ASSERT_TRUE(store->Commit(batch, Sync::kLater));
    EXPECT_EQ(GetOne(*store, "a"), "1");
    EXPECT_EQ(GetOne(*store, "a", Table::kBuckets), "2");
    EXPECT_EQ(GetOne(*store, "b"), "(none)");
  }
  const auto store = OpenOn(&disk);
  EXPECT_EQ(GetOne(*store, "a"), "1");
  EXPECT_EQ(GetOne(*store, "a", Table::kBuckets), "2");
  EXPECT_EQ(GetOne(*store, "big", Table::kContent), std::string(100'000, 'x'));
}

TEST(StoreTest, ScansRangesBothWays) {
  io::SimFileSystem disk;
  const auto store = OpenOn(&disk);
  for (const char* key : {"a", "b", "ba", "bb", "c", "\xff"}) ASSERT_TRUE(PutOne(*store, key, "v"));
  EXPECT_EQ(Keys(*store, {}), "a b ba bb c \xff ");
  EXPECT_EQ(Keys(*store, ScanOptions::Prefix("b")), "b ba bb ");
  EXPECT_EQ(Keys(*store, ScanOptions::Prefix("\xff")), "\xff ");
  ScanOptions reverse = ScanOptions::Prefix("b");
  reverse.reverse = true;
  EXPECT_EQ(Keys(*store, reverse), "bb ba b ");

  auto cursor = store->Scan(Table::kObjects, ScanOptions::Prefix("b"));
  ASSERT_TRUE((*cursor)->Seek("b0").value());
  EXPECT_EQ((*cursor)->key(), "ba");
  ASSERT_TRUE((*cursor)->Seek("a").value());
  EXPECT_EQ((*cursor)->key(), "b");
  EXPECT_FALSE((*cursor)->Seek("c").value());
  EXPECT_FALSE((*cursor)->Next().value());

  auto backwards = store->Scan(Table::kObjects, reverse);
  ASSERT_TRUE((*backwards)->Seek("b9").value());
  EXPECT_EQ((*backwards)->key(), "b");
  ASSERT_TRUE((*backwards)->Seek("zzz").value());
  EXPECT_EQ((*backwards)->key(), "bb");
}

TEST(StoreTest, SnapshotsAndCursorsStandStill) {
  io::SimFileSystem disk;
  const auto store = OpenOn(&disk);
  ASSERT_TRUE(PutOne(*store, "a", "old"));
  const auto snapshot = store->TakeSnapshot();
  auto cursor = store->Scan(Table::kObjects, {});
  ASSERT_TRUE(PutOne(*store, "a", "new"));
  ASSERT_TRUE(PutOne(*store, "b", "new"));
  EXPECT_EQ(GetOne(*snapshot, "a"), "old");
  EXPECT_EQ(Keys(*snapshot, {}), "a ");
  ASSERT_TRUE((*cursor)->Next().value());
  EXPECT_EQ((*cursor)->value(), "old");
  EXPECT_FALSE((*cursor)->Next().value());

  const std::vector<std::string_view> keys = {"b", "none", "a"};
  const auto now = store->GetMany(Table::kObjects, keys);
  const auto then = snapshot->GetMany(Table::kObjects, keys);
  EXPECT_THAT(*now, testing::ElementsAre("new", std::nullopt, "new"));
  EXPECT_THAT(*then, testing::ElementsAre(std::nullopt, std::nullopt, "old"));
}

TEST(StoreTest, DeletesKeysAndRangesInTheOrderOfTheBatch) {
  io::SimFileSystem disk;
  const auto store = OpenOn(&disk);
  for (const char* key : {"a", "b", "c", "\xff\xff"}) ASSERT_TRUE(PutOne(*store, key, "v"));
  Batch batch;
  batch.Delete(Table::kObjects, "a");
  batch.Put(Table::kObjects, "cc", "gone with the range");
  batch.DeleteRange(Table::kObjects, "c", "");
  batch.Put(Table::kObjects, "d", "after it");
  batch.DeleteRange(Table::kObjects, "b", "b");
  Batch more;
  more.Append(batch);
  ASSERT_TRUE(store->Commit(more, Sync::kNow));
  EXPECT_EQ(Keys(*store, {}), "b d ");
}

TEST(StoreTest, RefusesBatchesBeyondItsLimits) {
  io::SimFileSystem disk;
  const auto store = OpenOn(&disk);
  EXPECT_TRUE(PutOne(*store, std::string(kKeyBytesMax, 'k'), "v"));
  EXPECT_EQ(PutOne(*store, std::string(kKeyBytesMax + 1, 'k'), "v").error().code(),
            Code::kTooLarge);
  Batch batch;
  const std::string piece(32 << 20, 'x');
  for (int i = 0; i < 9; ++i) batch.Put(Table::kObjects, "k", piece);
  EXPECT_EQ(store->Commit(batch, Sync::kLater).error().code(), Code::kTooLarge);
}

TEST(StoreTest, ManyCommittersShareSyncs) {
  const TemporaryDirectory temporary;
  const auto store = OpenOn(nullptr, temporary.path() + "/state");
  constexpr int kThreads = 64;
  constexpr int kCommitsEach = 50;
  const uint64_t syncs_before = store->stats().sync_count;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kCommitsEach; ++i) {
        if (!PutOne(*store, std::to_string(thread * kCommitsEach + i), "v")) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  const StoreStats stats = store->stats();
  EXPECT_EQ(stats.commit_count, kThreads * kCommitsEach);
  EXPECT_GE(stats.sync_count - syncs_before, kCommitsEach);
  EXPECT_LE(stats.sync_count - syncs_before, kThreads * kCommitsEach / 4);
}

TEST(StoreTest, RefusesANewerFormatByName) {
  io::SimFileSystem disk;
  OpenOn(&disk);
  ASSERT_TRUE(disk.WriteFileDurably("lake/state/FORMAT", "crannog state format 7\n2.5.0\nodd\n"));
  StoreOptions options;
  options.directory = "lake/state";
  options.file_system = &disk;
  const auto refused = Store::Open(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kUnsupported);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("use release 2.5.0 or newer"));
  ASSERT_TRUE(disk.WriteFileDurably("lake/state/FORMAT", "crannog sta"));
  EXPECT_EQ(Store::Open(options).error().code(), Code::kCorrupt);
  ASSERT_TRUE(disk.Remove("lake/state/FORMAT"));
  EXPECT_EQ(Store::Open(options).error().code(), Code::kCorrupt);
}

TEST(StoreTest, SecondOpenerIsTurnedAway) {
  io::SimFileSystem disk;
  auto store = OpenOn(&disk);
  StoreOptions options;
  options.directory = "lake/state";
  options.file_system = &disk;
  EXPECT_EQ(Store::Open(options).error().code(), Code::kUnavailable);
  store.reset();
  EXPECT_TRUE(Store::Open(options));
  options.directory = "elsewhere";
  options.create_if_missing = false;
  EXPECT_EQ(Store::Open(options).error().code(), Code::kNotFound);
}

// The files of the store with the given ending.
std::vector<std::string> FilesOf(io::FileSystem& disk, std::string_view ending) {
  std::vector<std::string> paths;
  const auto entries = disk.List("lake/state");
  for (const io::DirectoryEntry& entry : *entries) {
    if (entry.name.ends_with(ending)) paths.push_back("lake/state/" + entry.name);
  }
  return paths;
}

void Fill(Store& store) {
  for (int i = 0; i < 200; ++i) {
    Batch batch;
    batch.Put(Table::kObjects, "object" + std::to_string(i), std::string(200, 'o'));
    batch.Put(Table::kContent, "content" + std::to_string(i), std::string(2000, 'c'));
    ASSERT_TRUE(store.Commit(batch, Sync::kLater));
  }
  ASSERT_TRUE(store.Compact(Table::kObjects));
  ASSERT_TRUE(store.Compact(Table::kContent));
}

TEST(StoreTest, VerifyNamesEveryDamagedFile) {
  io::SimFileSystem disk;
  const auto store = OpenOn(&disk);
  Fill(*store);
  ASSERT_THAT(store->Verify().value(), testing::IsEmpty());
  const auto tables = FilesOf(disk, ".sst");
  const auto blobs = FilesOf(disk, ".blob");
  ASSERT_FALSE(tables.empty());
  ASSERT_FALSE(blobs.empty());
  ASSERT_TRUE(disk.FlipBit(tables[0], 100, 3));
  ASSERT_TRUE(disk.FlipBit(blobs[0], 100, 3));
  std::vector<std::string> damaged;
  const std::vector<VerifyFinding> findings = store->Verify().value();
  for (const VerifyFinding& finding : findings) {
    damaged.push_back("lake/state/" + finding.file);
  }
  EXPECT_THAT(damaged, testing::UnorderedElementsAre(tables[0], blobs[0]));
}

TEST(StoreTest, DamagedOrMissingFilesAreCorruptNeverSilent) {
  for (const bool remove : {false, true}) {
    io::SimFileSystem disk;
    Fill(*OpenOn(&disk));
    for (const std::string& path : FilesOf(disk, ".sst")) {
      if (remove) {
        ASSERT_TRUE(disk.Remove(path));
        continue;
      }
      const uint64_t size_bytes = disk.Stat(path)->size_bytes;
      for (uint64_t i = 0; i < size_bytes; i += 64) ASSERT_TRUE(disk.FlipBit(path, i, 1));
    }
    StoreOptions options;
    options.directory = "lake/state";
    options.file_system = &disk;
    const auto store = Store::Open(options);
    if (store) {
      EXPECT_EQ((*store)->Get(Table::kObjects, "object7").error().code(), Code::kCorrupt);
    } else {
      EXPECT_EQ(store.error().code(), Code::kCorrupt) << store.error().ToString();
    }
  }
}

TEST(StoreTest, BitRotInTheLogIsNotTakenForATornTail) {
  io::SimFileSystem disk;
  {
    const auto store = OpenOn(&disk);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(PutOne(*store, std::to_string(i), "value"));
  }
  const auto logs = FilesOf(disk, ".log");
  ASSERT_EQ(logs.size(), 1U);
  ASSERT_TRUE(disk.FlipBit(logs[0], disk.Stat(logs[0])->size_bytes / 2, 4));
  StoreOptions options;
  options.directory = "lake/state";
  options.file_system = &disk;
  for (int i = 0; i < 2; ++i) {
    const auto store = Store::Open(options);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code(), Code::kCorrupt);
    EXPECT_THAT(store.error().message(), testing::HasSubstr("to 50 were durable"));
  }
  ASSERT_TRUE(disk.FlipBit(logs[0], disk.Stat(logs[0])->size_bytes / 2, 4));
  EXPECT_EQ(GetOne(*OpenOn(&disk), "49"), "value");
}

TEST(StoreTest, StaysSmallAndOpensFast) {
  const TemporaryDirectory temporary;
  const std::string directory = temporary.path() + "/state";
  Fill(*OpenOn(nullptr, directory));
  const auto begin = std::chrono::steady_clock::now();
  const auto store = OpenOn(nullptr, directory);
  const auto taken = std::chrono::steady_clock::now() - begin;
  // Ten times what it takes when nothing else runs: a guard against reading everything.
  EXPECT_LT(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count(), 500);
  EXPECT_LT(store->stats().memory_bytes, 40ULL << 20);
}

}  // namespace
}  // namespace crannog::state
