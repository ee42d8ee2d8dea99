#include "sql/engine/lake/lake_files.h"

namespace crannog::sql::engine {

namespace {

constexpr size_t kDirectoriesMax = 1000;

// The deepest folder above a location that exists; "" when there is none but the root.
std::string ExistingFolder(io::FileSystem& disk, std::string_view location) {
  if (location.starts_with("file:")) location.remove_prefix(5);
  while (location.starts_with("//")) location.remove_prefix(1);
  std::string path(location);
  while (path.size() > 1) {
    path = io::ParentPath(path);
    if (disk.Exists(path).value_or(false)) break;
  }
  return path.size() > 1 ? path : "";
}

}  // namespace

bool LakeFiles::Owns(std::string_view location) const {
  return store_.Owns(location) || location.starts_with("file:");
}

Status LakeFiles::AddWarehouse(const std::string& location) {
  CRANNOG_ASSIGN(auto files, object::DirectoryFiles::Open(disk_, location));
  std::lock_guard guard(mutex_);
  directories_.insert(directories_.begin(), std::move(files));
  return {};
}

Result<object::Files*> LakeFiles::OnDisk(std::string_view location) {
  std::lock_guard guard(mutex_);
  for (const auto& files : directories_)
    if (files->Owns(location)) return files.get();
  const std::string folder = ExistingFolder(disk_, location);
  if (folder.empty())
    return Fail(Code::kNotFound, "file " + std::string(location) + ": no such folder");
  // Faces are kept, since others may hold them.
  if (directories_.size() >= kDirectoriesMax)
    return Fail(Code::kExhausted, "file " + std::string(location) + ": tables in too many folders");
  CRANNOG_ASSIGN(auto opened, object::DirectoryFiles::OpenExisting(disk_, folder));
  directories_.push_back(std::move(opened));
  return directories_.back().get();
}

Result<object::Files*> LakeFiles::For(std::string_view location) {
  if (store_.Owns(location)) return &store_;
  if (location.starts_with("file:") || location.starts_with('/')) return OnDisk(location);
  return Fail(Code::kUnsupported, "file " + std::string(location) +
                                      ": only s3:// (the lake's own store) and file:// are served");
}

Result<std::unique_ptr<object::FileReader>> LakeFiles::Open(std::string_view location) {
  CRANNOG_ASSIGN(auto* files, For(location));
  return files->Open(location);
}

Result<std::unique_ptr<object::FileWriter>> LakeFiles::Create(std::string_view location,
                                                              const object::WriteOptions& options) {
  CRANNOG_ASSIGN(auto* files, For(location));
  return files->Create(location, options);
}

Status LakeFiles::Delete(std::string_view location) {
  CRANNOG_ASSIGN(auto* files, For(location));
  return files->Delete(location);
}

Result<std::vector<object::FileEntry>> LakeFiles::List(std::string_view prefix,
                                                       std::string_view start_after,
                                                       size_t count_max) {
  CRANNOG_ASSIGN(auto* files, For(prefix));
  return files->List(prefix, start_after, count_max);
}

}  // namespace crannog::sql::engine
