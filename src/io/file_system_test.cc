// One contract, two disks: each test runs on the real and on the simulated file system.
#include "io/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "io/posix_file_system.h"
#include "io/sim_file_system.h"

namespace crannog::io {
namespace {

class FileSystemTest : public testing::TestWithParam<bool> {
 protected:
  FileSystemTest() {
    if (GetParam()) {
      std::string pattern = (std::filesystem::temp_directory_path() / "crannog-XXXXXX").string();
      root_ = mkdtemp(pattern.data());
      disk_ = MakePosixFileSystem();
    } else {
      root_ = "root";
      disk_ = std::make_unique<SimFileSystem>();
      EXPECT_TRUE(disk_->CreateDirectory(root_));
    }
  }
  ~FileSystemTest() override {
    if (GetParam()) std::filesystem::remove_all(root_);
  }

  std::string At(std::string_view name) const { return JoinPath(root_, name); }
  void Write(std::string_view name, std::string_view content) {
    EXPECT_TRUE(disk_->WriteFileDurably(At(name), content));
  }
  std::string Read(std::string_view name) {
    const auto content = disk_->ReadFile(At(name), 1 << 20);
    return content ? *content : content.error().ToString();
  }
  std::vector<std::string> Names(std::string_view directory = "") {
    std::vector<std::string> names;
    const auto entries = disk_->List(At(directory)).value();
    for (const DirectoryEntry& entry : entries) {
      names.push_back(entry.name + (entry.is_directory ? "/" : ""));
    }
    return names;
  }

  std::string root_;
  std::unique_ptr<FileSystem> disk_;
};

INSTANTIATE_TEST_SUITE_P(Disks, FileSystemTest, testing::Bool(),
                         [](const auto& disk) { return disk.param ? "Posix" : "Sim"; });

TEST_P(FileSystemTest, ReadsAndWritesAtOffsets) {
  auto file = disk_->Open(At("f"), OpenMode::kCreateNew).value();
  ASSERT_TRUE(file->Append("hello"));
  ASSERT_TRUE(file->Append(" world"));
  ASSERT_TRUE(file->WriteAt(0, "J"));
  ASSERT_TRUE(file->WriteAt(13, "!"));
  EXPECT_EQ(file->Size().value(), 14U);
  std::string to(20, 'x');
  EXPECT_EQ(file->ReadAt(6, to).value(), 8U);
  EXPECT_EQ(to.substr(0, 8), std::string("world\0\0!", 8));
  EXPECT_EQ(file->ReadAt(14, to).value(), 0U);
  ASSERT_TRUE(file->Truncate(5));
  ASSERT_TRUE(file->Append("."));
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(Read("f"), "Jello.");
}

TEST_P(FileSystemTest, ModesSayWhatMustBeThere) {
  EXPECT_EQ(disk_->Open(At("f"), OpenMode::kRead).error().code(), Code::kNotFound);
  EXPECT_EQ(disk_->Open(At("f"), OpenMode::kReadWrite).error().code(), Code::kNotFound);
  EXPECT_TRUE(disk_->Open(At("f"), OpenMode::kCreateNew));
  const auto taken = disk_->Open(At("f"), OpenMode::kCreateNew);
  EXPECT_EQ(taken.error().code(), Code::kExists);
  EXPECT_THAT(taken.error().message(), testing::HasSubstr("open " + At("f") + ": File exists"));
  Write("f", "old");
  ASSERT_TRUE((*disk_->Open(At("f"), OpenMode::kReadWrite))->Append("er"));
  EXPECT_EQ(Read("f"), "older");
  EXPECT_TRUE(disk_->Open(At("f"), OpenMode::kCreate));
  EXPECT_EQ(Read("f"), "older");
  EXPECT_TRUE(disk_->Open(At("f"), OpenMode::kTruncate));
  EXPECT_EQ(Read("f"), "");
  EXPECT_EQ(disk_->Open(root_, OpenMode::kRead).error().code(), Code::kInvalid);
}

TEST_P(FileSystemTest, NamesComeAndGo) {
  Write("a", "1");
  ASSERT_TRUE(disk_->CreateDirectories(At("d/e")));
  EXPECT_THAT(Names(), testing::ElementsAre("a", "d/"));
  EXPECT_EQ(disk_->CreateDirectory(At("d")).error().code(), Code::kExists);
  EXPECT_EQ(disk_->CreateDirectory(At("x/y")).error().code(), Code::kNotFound);
  ASSERT_TRUE(disk_->Link(At("a"), At("d/b")));
  EXPECT_EQ(disk_->Link(At("a"), At("d/b")).error().code(), Code::kExists);
  EXPECT_EQ(disk_->Stat(At("a"))->link_count, 2U);
  ASSERT_TRUE(disk_->Remove(At("a")));
  EXPECT_EQ(Read("d/b"), "1");
  EXPECT_EQ(disk_->Remove(At("a")).error().code(), Code::kNotFound);
  EXPECT_EQ(disk_->RemoveDirectory(At("d")).error().code(), Code::kInvalid);
  Write("c", "2");
  ASSERT_TRUE(disk_->Rename(At("c"), At("d/b")));
  EXPECT_EQ(Read("d/b"), "2");
  EXPECT_EQ(disk_->Rename(At("c"), At("d/b")).error().code(), Code::kNotFound);
  ASSERT_TRUE(disk_->SyncDirectory(At("d")));
  ASSERT_TRUE(disk_->RemoveTree(At("d")));
  EXPECT_TRUE(disk_->RemoveTree(At("d")));
  EXPECT_THAT(Names(), testing::IsEmpty());
}

TEST_P(FileSystemTest, OpenFilesOutliveTheirNames) {
  Write("a", "kept");
  const auto file = disk_->Open(At("a"), OpenMode::kRead).value();
  ASSERT_TRUE(disk_->Remove(At("a")));
  std::string to(4, 'x');
  EXPECT_EQ(file->ReadAt(0, to).value(), 4U);
  EXPECT_EQ(to, "kept");
}

TEST_P(FileSystemTest, LocksExcludeUntilDropped) {
  auto lock = disk_->Lock(At("L"));
  ASSERT_TRUE(lock);
  EXPECT_EQ(disk_->Lock(At("L")).error().code(), Code::kUnavailable);
  lock->reset();
  EXPECT_TRUE(disk_->Lock(At("L")));
}

TEST_P(FileSystemTest, WholeFilesAreBoundedAndReplacedWhole) {
  Write("a", "first, and longer");
  Write("a", "second");
  EXPECT_EQ(Read("a"), "second");
  EXPECT_EQ(disk_->ReadFile(At("a"), 5).error().code(), Code::kTooLarge);
  EXPECT_THAT(Names(), testing::ElementsAre("a"));
  EXPECT_GT(disk_->FreeBytes(root_).value(), 0U);
}

TEST(PathTest, JoinsAndParts) {
  EXPECT_EQ(ParentPath("a/b/c"), "a/b");
  EXPECT_EQ(ParentPath("a/b/"), "a");
  EXPECT_EQ(ParentPath("/c"), "/");
  EXPECT_EQ(ParentPath("/"), "/");
  EXPECT_EQ(ParentPath("c"), ".");
  EXPECT_EQ(JoinPath("a/", "/b"), "a/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
}

}  // namespace
}  // namespace crannog::io
