#include "io/sim_file_system.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "io/sim_disk_internal.h"

namespace crannog::io {
namespace {

using Disk = SimFileSystem::Disk;

std::string Describe(std::string_view operation, std::string_view path) {
  return std::string(operation) + " " + std::string(path) + ": ";
}

Status Answer(SimFault fault, std::string_view operation, std::string_view path) {
  if (fault == SimFault::kNone) return {};
  return Fail(Code::kIo, Describe(operation, path) + "Input/output error (simulated)");
}

Status AliveFor(const Disk& disk, std::string_view operation, std::string_view path) {
  return Answer(disk.dead ? SimFault::kKill : SimFault::kNone, operation, path);
}

class SimFile final : public File {
 public:
  SimFile(std::shared_ptr<Disk> disk, SimNodePtr node, std::string path)
      : disk_(std::move(disk)),
        node_(std::move(node)),
        path_(std::move(path)),
        epoch_(disk_->epoch) {}

  Result<size_t> ReadAt(uint64_t offset_bytes, std::span<char> to) const override {
    const std::lock_guard lock(disk_->mutex);
    CRANNOG_RETURN_IF_ERROR(Alive("read"));
    if (offset_bytes >= node_->content.size()) return 0;
    return node_->content.copy(to.data(), to.size(), offset_bytes);
  }

  Status WriteAt(uint64_t offset_bytes, std::string_view bytes) override {
    const std::lock_guard lock(disk_->mutex);
    return WriteLocked(offset_bytes, bytes);
  }

  Status Append(std::string_view bytes) override {
    const std::lock_guard lock(disk_->mutex);
    return WriteLocked(node_->content.size(), bytes);
  }

  Status Sync() override {
    const std::lock_guard lock(disk_->mutex);
    CRANNOG_RETURN_IF_ERROR(Alive("sync"));
    CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountSync(), "sync", path_));
    disk_->SyncContent(*node_);
    return {};
  }

  Status Truncate(uint64_t size_bytes) override {
    const std::lock_guard lock(disk_->mutex);
    CRANNOG_RETURN_IF_ERROR(Alive("truncate"));
    CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountWrite(), "truncate", path_));
    disk_->Resize(*node_, size_bytes);
    return {};
  }

  Result<uint64_t> Size() const override {
    const std::lock_guard lock(disk_->mutex);
    CRANNOG_RETURN_IF_ERROR(Alive("stat"));
    return node_->content.size();
  }

 private:
  Status Alive(std::string_view operation) const {
    const bool gone = disk_->dead || epoch_ != disk_->epoch;
    return Answer(gone ? SimFault::kKill : SimFault::kNone, operation, path_);
  }

  Status WriteLocked(uint64_t offset_bytes, std::string_view bytes) {
    CRANNOG_RETURN_IF_ERROR(Alive("write"));
    const SimFault fault = disk_->CountWrite();
    if (fault != SimFault::kNone) {
      disk_->Write(*node_, offset_bytes, bytes.substr(0, bytes.size() / 2));
      return Answer(fault, "write", path_);
    }
    const uint64_t end = offset_bytes + bytes.size();
    const uint64_t size = node_->content.size();
    if (disk_->capacity_bytes && end > size &&
        disk_->UsedBytes() + (end - size) > *disk_->capacity_bytes) {
      return Fail(Code::kExhausted, Describe("write", path_) + "No space left on device");
    }
    disk_->Write(*node_, offset_bytes, bytes);
    return {};
  }

  const std::shared_ptr<Disk> disk_;
  const SimNodePtr node_;
  const std::string path_;
  const uint64_t epoch_;
};

class SimFileLock final : public FileLock {
 public:
  SimFileLock(std::shared_ptr<Disk> disk, std::string path)
      : disk_(std::move(disk)), path_(std::move(path)), epoch_(disk_->epoch) {}
  ~SimFileLock() override {
    const std::lock_guard lock(disk_->mutex);
    if (disk_->epoch == epoch_) disk_->locks.erase(path_);
  }

 private:
  const std::shared_ptr<Disk> disk_;
  const std::string path_;
  const uint64_t epoch_;
};

Result<Disk::Place> RequirePlace(const Disk& disk, std::string_view operation,
                                 const std::string& path) {
  Disk::Place place = disk.FindPlace(path);
  if (place.directory != nullptr) return place;
  return Fail(Code::kNotFound, Describe(operation, path) + "No such file or directory");
}

Result<SimNodePtr> RequireNode(const Disk& disk, std::string_view operation,
                               const std::string& path) {
  SimNodePtr node = disk.Find(path);
  if (node != nullptr) return node;
  return Fail(Code::kNotFound, Describe(operation, path) + "No such file or directory");
}

// A new, empty file or directory at `path`, which must be free.
Result<SimNodePtr> Create(Disk& disk, std::string_view operation, const std::string& path,
                          bool is_directory) {
  CRANNOG_ASSIGN(const Disk::Place place, RequirePlace(disk, operation, path));
  CRANNOG_RETURN_IF_ERROR(Answer(disk.CountWrite(), operation, path));
  auto node = std::make_shared<SimNode>();
  node->is_directory = is_directory;
  node->modified_ms = disk.NextModifiedMs();
  disk.ChangeNames({{{place.directory, place.name, node}}});
  return node;
}

}  // namespace

SimFileSystem::SimFileSystem() : disk_(std::make_shared<Disk>()) {}
SimFileSystem::~SimFileSystem() = default;

void SimFileSystem::KillAtSync(uint64_t n) {
  const std::lock_guard lock(disk_->mutex);
  disk_->kill_at_sync = n;
}

void SimFileSystem::KillAtWrite(uint64_t n) {
  const std::lock_guard lock(disk_->mutex);
  disk_->kill_at_write = n;
}

void SimFileSystem::FailAtSync(uint64_t n) {
  const std::lock_guard lock(disk_->mutex);
  disk_->fail_at_sync = n;
}

void SimFileSystem::FailAtWrite(uint64_t n) {
  const std::lock_guard lock(disk_->mutex);
  disk_->fail_at_write = n;
}

void SimFileSystem::SetCapacity(uint64_t size_bytes) {
  const std::lock_guard lock(disk_->mutex);
  disk_->capacity_bytes = size_bytes;
}

void SimFileSystem::ClearFaults() {
  const std::lock_guard lock(disk_->mutex);
  disk_->kill_at_sync = disk_->kill_at_write = std::nullopt;
  disk_->fail_at_sync = disk_->fail_at_write = std::nullopt;
  disk_->capacity_bytes = std::nullopt;
}

bool SimFileSystem::killed() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->dead;
}

uint64_t SimFileSystem::sync_count() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->sync_count;
}

uint64_t SimFileSystem::write_count() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->write_count;
}

uint64_t SimFileSystem::used_bytes() const {
  const std::lock_guard lock(disk_->mutex);
  return disk_->UsedBytes();
}

void SimFileSystem::Crash(uint64_t seed) {
  SeededRandom random(seed);
  const std::lock_guard lock(disk_->mutex);
  disk_->Crash(&random);
}

void SimFileSystem::CrashLosingAll() {
  const std::lock_guard lock(disk_->mutex);
  disk_->Crash(nullptr);
}

void SimFileSystem::KillProcess() {
  const std::lock_guard lock(disk_->mutex);
  disk_->StartAnew();
}

Status SimFileSystem::FlipBit(const std::string& path, uint64_t offset_bytes, int bit) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "flip a bit of", path));
  if (offset_bytes >= node->content.size()) {
    return Fail(Code::kInvalid, Describe("flip a bit of", path) + "beyond its end");
  }
  const auto mask = static_cast<char>(1 << bit);
  node->content[offset_bytes] = static_cast<char>(node->content[offset_bytes] ^ mask);
  if (offset_bytes < node->durable_content.size()) {
    node->durable_content[offset_bytes] =
        static_cast<char>(node->durable_content[offset_bytes] ^ mask);
  }
  return {};
}

Result<std::unique_ptr<File>> SimFileSystem::Open(const std::string& path, OpenMode mode) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "open", path));
  SimNodePtr node = disk_->Find(path);
  if (node != nullptr && node->is_directory) {
    return Fail(Code::kInvalid, Describe("open", path) + "Is a directory");
  }
  if (node != nullptr && mode == OpenMode::kCreateNew) {
    return Fail(Code::kExists, Describe("open", path) + "File exists");
  }
  if (node == nullptr && (mode == OpenMode::kRead || mode == OpenMode::kReadWrite)) {
    return Fail(Code::kNotFound, Describe("open", path) + "No such file or directory");
  }
  if (node == nullptr) {
    CRANNOG_ASSIGN(node, Create(*disk_, "open", path, false));
  } else if (mode == OpenMode::kTruncate && !node->content.empty()) {
    CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountWrite(), "truncate", path));
    disk_->Resize(*node, 0);
  }
  return std::make_unique<SimFile>(disk_, std::move(node), path);
}

Result<FileInfo> SimFileSystem::Stat(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "stat", path));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "stat", path));
  return FileInfo{.size_bytes = node->content.size(),
                  .modified_ms = node->modified_ms,
                  .link_count = node->link_count,
                  .is_directory = node->is_directory};
}

Result<std::vector<DirectoryEntry>> SimFileSystem::List(const std::string& directory) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "list", directory));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "list", directory));
  if (!node->is_directory) {
    return Fail(Code::kInvalid, Describe("list", directory) + "Not a directory");
  }
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, child] : node->entries) entries.push_back({name, child->is_directory});
  return entries;
}

Status SimFileSystem::CreateDirectory(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "create directory", path));
  if (disk_->Find(path) != nullptr) {
    return Fail(Code::kExists, Describe("create directory", path) + "File exists");
  }
  CRANNOG_RETURN_IF_ERROR(Create(*disk_, "create directory", path, true));
  return {};
}

Status SimFileSystem::Remove(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "remove", path));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "remove", path));
  if (node->is_directory) {
    return Fail(Code::kInvalid, Describe("remove", path) + "Is a directory");
  }
  CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountWrite(), "remove", path));
  const Disk::Place place = disk_->FindPlace(path);
  disk_->ChangeNames({{{place.directory, place.name, nullptr}}});
  return {};
}

Status SimFileSystem::RemoveDirectory(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "remove directory", path));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "remove directory", path));
  if (!node->is_directory || !node->entries.empty() || node == disk_->root) {
    return Fail(Code::kInvalid, Describe("remove directory", path) + "Directory not empty");
  }
  CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountWrite(), "remove directory", path));
  const Disk::Place place = disk_->FindPlace(path);
  disk_->ChangeNames({{{place.directory, place.name, nullptr}}});
  return {};
}

Status SimFileSystem::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "rename", from));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "rename", from));
  CRANNOG_ASSIGN(const Disk::Place target, RequirePlace(*disk_, "rename to", to));
  const SimNodePtr taken = disk_->Find(to);
  if (taken == node) return {};
  if (taken != nullptr && (taken->is_directory || node->is_directory)) {
    return Fail(Code::kExists, Describe("rename to " + to, from) + "File exists");
  }
  CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountWrite(), "rename", from));
  const Disk::Place source = disk_->FindPlace(from);
  disk_->ChangeNames(
      {{{source.directory, source.name, nullptr}, {target.directory, target.name, node}}});
  return {};
}

Status SimFileSystem::Link(const std::string& from, const std::string& to) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "link", from));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "link", from));
  CRANNOG_ASSIGN(const Disk::Place target, RequirePlace(*disk_, "link to", to));
  if (node->is_directory) return Fail(Code::kForbidden, Describe("link", from) + "Is a directory");
  if (disk_->Find(to) != nullptr) {
    return Fail(Code::kExists, Describe("link to " + to, from) + "File exists");
  }
  CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountWrite(), "link", from));
  disk_->ChangeNames({{{target.directory, target.name, node}}});
  return {};
}

Status SimFileSystem::SyncDirectory(const std::string& directory) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "sync directory", directory));
  CRANNOG_ASSIGN(const SimNodePtr node, RequireNode(*disk_, "sync directory", directory));
  CRANNOG_RETURN_IF_ERROR(Answer(disk_->CountSync(), "sync directory", directory));
  disk_->SyncNames(node);
  return {};
}

Result<std::unique_ptr<FileLock>> SimFileSystem::Lock(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "lock", path));
  if (disk_->Find(path) == nullptr) {
    CRANNOG_RETURN_IF_ERROR(Create(*disk_, "lock", path, false));
  }
  if (!disk_->locks.insert(SimNormalPath(path)).second) {
    return Fail(Code::kUnavailable, Describe("lock", path) + "somebody else holds it");
  }
  return std::make_unique<SimFileLock>(disk_, SimNormalPath(path));
}

Result<uint64_t> SimFileSystem::FreeBytes(const std::string& path) {
  const std::lock_guard lock(disk_->mutex);
  CRANNOG_RETURN_IF_ERROR(AliveFor(*disk_, "ask the free space of", path));
  if (!disk_->capacity_bytes) return std::numeric_limits<int64_t>::max();
  const uint64_t used = disk_->UsedBytes();
  return *disk_->capacity_bytes > used ? *disk_->capacity_bytes - used : 0;
}

}  // namespace crannog::io
