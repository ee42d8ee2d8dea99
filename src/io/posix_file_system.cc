#include "io/posix_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/check.h"

namespace crannog::io {
namespace {

Code CodeOf(int error) {
  switch (error) {
    case ENOENT:
      return Code::kNotFound;
    case EEXIST:
      return Code::kExists;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::kForbidden;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case EFBIG:
      return Code::kExhausted;
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENOTEMPTY:
    case EINVAL:
    case EXDEV:
      return Code::kInvalid;
    case EWOULDBLOCK:
      return Code::kUnavailable;
    default:
      return Code::kIo;
  }
}

std::unexpected<Error> FailErrno(std::string_view operation, std::string_view path, int error) {
  return Fail(CodeOf(error), std::string(operation) + " " + std::string(path) + ": " +
                                 std::generic_category().message(error));
}

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Repeats a call that a signal interrupted.
template <typename Call>
auto Retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor fd, std::string path, uint64_t size_bytes)
      : fd_(std::move(fd)), path_(std::move(path)), append_offset_(size_bytes) {}

  Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const override {
    size_t done = 0;
    while (done < to.size()) {
      const ssize_t count = Retry([&] {
        return pread(fd_.get(), to.data() + done, to.size() - done,
                     static_cast<off_t>(offset_bytes + done));
      });
      if (count < 0) return FailErrno("read", path_, errno);
      if (count == 0) break;
      done += static_cast<size_t>(count);
    }
    return done;
  }

  Status WriteAt(uint64_t offset_bytes, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = Retry([&] {
        return pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset_bytes));
      });
      if (count < 0) return FailErrno("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(count));
      offset_bytes += static_cast<uint64_t>(count);
    }
    return {};
  }

  Status Append(std::string_view bytes) override {
    CRANNOG_RETURN_IF_ERROR(WriteAt(append_offset_, bytes));
    append_offset_ += bytes.size();
    return {};
  }

  Status Sync() override {
    // Never retried: after a failed fdatasync the kernel forgets the dirty pages, and a second
    // call would report a success that did not happen.
    if (fdatasync(fd_.get()) != 0) return FailErrno("sync", path_, errno);
    return {};
  }

  Status Truncate(uint64_t size_bytes) override {
    if (Retry([&] { return ftruncate(fd_.get(), static_cast<off_t>(size_bytes)); }) != 0) {
      return FailErrno("truncate", path_, errno);
    }
    append_offset_ = size_bytes;
    return {};
  }

  Result<uint64_t> Size() const override {
    struct stat info {};
    if (fstat(fd_.get(), &info) != 0) return FailErrno("stat", path_, errno);
    return static_cast<uint64_t>(info.st_size);
  }

 private:
  const Descriptor fd_;
  const std::string path_;
  uint64_t append_offset_;
};

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  const Descriptor fd_;  // closing it releases the lock
};

int OpenFlags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
    case OpenMode::kTruncate:
      return O_RDWR | O_CREAT | O_TRUNC;
  }
  CRANNOG_CHECK(false);
}

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    const int flags = OpenFlags(mode) | O_CLOEXEC;
    Descriptor fd(Retry([&] { return open(path.c_str(), flags, 0644); }));
    if (fd.get() < 0) return FailErrno("open", path, errno);
    struct stat info {};
    if (fstat(fd.get(), &info) != 0) return FailErrno("stat", path, errno);
    if (S_ISDIR(info.st_mode)) return FailErrno("open", path, EISDIR);
    return std::make_unique<PosixFile>(std::move(fd), path, static_cast<uint64_t>(info.st_size));
  }

  Result<FileInfo> Stat(const std::string& path) override {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) return FailErrno("stat", path, errno);
    return FileInfo{
        .size_bytes = static_cast<uint64_t>(info.st_size),
        .modified_ms = info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000,
        .link_count = info.st_nlink,
        .is_directory = S_ISDIR(info.st_mode),
    };
  }

  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(opendir(directory.c_str()), closedir);
    if (stream == nullptr) return FailErrno("list", directory, errno);
    std::vector<DirectoryEntry> entries;
    while (true) {
      errno = 0;
      const dirent* entry = readdir(stream.get());
      if (entry == nullptr && errno != 0) return FailErrno("list", directory, errno);
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      bool is_directory = entry->d_type == DT_DIR;
      if (entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK) {
        const auto info = Stat(JoinPath(directory, name));
        is_directory = info && info->is_directory;
      }
      entries.push_back({std::string(name), is_directory});
    }
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
  }

  Status CreateDirectory(const std::string& path) override {
    if (mkdir(path.c_str(), 0755) != 0) return FailErrno("create directory", path, errno);
    return {};
  }

  Status Remove(const std::string& path) override {
    if (unlink(path.c_str()) != 0) return FailErrno("remove", path, errno);
    return {};
  }

  Status RemoveDirectory(const std::string& path) override {
    if (rmdir(path.c_str()) == 0) return {};
    return FailErrno("remove directory", path, errno == EEXIST ? ENOTEMPTY : errno);
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) == 0) return {};
    return FailErrno("rename to " + to, from, errno);
  }

  Status Link(const std::string& from, const std::string& to) override {
    if (link(from.c_str(), to.c_str()) != 0) return FailErrno("link to " + to, from, errno);
    return {};
  }

  Status SyncDirectory(const std::string& directory) override {
    const Descriptor fd(
        Retry([&] { return open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (fd.get() < 0) return FailErrno("open directory", directory, errno);
    if (fsync(fd.get()) != 0) return FailErrno("sync directory", directory, errno);
    return {};
  }

  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    Descriptor fd(Retry([&] { return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644); }));
    if (fd.get() < 0) return FailErrno("open", path, errno);
    // flock rather than fcntl: the latter lets one process lock a file twice, and drops the lock
    // when any descriptor of the file is closed.
    if (Retry([&] { return flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
      return FailErrno("lock", path, errno);
    }
    return std::make_unique<PosixFileLock>(std::move(fd));
  }

  Result<uint64_t> FreeBytes(const std::string& path) override {
    struct statvfs info {};
    if (statvfs(path.c_str(), &info) != 0) return FailErrno("ask the free space of", path, errno);
    return static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  }
};

}  // namespace

std::unique_ptr<FileSystem> MakePosixFileSystem() { return std::make_unique<PosixFileSystem>(); }

}  // namespace crannog::io
