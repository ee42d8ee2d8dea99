#include "object/content/content_files.h"

#include <utility>
#include <vector>

#include "object/content/limits.h"
#include "object/content/row_keys.h"

namespace crannog::object {

ContentFiles::ContentFiles(io::FileSystem& files, std::string directory)
    : files_(&files), directory_(std::move(directory)) {}

Status ContentFiles::Open() {
  const std::string temporary = io::JoinPath(directory_, kTemporaryFolder);
  CRANNOG_RETURN_IF_ERROR(files_->CreateDirectories(temporary));
  CRANNOG_ASSIGN(const std::vector<io::DirectoryEntry> leftovers, files_->List(temporary));
  for (const io::DirectoryEntry& entry : leftovers) {
    CRANNOG_RETURN_IF_ERROR(files_->Remove(io::JoinPath(temporary, entry.name)));
  }
  return {};
}

// Neighbouring ids share a folder, so that removing many costs few directory syncs.
size_t ContentFiles::FolderOf(ContentId id) {
  return static_cast<size_t>(static_cast<uint64_t>(id) / kFileIdBlock % kFolderCount);
}

std::string ContentFiles::FolderPath(size_t folder) const {
  return io::JoinPath(directory_, IdToHex(folder).substr(kUploadIdSize - 2));
}

std::string ContentFiles::PathOf(ContentId id) const {
  return io::JoinPath(FolderPath(FolderOf(id)), IdToHex(static_cast<uint64_t>(id)));
}

Result<TemporaryFile> ContentFiles::CreateTemporary() {
  const std::string name = IdToHex(temporary_next_.fetch_add(1));
  std::string path = io::JoinPath(io::JoinPath(directory_, kTemporaryFolder), name);
  CRANNOG_ASSIGN(std::unique_ptr<io::File> file, files_->Open(path, io::OpenMode::kCreateNew));
  return TemporaryFile{std::move(file), std::move(path)};
}

Status ContentFiles::EnsureFolder(size_t folder) {
  const std::lock_guard lock(mutex_);
  if (folder_exists_[folder]) return {};
  const Status made = files_->CreateDirectory(FolderPath(folder));
  if (!made && made.error().code() != Code::kExists) return made;
  // Also when it was there: the process that made it may have died before its sync.
  CRANNOG_RETURN_IF_ERROR(files_->SyncDirectory(directory_));
  folder_exists_[folder] = true;
  return {};
}

Status ContentFiles::Publish(const std::string& temporary_path, ContentId id) {
  const size_t folder = FolderOf(id);
  CRANNOG_RETURN_IF_ERROR(EnsureFolder(folder));
  CRANNOG_RETURN_IF_ERROR(files_->Rename(temporary_path, PathOf(id)));
  return files_->SyncDirectory(FolderPath(folder));
}

Status ContentFiles::Remove(std::span<const ContentId> ids) {
  std::set<size_t> folders;
  for (const ContentId id : ids) {
    const Status removed = files_->Remove(PathOf(id));
    if (!removed && removed.error().code() != Code::kNotFound) return removed;
    folders.insert(FolderOf(id));
  }
  // A name that an earlier pass removed may come back with a crash until this sync, so it happens
  // whether or not there was something to remove.
  for (const size_t folder : folders) {
    const Status synced = files_->SyncDirectory(FolderPath(folder));
    if (!synced && synced.error().code() != Code::kNotFound) return synced;
  }
  return {};
}

}  // namespace crannog::object
