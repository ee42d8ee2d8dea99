#include "state/rocks_files_internal.h"

namespace crannog::state {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus ToRocks(const Error& error) {
  switch (error.code()) {
    case Code::kNotFound:
      return IOStatus::PathNotFound(error.message());
    case Code::kExhausted: {
      IOStatus status = IOStatus::NoSpace(error.message());
      status.SetRetryable(true);  // as RocksDB's POSIX layer does: room may come back
      return status;
    }
    default:
      return IOStatus::IOError(error.message());
  }
}

IOStatus ToRocks(const Status& status) { return status ? IOStatus::OK() : ToRocks(status.error()); }

std::string_view View(const Slice& slice) { return {slice.data(), slice.size()}; }

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  explicit SequentialFile(std::unique_ptr<io::File> file) : file_(std::move(file)) {}

  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    const auto count = file_->ReadAt(offset_, {scratch, n});
    if (!count) return ToRocks(count.error());
    *result = Slice(scratch, *count);
    offset_ += *count;
    return IOStatus::OK();
  }

  IOStatus Skip(uint64_t n) override {
    offset_ += n;
    return IOStatus::OK();
  }

 private:
  const std::unique_ptr<io::File> file_;
  uint64_t offset_ = 0;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  explicit RandomAccessFile(std::unique_ptr<io::File> file) : file_(std::move(file)) {}

  IOStatus Read(uint64_t offset, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    const auto count = file_->ReadAt(offset, {scratch, n});
    if (!count) return ToRocks(count.error());
    *result = Slice(scratch, *count);
    return IOStatus::OK();
  }

 private:
  const std::unique_ptr<io::File> file_;
};

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  WritableFile(std::unique_ptr<io::File> file, uint64_t size_bytes)
      : file_(std::move(file)), size_bytes_(size_bytes) {}

  // The overload below with checksums is not ours to answer.
  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    const Status appended = file_->Append(View(data));
    if (appended) size_bytes_ += data.size();
    return ToRocks(appended);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(uint64_t size_bytes, const IOOptions&, IODebugContext*) override {
    if (size_bytes == size_bytes_) return IOStatus::OK();
    size_bytes_ = size_bytes;
    return ToRocks(file_->Truncate(size_bytes));
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();  // the descriptor closes with the object
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return ToRocks(file_->Sync()); }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_bytes_; }

 private:
  const std::unique_ptr<io::File> file_;
  uint64_t size_bytes_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(io::FileSystem& file_system, std::string path)
      : file_system_(&file_system), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return ToRocks(file_system_->SyncDirectory(path_));
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  io::FileSystem* const file_system_;
  const std::string path_;
};

class HeldLock final : public rocksdb::FileLock {
 public:
  explicit HeldLock(std::unique_ptr<io::FileLock> lock) : lock_(std::move(lock)) {}

 private:
  const std::unique_ptr<io::FileLock> lock_;
};

class AdaptedFileSystem final : public rocksdb::FileSystem {
 public:
  explicit AdaptedFileSystem(io::FileSystem& file_system) : under_(&file_system) {}

  const char* Name() const override { return "CrannogFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext*) override {
    auto file = under_->Open(path, io::OpenMode::kRead);
    if (!file) return ToRocks(file.error());
    *result = std::make_unique<SequentialFile>(std::move(*file));
    return IOStatus::OK();
  }

  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                               IODebugContext*) override {
    auto file = under_->Open(path, io::OpenMode::kRead);
    if (!file) return ToRocks(file.error());
    *result = std::make_unique<RandomAccessFile>(std::move(*file));
    return IOStatus::OK();
  }

  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext*) override {
    auto file = under_->Open(path, io::OpenMode::kTruncate);
    if (!file) return ToRocks(file.error());
    *result = std::make_unique<WritableFile>(std::move(*file), 0);
    return IOStatus::OK();
  }

  IOStatus ReopenWritableFile(const std::string& path, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              IODebugContext*) override {
    auto file = under_->Open(path, io::OpenMode::kCreate);
    if (!file) return ToRocks(file.error());
    const auto size_bytes = (*file)->Size();
    if (!size_bytes) return ToRocks(size_bytes.error());
    *result = std::make_unique<WritableFile>(std::move(*file), *size_bytes);
    return IOStatus::OK();
  }

  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext*) override {
    *result = std::make_unique<Directory>(*under_, path);
    return IOStatus::OK();
  }

  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    const auto info = under_->Stat(path);
    if (info) return IOStatus::OK();
    if (info.error().code() == Code::kNotFound) return IOStatus::NotFound(path);
    return ToRocks(info.error());
  }

  IOStatus GetChildren(const std::string& directory, const IOOptions&,
                       std::vector<std::string>* result, IODebugContext*) override {
    const auto entries = under_->List(directory);
    if (!entries) return ToRocks(entries.error());
    result->clear();
    for (const io::DirectoryEntry& entry : *entries) result->push_back(entry.name);
    return IOStatus::OK();
  }

  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return ToRocks(under_->Remove(path));
  }

  IOStatus Truncate(const std::string& path, size_t size_bytes, const IOOptions&,
                    IODebugContext*) override {
    auto file = under_->Open(path, io::OpenMode::kReadWrite);
    if (!file) return ToRocks(file.error());
    return ToRocks((*file)->Truncate(size_bytes));
  }

  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return ToRocks(under_->CreateDirectory(path));
  }

  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) override {
    return ToRocks(under_->CreateDirectories(path));
  }

  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return ToRocks(under_->RemoveDirectory(path));
  }

  IOStatus GetFileSize(const std::string& path, const IOOptions&, uint64_t* size_bytes,
                       IODebugContext*) override {
    const auto info = under_->Stat(path);
    if (!info) return ToRocks(info.error());
    *size_bytes = info->size_bytes;
    return IOStatus::OK();
  }

  IOStatus GetFileModificationTime(const std::string& path, const IOOptions&, uint64_t* time_s,
                                   IODebugContext*) override {
    const auto info = under_->Stat(path);
    if (!info) return ToRocks(info.error());
    *time_s = static_cast<uint64_t>(info->modified_ms / 1000);
    return IOStatus::OK();
  }

  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return ToRocks(under_->Rename(from, to));
  }

  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions&,
                    IODebugContext*) override {
    return ToRocks(under_->Link(from, to));
  }

  IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    auto held = under_->Lock(path);
    if (!held) return ToRocks(held.error());
    *lock = std::make_unique<HeldLock>(std::move(*held)).release();  // UnlockFile() takes it back
    return IOStatus::OK();
  }

  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    const std::unique_ptr<rocksdb::FileLock> held(lock);
    return IOStatus::OK();
  }

  IOStatus GetTestDirectory(const IOOptions&, std::string*, IODebugContext*) override {
    return IOStatus::NotSupported("test directory");
  }

  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* result,
                           IODebugContext*) override {
    *result = path;
    return IOStatus::OK();
  }

  IOStatus GetFreeSpace(const std::string& path, const IOOptions&, uint64_t* free_bytes,
                        IODebugContext*) override {
    const auto free = under_->FreeBytes(path);
    if (!free) return ToRocks(free.error());
    *free_bytes = *free;
    return IOStatus::OK();
  }

  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is_directory,
                       IODebugContext*) override {
    const auto info = under_->Stat(path);
    if (!info) return ToRocks(info.error());
    *is_directory = info->is_directory;
    return IOStatus::OK();
  }

 private:
  io::FileSystem* const under_;
};

// At every open RocksDB writes all its settings to an OPTIONS file, reads them back and compares:
// 10 of the 12 ms that opening takes. Ours are in the program, so the file is refused.
class WithoutOptionsFiles final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "CrannogWithoutOptionsFiles"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* debug) override {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    if (name.starts_with("OPTIONS-")) return IOStatus::NotSupported("OPTIONS files are not kept");
    return FileSystemWrapper::NewWritableFile(path, options, result, debug);
  }
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> MakeRocksFileSystem(io::FileSystem* file_system) {
  std::shared_ptr<rocksdb::FileSystem> under = rocksdb::FileSystem::Default();
  if (file_system != nullptr) under = std::make_shared<AdaptedFileSystem>(*file_system);
  return std::make_shared<WithoutOptionsFiles>(std::move(under));
}

}  // namespace crannog::state
