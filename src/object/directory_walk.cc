#include "object/directory_walk.h"

#include <algorithm>
#include <utility>

#include "object/content/limits.h"

namespace crannog::object {

Result<std::vector<FileEntry>> DirectoryWalk::Run() {
  if (count_max_ > 0) CRANNOG_RETURN_IF_ERROR(Visit(root_, 0));
  return std::move(found_);
}

// Whether anything under the directory can match the prefix and come after `after_`.
bool DirectoryWalk::MayHold(std::string_view directory_with_slash) const {
  const std::string_view prefix = prefix_;
  const size_t common = std::min(prefix.size(), directory_with_slash.size());
  if (prefix.substr(0, common) != directory_with_slash.substr(0, common)) return false;
  const std::string_view after = after_;
  return after.substr(0, directory_with_slash.size()) <= directory_with_slash;
}

Status DirectoryWalk::Visit(const std::string& directory, int depth) {
  if (depth > kDirectoryDepthMax) {
    return Fail(Code::kTooLarge, "list " + directory + ": nested too deep");
  }
  Result<std::vector<io::DirectoryEntry>> listed = files_->List(directory);
  if (!listed) {
    // Removed meanwhile, or a prefix that names nothing.
    if (listed.error().code() == Code::kNotFound) return {};
    return std::unexpected(std::move(listed).error());
  }
  // "a-" sorts before "a/b", so a directory stands where its slash puts it.
  std::vector<std::pair<std::string, bool>> names;
  for (io::DirectoryEntry& entry : *listed) {
    if (depth == 0 && entry.name == kWarehouseTemporaryFolder) continue;
    names.emplace_back(entry.is_directory ? entry.name + "/" : std::move(entry.name),
                       entry.is_directory);
  }
  std::ranges::sort(names);
  for (const auto& [name, is_directory] : names) {
    if (found_.size() == count_max_) return {};
    std::string path = io::JoinPath(directory, name);
    if (is_directory) {
      if (!MayHold(path)) continue;
      path.pop_back();
      CRANNOG_RETURN_IF_ERROR(Visit(path, depth + 1));
      continue;
    }
    if (!path.starts_with(prefix_) || path <= after_) continue;
    const Result<io::FileInfo> info = files_->Stat(path);
    if (!info && info.error().code() != Code::kNotFound) return std::unexpected(info.error());
    if (info && !info->is_directory) {
      found_.push_back({std::move(path), info->size_bytes, info->modified_ms});
    }
  }
  return {};
}

}  // namespace crannog::object
