#include "state/lake_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "io/posix_file_system.h"

namespace crannog::state {
namespace {

class LakeLockTest : public testing::Test {
 protected:
  LakeLockTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "crannog-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~LakeLockTest() override { std::filesystem::remove_all(directory_); }

  // A child process that holds the lake until it is killed; returns once it does.
  pid_t StartHolder() {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
      const auto lock = LakeLock::Acquire(*disk_, lake(), "crannog up");
      const char answer = lock ? 'y' : 'n';
      if (write(ready[1], &answer, 1) != 1) _exit(1);
      pause();
      _exit(0);
    }
    char answer = 0;
    EXPECT_EQ(read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    close(ready[0]);
    close(ready[1]);
    return child;
  }

  std::string lake() const { return directory_ + "/lake"; }

  std::string directory_;
  std::unique_ptr<io::FileSystem> disk_ = io::MakePosixFileSystem();
};

TEST_F(LakeLockTest, NamesTheHolderAndOutlivesItsDeath) {
  const pid_t holder = StartHolder();
  const auto refused = LakeLock::Acquire(*disk_, lake(), "crannog sql");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kUnavailable);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("process " + std::to_string(holder)));
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("crannog up"));
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("kill " + std::to_string(holder)));

  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_EQ(ReadLakeHolder(*disk_, lake()).value()->pid, holder);
  const auto lock = LakeLock::Acquire(*disk_, lake(), "crannog sql");
  ASSERT_TRUE(lock) << lock.error().ToString();
  EXPECT_EQ(ReadLakeHolder(*disk_, lake()).value()->command, "crannog sql");
}

TEST_F(LakeLockTest, ExcludesWithinOneProcessAndTellsOfItsServer) {
  auto lock = LakeLock::Acquire(*disk_, lake(), "crannog\nup");
  ASSERT_TRUE(lock);
  ASSERT_TRUE((*lock)->Announce("127.0.0.1:8080"));
  const auto refused = LakeLock::Acquire(*disk_, lake(), "second");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("serves the lake at 127.0.0.1:8080"));
  EXPECT_EQ(ReadLakeHolder(*disk_, lake()).value()->command, "crannog up");
  lock->reset();
  EXPECT_EQ(ReadLakeHolder(*disk_, lake()).value(), std::nullopt);
  EXPECT_TRUE(LakeLock::Acquire(*disk_, lake(), "second"));
}

TEST_F(LakeLockTest, UnreadableFilesAreNoObstacle) {
  ASSERT_TRUE(disk_->CreateDirectories(lake()));
  ASSERT_TRUE(disk_->WriteFileDurably(lake() + "/LOCK", "\x01garbage: \n\npid: x\n"));
  EXPECT_EQ(ReadLakeHolder(*disk_, lake()).value(), std::nullopt);
  EXPECT_TRUE(LakeLock::Acquire(*disk_, lake(), "crannog sql"));
}

}  // namespace
}  // namespace crannog::state
