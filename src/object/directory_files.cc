#include "object/directory_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "io/random.h"
#include "object/content/limits.h"
#include "object/content/row_keys.h"
#include "object/directory_walk.h"
#include "object/location.h"

namespace crannog::object {

namespace {

constexpr std::string_view kLockName = "LOCK";

// Symbolic links resolved as far as the path exists. The simulated disk has none, and nothing of
// it exists on the real one, so there the path stays as it is.
Result<std::string> Canonical(const std::string& path) {
  std::error_code error;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  if (!error) return resolved.string();
  return Fail(Code::kInvalid, "resolve " + path + ": " + error.message());
}

bool LiesWithin(std::string_view path, std::string_view root) {
  return path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/';
}

class DirectoryFileReader final : public FileReader {
 public:
  DirectoryFileReader(std::unique_ptr<io::File> file, const io::FileInfo& info)
      : file_(std::move(file)),
        info_(info),
        // Files here are written once and replaced whole; two versions of one size within a
        // millisecond are the price of keeping nothing beside the file.
        etag_(IdToHex(static_cast<uint64_t>(info.modified_ms)) + IdToHex(info.size_bytes) + "-1") {}
  uint64_t size_bytes() const override { return info_.size_bytes; }
  int64_t modified_ms() const override { return info_.modified_ms; }
  const std::string& etag() const override { return etag_; }
  Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const override {
    return file_->ReadAt(offset_bytes, to);
  }

 private:
  std::unique_ptr<io::File> file_;
  io::FileInfo info_;
  std::string etag_;
};

class DirectoryFileWriter final : public FileWriter {
 public:
  struct Target {
    std::string temporary_path;
    std::string path;
    bool if_absent = false;
  };
  DirectoryFileWriter(io::FileSystem& files, std::unique_ptr<io::File> file, Target target)
      : files_(&files), file_(std::move(file)), target_(std::move(target)) {}
  ~DirectoryFileWriter() override {
    file_.reset();
    // What cannot be removed now is swept later.
    if (!done_) (void)files_->Remove(target_.temporary_path);
  }

  Status Append(std::string_view bytes) override {
    size_bytes_ += bytes.size();
    if (buffer_.size() + bytes.size() < kWriteBufferSizeBytes) {
      buffer_ += bytes;
      return {};
    }
    CRANNOG_RETURN_IF_ERROR(FlushBuffer());
    return file_->Append(bytes);
  }
  uint64_t size_bytes() const override { return size_bytes_; }

  Status Finish() override {
    if (done_) return Fail(Code::kInvalid, "write " + target_.path + ": already finished");
    CRANNOG_RETURN_IF_ERROR(FlushBuffer());
    CRANNOG_RETURN_IF_ERROR(file_->Sync());
    CRANNOG_ASSIGN(const uint64_t written, file_->Size());
    if (written != size_bytes_) {
      return Fail(Code::kIo, "write " + target_.path + ": an earlier write failed");
    }
    const std::string parent = io::ParentPath(target_.path);
    CRANNOG_RETURN_IF_ERROR(files_->CreateDirectories(parent));
    if (target_.if_absent) {
      // A link is made only where there is nothing yet, whoever else tries.
      CRANNOG_RETURN_IF_ERROR(files_->Link(target_.temporary_path, target_.path));
      (void)files_->Remove(target_.temporary_path);
    } else {
      CRANNOG_RETURN_IF_ERROR(files_->Rename(target_.temporary_path, target_.path));
    }
    done_ = true;
    const Status synced = files_->SyncDirectory(parent);
    if (synced) return {};
    return Fail(Code::kUnknown, synced.error().message());
  }

 private:
  Status FlushBuffer() {
    if (buffer_.empty()) return {};
    CRANNOG_RETURN_IF_ERROR(file_->Append(buffer_));
    buffer_.clear();
    return {};
  }

  io::FileSystem* files_;  // not null
  std::unique_ptr<io::File> file_;
  Target target_;
  std::string buffer_;
  uint64_t size_bytes_ = 0;
  bool done_ = false;
};

}  // namespace

DirectoryFiles::DirectoryFiles(io::FileSystem& files, std::string root)
    : files_(&files), root_(std::move(root)) {}

Result<std::unique_ptr<DirectoryFiles>> DirectoryFiles::Open(io::FileSystem& files,
                                                             std::string root) {
  CRANNOG_ASSIGN(std::string path, ParseFileLocation(root));
  if (path == "/") return Fail(Code::kInvalid, "open warehouse /: must be a folder of its own");
  std::unique_ptr<DirectoryFiles> opened(new DirectoryFiles(files, std::move(path)));
  CRANNOG_RETURN_IF_ERROR(files.CreateDirectories(opened->root_));
  CRANNOG_ASSIGN(opened->canonical_root_, Canonical(opened->root_));
  CRANNOG_RETURN_IF_ERROR(opened->PrepareToWrite());
  return opened;
}

Result<std::unique_ptr<DirectoryFiles>> DirectoryFiles::OpenExisting(io::FileSystem& files,
                                                                     std::string root) {
  CRANNOG_ASSIGN(std::string path, ParseFileLocation(root));
  CRANNOG_ASSIGN(const bool there, files.Exists(path));
  if (path == "/" || !there) return Fail(Code::kNotFound, "open folder " + path);
  std::unique_ptr<DirectoryFiles> opened(new DirectoryFiles(files, std::move(path)));
  CRANNOG_ASSIGN(opened->canonical_root_, Canonical(opened->root_));
  return opened;
}

Status DirectoryFiles::PrepareToWrite() {
  const std::lock_guard guard(prepare_mutex_);
  if (!temporary_stem_.empty()) return {};
  CRANNOG_RETURN_IF_ERROR(
      files_->CreateDirectories(io::JoinPath(root_, kWarehouseTemporaryFolder)));
  return Sweep();
}

Status DirectoryFiles::Sweep() {
  const std::string folder = io::JoinPath(root_, kWarehouseTemporaryFolder);
  io::SystemRandom random;
  temporary_stem_ = io::JoinPath(folder, IdToHex(random.Next64())) + "-";
  Result<std::unique_ptr<io::FileLock>> lock = files_->Lock(io::JoinPath(folder, kLockName));
  if (!lock) {
    if (lock.error().code() == Code::kUnavailable) return {};
    return std::unexpected(std::move(lock).error());
  }
  lock_ = *std::move(lock);
  CRANNOG_ASSIGN(const std::vector<io::DirectoryEntry> leftovers, files_->List(folder));
  for (const io::DirectoryEntry& entry : leftovers) {
    if (entry.name == kLockName) continue;
    const Status removed = files_->Remove(io::JoinPath(folder, entry.name));
    if (!removed && removed.error().code() != Code::kNotFound) return removed;
  }
  return {};
}

bool DirectoryFiles::Owns(std::string_view location) const {
  const Result<std::string> path = ParseFileLocation(location);
  return path && (*path == root_ || LiesWithin(*path, root_));
}

Result<std::string> DirectoryFiles::PathOf(std::string_view location) const {
  CRANNOG_ASSIGN(std::string path, ParseFileLocation(location));
  const std::string_view name = path;
  if (!LiesWithin(path, root_) ||
      name.substr(root_.size() + 1).starts_with(kWarehouseTemporaryFolder)) {
    return Fail(Code::kInvalid,
                "location " + std::string(location) + ": not in the warehouse " + root_);
  }
  CRANNOG_ASSIGN(const std::string canonical, Canonical(path));
  if (LiesWithin(canonical, canonical_root_)) return path;
  return Fail(Code::kInvalid, "location " + std::string(location) +
                                  ": a symbolic link leads out of the warehouse " + root_);
}

Result<std::unique_ptr<FileReader>> DirectoryFiles::Open(std::string_view location) {
  CRANNOG_ASSIGN(const std::string path, PathOf(location));
  CRANNOG_ASSIGN(io::FileInfo info, files_->Stat(path));
  if (info.is_directory) return Fail(Code::kNotFound, "open " + path + ": it is a directory");
  CRANNOG_ASSIGN(std::unique_ptr<io::File> file, files_->Open(path, io::OpenMode::kRead));
  // Of the file that was opened, which may have replaced the one just looked at.
  CRANNOG_ASSIGN(info.size_bytes, file->Size());
  return std::make_unique<DirectoryFileReader>(std::move(file), info);
}

Result<std::unique_ptr<FileWriter>> DirectoryFiles::Create(std::string_view location,
                                                           const WriteOptions& options) {
  CRANNOG_ASSIGN(std::string path, PathOf(location));
  if (location.ends_with('/')) {
    return Fail(Code::kInvalid, "create " + std::string(location) + ": a file needs a name");
  }
  if (options.if_absent) {
    CRANNOG_ASSIGN(const bool taken, files_->Exists(path));
    if (taken) return Fail(Code::kExists, "create " + path + ": it exists");
  }
  CRANNOG_RETURN_IF_ERROR(PrepareToWrite());
  std::string temporary = temporary_stem_ + IdToHex(temporary_next_.fetch_add(1));
  CRANNOG_ASSIGN(std::unique_ptr<io::File> file, files_->Open(temporary, io::OpenMode::kCreateNew));
  return std::make_unique<DirectoryFileWriter>(
      *files_, std::move(file),
      DirectoryFileWriter::Target{std::move(temporary), std::move(path), options.if_absent});
}

Status DirectoryFiles::Delete(std::string_view location) {
  CRANNOG_ASSIGN(const std::string path, PathOf(location));
  CRANNOG_ASSIGN(const io::FileInfo info, files_->Stat(path));
  if (info.is_directory) return Fail(Code::kNotFound, "delete " + path + ": it is a directory");
  CRANNOG_RETURN_IF_ERROR(files_->Remove(path));
  return files_->SyncDirectory(io::ParentPath(path));
}

Result<std::vector<FileEntry>> DirectoryFiles::List(std::string_view prefix,
                                                    std::string_view start_after,
                                                    size_t count_max) {
  CRANNOG_ASSIGN(std::string path, ParseFileLocation(prefix));
  if (path != root_ && !LiesWithin(path, root_)) {
    return Fail(Code::kInvalid, "list " + std::string(prefix) + ": not in the warehouse " + root_);
  }
  if (prefix.ends_with('/')) path += '/';
  std::string after;
  if (!start_after.empty()) {
    CRANNOG_ASSIGN(after, ParseFileLocation(start_after));
  }
  const std::string_view scheme =
      prefix.starts_with("file://") ? "file://" : (prefix.starts_with("file:") ? "file:" : "");
  DirectoryWalk walk{*files_, root_, path, after, count_max};
  CRANNOG_ASSIGN(std::vector<FileEntry> entries, walk.Run());
  for (FileEntry& entry : entries) entry.location.insert(0, scheme);
  return entries;
}

}  // namespace crannog::object
