#include "sql/engine/lake/lake_files.h"

namespace crannog::sql::engine {

namespace {

// "/data" of "file:///data/warehouse/x"; "" when the location has no such folder.
std::string TopFolder(std::string_view location) {
  if (location.starts_with("file:")) location.remove_prefix(5);
  while (location.starts_with("//")) location.remove_prefix(1);
  if (!location.starts_with('/')) return "";
  const size_t end = location.find('/', 1);
  if (end == std::string_view::npos) return "";
  return std::string(location.substr(0, end));
}

}  // namespace

bool LakeFiles::Owns(std::string_view location) const {
  return store_.Owns(location) || location.starts_with("file:");
}

Result<object::Files*> LakeFiles::For(std::string_view location) {
  if (store_.Owns(location)) return &store_;
  if (const std::string folder = TopFolder(location); !folder.empty()) {
    std::lock_guard guard(mutex_);
    auto& files = directories_[folder];
    if (!files) {
      CRANNOG_ASSIGN(files, object::DirectoryFiles::Open(disk_, folder));
    }
    return files.get();
  }
  return Fail(Code::kUnsupported, "file " + std::string(location) +
                                      ": only s3:// (the lake's own store) and file:// are served");
}

Result<std::unique_ptr<object::FileReader>> LakeFiles::Open(std::string_view location) {
  CRANNOG_ASSIGN(auto* files, For(location));
  return files->Open(location);
}

Result<std::unique_ptr<object::FileWriter>> LakeFiles::Create(
    std::string_view location, const object::WriteOptions& options) {
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
