// The state store on a disk that dies, tears, fails and fills up. Whatever happens, the next open
// must find exactly the first m commits of the workload, for some m that is no smaller than the
// last commit acknowledged as durable: nothing lost, nothing half there, nothing out of order.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

#include "io/clock.h"
#include "io/sim_file_system.h"
#include "state/store.h"

namespace crannog::state {
namespace {

constexpr int kCommits = 24;
constexpr std::string_view kDirectory = "lake/state";

using Content = std::map<std::pair<Table, std::string>, std::string>;

std::string Name(int number) { return "k" + std::to_string(1000 + number); }

// Sizes from a byte to several sectors; content that differs for each commit.
std::string Value(int commit, size_t size) {
  std::string value;
  while (value.size() < size) value += std::to_string(commit * 7919 + 13) + ";";
  value.resize(size);
  return value;
}

// Commit number `n`: puts in three tables (one of them with blob files), deletes an older key.
Batch MakeBatch(int n) {
  Batch batch;
  batch.Put(Table::kMeta, "last", std::to_string(n));
  batch.Put(Table::kObjects, Name(n), Value(n, static_cast<size_t>(1 + n * 37 % 900)));
  batch.Put(Table::kContent, Name(n), Value(n, static_cast<size_t>(n % 2 == 0 ? 3000 : 100)));
  if (n % 3 == 0) batch.Delete(Table::kObjects, Name(n - 2));
  if (n % 7 == 0) batch.DeleteRange(Table::kContent, Name(n - 6), Name(n - 3));
  return batch;
}

// What MakeBatch() does, in a plain map.
Content ModelAfter(int commits) {
  Content content;
  for (int n = 1; n <= commits; ++n) {
    content[{Table::kMeta, "last"}] = std::to_string(n);
    content[{Table::kObjects, Name(n)}] = Value(n, static_cast<size_t>(1 + n * 37 % 900));
    content[{Table::kContent, Name(n)}] = Value(n, static_cast<size_t>(n % 2 == 0 ? 3000 : 100));
    if (n % 3 == 0) content.erase({Table::kObjects, Name(n - 2)});
    if (n % 7 == 0) {
      for (int gone = n - 6; gone < n - 3; ++gone) content.erase({Table::kContent, Name(gone)});
    }
  }
  return content;
}

Sync SyncOf(int n) { return n % 3 == 1 ? Sync::kLater : Sync::kNow; }

Result<std::unique_ptr<Store>> OpenOn(io::SimFileSystem& disk) {
  static io::ManualClock clock;  // RocksDB waits after failures; nobody else need to
  StoreOptions options;
  options.clock = &clock;
  options.directory = std::string(kDirectory);
  options.file_system = &disk;
  return Store::Open(options);
}

Result<Content> ReadAll(const Store& store) {
  Content content;
  for (const Table table : {Table::kMeta, Table::kObjects, Table::kContent}) {
    CRANNOG_ASSIGN(const auto cursor, store.Scan(table, {}));
    while (true) {
      CRANNOG_ASSIGN(const bool more, cursor->Next());
      if (!more) break;
      content[{table, std::string(cursor->key())}] = std::string(cursor->value());
    }
  }
  return content;
}

struct Progress {
  int durable = 0;    // the last commit acknowledged under kNow, or before one that was
  int attempted = 0;  // the last one that was tried
};

// Commits after `progress.attempted` up to `last`, until something fails.
void CommitUpTo(Store& store, int last, Progress& progress) {
  for (int n = progress.attempted + 1; n <= last; ++n) {
    progress.attempted = n;
    if (!store.Commit(MakeBatch(n), SyncOf(n))) return;
    if (SyncOf(n) == Sync::kNow) progress.durable = n;
    // Table files, blob files and MANIFEST changes belong to what is killed.
    if (n == kCommits / 2 && !store.Compact(Table::kContent)) return;
    if (n == kCommits * 3 / 4 && !store.Verify()) return;
  }
}

void OpenAndRun(io::SimFileSystem& disk, int last, Progress& progress) {
  const auto store = OpenOn(disk);
  if (store) CommitUpTo(**store, last, progress);
}

// Opens, finds which prefix of the workload is there, and checks it. -1 when it is none.
int Recover(io::SimFileSystem& disk, const Progress& progress) {
  const auto store = OpenOn(disk);
  EXPECT_TRUE(store) << store.error().ToString();
  if (!store) return -1;
  const auto content = ReadAll(**store);
  EXPECT_TRUE(content) << content.error().ToString();
  if (!content) return -1;
  const auto last = content->find({Table::kMeta, "last"});
  const int found = last == content->end() ? 0 : std::atoi(last->second.c_str());
  EXPECT_GE(found, progress.durable) << "lost what was acknowledged";
  EXPECT_LE(found, progress.attempted);
  EXPECT_TRUE(*content == ModelAfter(found)) << "commit " << found << " is there in part";
  return found;
}

// A run on a disk prepared by `arm`, a crash, a recovery; then more commits, a second crash that
// loses all that may be lost, and a second recovery.
template <typename Arm>
void KillAndRecover(uint64_t seed, Arm arm) {
  io::SimFileSystem disk;
  arm(disk);
  Progress progress;
  OpenAndRun(disk, kCommits, progress);
  disk.Crash(seed);
  const int found = Recover(disk, progress);
  ASSERT_GE(found, 0);

  progress = {found, found};
  OpenAndRun(disk, found + 4, progress);
  ASSERT_GE(progress.durable, found + 3);
  disk.CrashLosingAll();
  ASSERT_GE(Recover(disk, progress), 0);
}

struct Points {
  uint64_t syncs;
  uint64_t writes;
};

Points CountPoints() {
  io::SimFileSystem disk;
  Progress progress;
  OpenAndRun(disk, kCommits, progress);
  EXPECT_EQ(progress.durable, kCommits);
  return {disk.sync_count(), disk.write_count()};
}

// More seeds by CRANNOG_FAULT_SEEDS=n.
uint64_t SeedCount() {
  const char* text = std::getenv("CRANNOG_FAULT_SEEDS");
  return text == nullptr ? 2 : std::strtoull(text, nullptr, 10);
}

TEST(StateFaultTest, KilledAtEverySyncPoint) {
  const Points points = CountPoints();
  ASSERT_GT(points.syncs, 30U);
  for (uint64_t n = 0; n < points.syncs; ++n) {
    for (uint64_t i = 0; i < SeedCount(); ++i) {
      const uint64_t seed = n * 1000 + i;
      SCOPED_TRACE("sync point " + std::to_string(n) + ", seed " + std::to_string(seed));
      KillAndRecover(seed, [&](io::SimFileSystem& disk) { disk.KillAtSync(n); });
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(StateFaultTest, KilledAtEveryWrite) {
  const Points points = CountPoints();
  ASSERT_GT(points.writes, 100U);
  for (uint64_t n = 0; n < points.writes; ++n) {
    for (uint64_t i = 0; i < SeedCount(); ++i) {
      const uint64_t seed = n * 1000 + i;
      SCOPED_TRACE("write " + std::to_string(n) + ", seed " + std::to_string(seed));
      KillAndRecover(seed, [&](io::SimFileSystem& disk) { disk.KillAtWrite(n); });
      if (testing::Test::HasFailure()) return;
    }
  }
}

// The process dies, the machine lives; the next process builds on what was only in the page cache,
// and then the power goes.
TEST(StateFaultTest, KilledProcessThenPowerLoss) {
  const Points points = CountPoints();
  for (uint64_t n = 0; n < points.writes; n += 3) {
    SCOPED_TRACE("write " + std::to_string(n));
    io::SimFileSystem disk;
    disk.KillAtWrite(n);
    Progress progress;
    OpenAndRun(disk, kCommits, progress);
    disk.KillProcess();
    const int found = Recover(disk, progress);
    ASSERT_GE(found, 0);
    progress = {found, found};
    OpenAndRun(disk, found + 4, progress);
    ASSERT_GE(progress.durable, found + 3);
    disk.CrashLosingAll();
    ASSERT_GE(Recover(disk, progress), 0);
  }
}

// One write or sync fails with EIO. What was acknowledged survives, and the store never says that a
// later commit is durable unless it is.
TEST(StateFaultTest, OneFailureAtEveryPoint) {
  const Points points = CountPoints();
  for (uint64_t n = 0; n < points.writes; n += 2) {
    SCOPED_TRACE("failed write " + std::to_string(n));
    io::SimFileSystem disk;
    disk.FailAtWrite(n);
    Progress progress;
    {
      const auto store = OpenOn(disk);
      if (store) {
        CommitUpTo(**store, kCommits, progress);
        const int refused = progress.attempted;
        // Numbers must not be used twice: a refused commit is retried as itself.
        if (refused < kCommits && progress.durable < refused &&
            (*store)->Commit(MakeBatch(refused), Sync::kNow)) {
          progress.durable = refused;
        }
      }
    }
    disk.CrashLosingAll();
    ASSERT_GE(Recover(disk, progress), 0);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(StateFaultTest, FullDiskRefusesAndRecovers) {
  io::SimFileSystem empty;
  ASSERT_TRUE(OpenOn(empty));
  const uint64_t base_bytes = empty.used_bytes();
  for (uint64_t room_bytes = 500; room_bytes < 60'000; room_bytes += 1'700) {
    SCOPED_TRACE("room for " + std::to_string(room_bytes) + " bytes");
    io::SimFileSystem disk;
    Progress progress;
    {
      auto store = OpenOn(disk);
      ASSERT_TRUE(store);
      disk.SetCapacity(base_bytes + room_bytes);
      CommitUpTo(**store, kCommits, progress);
      if (progress.attempted < kCommits) {
        const int refused = progress.attempted;
        const Status again = (*store)->Commit(MakeBatch(refused), Sync::kNow);
        if (!again) {
          EXPECT_EQ(again.error().code(), Code::kExhausted) << again.error().ToString();
          const auto content = ReadAll(**store);
          ASSERT_TRUE(content) << "reads go on: " << content.error().ToString();
          EXPECT_TRUE(*content == ModelAfter(refused) || *content == ModelAfter(refused - 1));
        }
        disk.ClearFaults();
        const Status healed = (*store)->Commit(MakeBatch(refused), Sync::kNow);
        ASSERT_TRUE(healed) << healed.error().ToString();
        progress.durable = refused;
        CommitUpTo(**store, kCommits, progress);
      }
      EXPECT_EQ(progress.durable, kCommits);
    }
    disk.CrashLosingAll();
    ASSERT_EQ(Recover(disk, progress), kCommits);
  }
}

TEST(StateFaultTest, ManyThreadsKilledInMidFlight) {
  constexpr int kThreads = 8;
  for (uint64_t n = 40; n < 240; n += 8) {
    SCOPED_TRACE("write " + std::to_string(n));
    io::SimFileSystem disk;
    disk.KillAtWrite(n);
    std::array<std::atomic<int>, kThreads> acknowledged{};
    {
      auto store = OpenOn(disk);
      if (!store) continue;
      std::vector<std::thread> threads;
      for (size_t thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
          for (int i = 1; i <= 40; ++i) {
            Batch batch;
            batch.Put(Table::kRuns, "thread" + std::to_string(thread), std::to_string(i));
            batch.Put(Table::kOffsets, "thread" + std::to_string(thread), std::to_string(i));
            if (!(*store)->Commit(batch, Sync::kNow)) return;
            acknowledged[thread] = i;
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    }
    disk.Crash(n);
    const auto store = OpenOn(disk);
    ASSERT_TRUE(store) << store.error().ToString();
    for (size_t thread = 0; thread < kThreads; ++thread) {
      const std::string key = "thread" + std::to_string(thread);
      const auto run = (*store)->Get(Table::kRuns, key);
      const auto offset = (*store)->Get(Table::kOffsets, key);
      ASSERT_TRUE(run && offset);
      EXPECT_EQ(*run, *offset) << "half a batch";
      EXPECT_GE(std::atoi(run->value_or("0").c_str()), acknowledged[thread]);
    }
  }
}

}  // namespace
}  // namespace crannog::state
