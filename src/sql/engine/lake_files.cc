#include "sql/engine/lake_files.h"

namespace crannog::sql::engine {

Result<std::unique_ptr<LakeFiles>> LakeFiles::Open(object::Store& store, io::FileSystem& disk) {
  CRANNOG_ASSIGN(auto directory, object::DirectoryFiles::Open(disk, "/"));
  return std::unique_ptr<LakeFiles>(new LakeFiles(store, std::move(directory)));
}

bool LakeFiles::Owns(std::string_view location) const {
  return store_.Owns(location) || location.starts_with("file:");
}

Result<object::Files*> LakeFiles::For(std::string_view location) {
  if (store_.Owns(location)) return &store_;
  if (location.starts_with("file:") || location.starts_with('/')) return disk_.get();
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
