#include "io/file_system.h"

namespace crannog::io {

std::string ParentPath(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path.push_back('/');
  while (!name.empty() && name.front() == '/') name.remove_prefix(1);
  path.append(name);
  return path;
}

Result<bool> FileSystem::Exists(const std::string& path) {
  const auto info = Stat(path);
  if (info) return true;
  if (info.error().code() == Code::kNotFound) return false;
  return std::unexpected(info.error());
}

Status FileSystem::CreateDirectories(const std::string& path) {
  std::vector<std::string> missing;
  std::string next = path;
  while (true) {
    const auto info = Stat(next);
    if (info && info->is_directory) break;
    if (info) return Fail(Code::kInvalid, "create directory " + path + ": " + next + " is a file");
    if (info.error().code() != Code::kNotFound) return std::unexpected(info.error());
    missing.push_back(next);
    const std::string parent = ParentPath(next);
    if (parent == next) break;
    next = parent;
  }
  for (; !missing.empty(); missing.pop_back()) {
    const Status created = CreateDirectory(missing.back());
    // Somebody else may have made it meanwhile, which is as good.
    if (!created && created.error().code() != Code::kExists) return created;
    CRANNOG_RETURN_IF_ERROR(SyncDirectory(ParentPath(missing.back())));
  }
  return {};
}

Result<std::string> FileSystem::ReadFile(const std::string& path, uint64_t size_bytes_max) {
  CRANNOG_ASSIGN(const std::unique_ptr<File> file, Open(path, OpenMode::kRead));
  CRANNOG_ASSIGN(const uint64_t size_bytes, file->Size());
  if (size_bytes > size_bytes_max) {
    return Fail(Code::kTooLarge, "read " + path + ": " + std::to_string(size_bytes) +
                                     " bytes, at most " + std::to_string(size_bytes_max));
  }
  std::string content(size_bytes, '\0');
  CRANNOG_ASSIGN(const size_t count, file->ReadAt(0, content));
  content.resize(count);  // it may have been cut meanwhile
  return content;
}

Status FileSystem::WriteFileDurably(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  CRANNOG_ASSIGN(std::unique_ptr<File> file, Open(temporary, OpenMode::kTruncate));
  Status written = file->Append(bytes);
  if (written) written = file->Sync();
  file.reset();
  if (written) written = Rename(temporary, path);
  if (!written) {
    (void)Remove(temporary);  // the first error is the one to report
    return written;
  }
  return SyncDirectory(ParentPath(path));
}

Status FileSystem::RemoveTree(const std::string& path) {
  const auto info = Stat(path);
  if (!info && info.error().code() == Code::kNotFound) return {};
  if (!info) return std::unexpected(info.error());
  if (!info->is_directory) return Remove(path);
  // Directories are listed before what they contain, and removed in the opposite order, so that
  // depth costs no stack.
  std::vector<std::string> directories = {path};
  for (size_t i = 0; i < directories.size(); ++i) {
    const std::string directory = directories[i];
    CRANNOG_ASSIGN(const std::vector<DirectoryEntry> entries, List(directory));
    for (const DirectoryEntry& entry : entries) {
      const std::string child = JoinPath(directory, entry.name);
      if (entry.is_directory) {
        directories.push_back(child);
      } else {
        CRANNOG_RETURN_IF_ERROR(Remove(child));
      }
    }
  }
  for (; !directories.empty(); directories.pop_back()) {
    CRANNOG_RETURN_IF_ERROR(RemoveDirectory(directories.back()));
  }
  return {};
}

}  // namespace crannog::io
