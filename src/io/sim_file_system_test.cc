#include "io/sim_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace crannog::io {
namespace {

std::string Read(FileSystem& disk, const std::string& path) {
  const auto content = disk.ReadFile(path, 1 << 20);
  return content ? *content : std::string(CodeName(content.error().code()));
}

TEST(SimFileSystemTest, CrashLosesWhatWasNotSynced) {
  SimFileSystem disk;
  auto file = disk.Open("f", OpenMode::kCreateNew).value();
  ASSERT_TRUE(file->Append("synced"));
  ASSERT_TRUE(file->Sync());
  disk.CrashLosingAll();
  EXPECT_EQ(Read(disk, "f"), "NOT_FOUND") << "its name was never synced";

  file = disk.Open("f", OpenMode::kCreateNew).value();
  ASSERT_TRUE(file->Append("synced"));
  ASSERT_TRUE(file->Sync());
  ASSERT_TRUE(disk.SyncDirectory("."));
  ASSERT_TRUE(file->Append(" and not"));
  ASSERT_TRUE(file->WriteAt(0, "S"));
  disk.CrashLosingAll();
  EXPECT_EQ(Read(disk, "f"), "synced");
  EXPECT_EQ(file->Append("!").error().code(), Code::kIo) << "opened before the crash";
}

TEST(SimFileSystemTest, CrashTearsAtSectorsOnly) {
  const std::string before(4096, 'a');
  const std::string after(4096, 'b');
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.WriteFileDurably("f", before));
    ASSERT_TRUE((*disk.Open("f", OpenMode::kReadWrite))->WriteAt(0, after));
    disk.Crash(seed);
    const std::string content = Read(disk, "f");
    ASSERT_EQ(content.size(), before.size());
    for (size_t i = 0; i < content.size(); ++i) ASSERT_EQ(content[i], content[i / 512 * 512]);
    seen.insert(content);
  }
  EXPECT_TRUE(seen.contains(before));
  EXPECT_TRUE(seen.contains(after));
  EXPECT_GT(seen.size(), 20U);
}

TEST(SimFileSystemTest, CrashCutsFilesBetweenTheirSizes) {
  std::set<size_t> sizes;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.WriteFileDurably("f", "0123456789"));
    ASSERT_TRUE((*disk.Open("f", OpenMode::kReadWrite))->Append("0123456789"));
    disk.Crash(seed);
    const std::string content = Read(disk, "f");
    ASSERT_THAT(content, testing::StartsWith("0123456789"));
    sizes.insert(content.size());
  }
  EXPECT_TRUE(sizes.contains(10) && sizes.contains(20));
  EXPECT_GT(sizes.size(), 4U);
  EXPECT_LE(*sizes.rbegin(), 20U);
}

TEST(SimFileSystemTest, RenamesAreNeverHalfDone) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.CreateDirectories("d"));
    ASSERT_TRUE(disk.WriteFileDurably("a", "new"));
    ASSERT_TRUE(disk.WriteFileDurably("d/b", "old"));
    ASSERT_TRUE(disk.Rename("a", "d/b"));
    disk.Crash(seed);
    seen.insert(Read(disk, "a") + " " + Read(disk, "d/b"));
  }
  EXPECT_THAT(seen, testing::ElementsAre("NOT_FOUND new", "new old"));
}

TEST(SimFileSystemTest, SameSeedSameCrash) {
  std::set<std::string> outcomes;
  for (int i = 0; i < 3; ++i) {
    SimFileSystem disk;
    ASSERT_TRUE(disk.WriteFileDurably("f", std::string(8192, 'a')));
    ASSERT_TRUE((*disk.Open("f", OpenMode::kReadWrite))->WriteAt(0, std::string(8192, 'b')));
    disk.Crash(7);
    outcomes.insert(Read(disk, "f"));
  }
  EXPECT_EQ(outcomes.size(), 1U);
}

TEST(SimFileSystemTest, KillsFailsAndCounts) {
  SimFileSystem disk;
  ASSERT_TRUE(disk.WriteFileDurably("f", "content"));
  EXPECT_EQ(disk.sync_count(), 2U);   // the file and its directory
  EXPECT_EQ(disk.write_count(), 5U);  // create, write, sync, rename, sync
  disk.FailAtSync(2);
  const auto file = disk.Open("f", OpenMode::kReadWrite).value();
  ASSERT_TRUE(file->WriteAt(0, "CONTENT"));
  EXPECT_EQ(file->Sync().error().code(), Code::kIo);
  EXPECT_TRUE(file->Sync());
  disk.KillAtWrite(disk.write_count());
  EXPECT_EQ(file->WriteAt(0, "abcdefg").error().code(), Code::kIo);
  EXPECT_TRUE(disk.killed());
  EXPECT_EQ(Read(disk, "f"), "IO");
  disk.KillProcess();
  EXPECT_EQ(Read(disk, "f"), "abcTENT") << "half of the killed write";
  disk.CrashLosingAll();
  EXPECT_EQ(Read(disk, "f"), "CONTENT");
}

TEST(SimFileSystemTest, FillsUpAndHasRoomAgain) {
  SimFileSystem disk;
  const auto file = disk.Open("f", OpenMode::kCreateNew).value();
  disk.SetCapacity(10);
  ASSERT_TRUE(file->Append("12345678"));
  EXPECT_EQ(disk.FreeBytes(".").value(), 2U);
  EXPECT_EQ(file->Append("901").error().code(), Code::kExhausted);
  EXPECT_TRUE(file->WriteAt(0, "8765")) << "no new room needed";
  EXPECT_TRUE(file->Append("90"));
  disk.ClearFaults();
  EXPECT_TRUE(file->Append("more"));
  EXPECT_EQ(disk.used_bytes(), 14U);
}

TEST(SimFileSystemTest, BitRotReachesTheDurableContent) {
  SimFileSystem disk;
  ASSERT_TRUE(disk.WriteFileDurably("f", "abc"));
  ASSERT_TRUE(disk.FlipBit("f", 1, 0));
  EXPECT_EQ(Read(disk, "f"), "acc");
  disk.CrashLosingAll();
  EXPECT_EQ(Read(disk, "f"), "acc");
  EXPECT_EQ(disk.FlipBit("f", 3, 0).error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace crannog::io
