#include "sql/engine/lake/file_system.h"

#include <span>
#include <utility>

#include "duckdb/common/types/timestamp.hpp"
#include "sql/engine/lake/errors.h"

namespace crannog::sql::engine {
namespace {

constexpr size_t kGlobPageEntries = 10000;

// A file open for reading or for writing, never both: what tables are made of is immutable.
struct LakeFileHandle : public duckdb::FileHandle {
  LakeFileHandle(duckdb::FileSystem& owner, const std::string& location,
                 duckdb::FileOpenFlags open_flags)
      : FileHandle(owner, location, open_flags) {}
  ~LakeFileHandle() override = default;  // an unfinished writer leaves nothing behind

  void Close() override {
    reader.reset();
    if (auto finishing = std::exchange(writer, nullptr)) Unwrap(finishing->Finish());
  }

  std::unique_ptr<object::FileReader> reader;
  std::unique_ptr<object::FileWriter> writer;
  uint64_t position = 0;
};

LakeFileHandle& Of(duckdb::FileHandle& handle) { return handle.Cast<LakeFileHandle>(); }

void ReadFully(const LakeFileHandle& handle, void* buffer, int64_t size, uint64_t offset) {
  std::span<char> to(static_cast<char*>(buffer), static_cast<size_t>(size));
  const size_t got = Unwrap(handle.reader->ReadAt(offset, to));
  if (got == to.size()) return;
  Throw(Error(Code::kCorrupt, "read " + handle.path + ": the file ends at byte " +
                                  std::to_string(offset + got) + ", " +
                                  std::to_string(to.size() - got) + " bytes too early"));
}

}  // namespace

duckdb::unique_ptr<duckdb::FileHandle> LakeFileSystem::OpenFile(
    const std::string& path, duckdb::FileOpenFlags flags,
    duckdb::optional_ptr<duckdb::FileOpener>) {
  auto handle = duckdb::make_uniq<LakeFileHandle>(*this, path, flags);
  if (flags.OpenForWriting()) {
    object::WriteOptions options;
    options.if_absent = flags.ExclusiveCreate();
    if (deferred_.Take(path)) options.durability = object::Durability::kWithNextCommit;
    handle->writer = Unwrap(files_.Create(path, options));
    return handle;
  }
  auto reader = files_.Open(path);
  if (!reader) {
    if (reader.error().code() == Code::kNotFound && flags.ReturnNullIfNotExists()) return nullptr;
    Throw(reader.error());
  }
  handle->reader = std::move(*reader);
  return handle;
}

void LakeFileSystem::Read(duckdb::FileHandle& handle, void* buffer, int64_t size,
                          duckdb::idx_t offset) {
  ReadFully(Of(handle), buffer, size, offset);
}

int64_t LakeFileSystem::Read(duckdb::FileHandle& handle, void* buffer, int64_t size) {
  auto& file = Of(handle);
  std::span<char> to(static_cast<char*>(buffer), static_cast<size_t>(size));
  const size_t got = Unwrap(file.reader->ReadAt(file.position, to));
  file.position += got;
  return static_cast<int64_t>(got);
}

int64_t LakeFileSystem::Write(duckdb::FileHandle& handle, void* buffer, int64_t size) {
  auto& file = Of(handle);
  Unwrap(file.writer->Append({static_cast<const char*>(buffer), static_cast<size_t>(size)}));
  file.position += static_cast<uint64_t>(size);
  return size;
}

int64_t LakeFileSystem::GetFileSize(duckdb::FileHandle& handle) {
  const auto& file = Of(handle);
  return static_cast<int64_t>(file.reader ? file.reader->size_bytes() : file.position);
}

duckdb::timestamp_t LakeFileSystem::GetLastModifiedTime(duckdb::FileHandle& handle) {
  const auto& file = Of(handle);
  return duckdb::Timestamp::FromEpochMs(file.reader ? file.reader->modified_ms() : 0);
}

std::string LakeFileSystem::GetVersionTag(duckdb::FileHandle& handle) {
  const auto& file = Of(handle);
  return file.reader ? file.reader->etag() : "";
}

duckdb::FileType LakeFileSystem::GetFileType(duckdb::FileHandle&) {
  return duckdb::FileType::FILE_TYPE_REGULAR;
}

// Content is synced when the handle is closed; a table's files count for nothing before that.
void LakeFileSystem::FileSync(duckdb::FileHandle&) {}

void LakeFileSystem::Seek(duckdb::FileHandle& handle, duckdb::idx_t location) {
  Of(handle).position = location;
}

void LakeFileSystem::Reset(duckdb::FileHandle& handle) { Of(handle).position = 0; }

duckdb::idx_t LakeFileSystem::SeekPosition(duckdb::FileHandle& handle) {
  return Of(handle).position;
}

bool LakeFileSystem::FileExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) {
  return files_.Open(path).has_value();
}

void LakeFileSystem::RemoveFile(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) {
  Unwrap(files_.Delete(path));
}

bool LakeFileSystem::TryRemoveFile(const std::string& path,
                                   duckdb::optional_ptr<duckdb::FileOpener>) {
  return files_.Delete(path).has_value();
}

bool GlobMatches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) {
    auto rest = pattern.substr(2);
    if (rest.starts_with("/") && GlobMatches(rest.substr(1), path)) return true;
    for (size_t skip = 0; skip <= path.size(); ++skip)
      if (GlobMatches(rest, path.substr(skip))) return true;
    return false;
  }
  if (pattern.front() == '*') {
    for (size_t skip = 0; skip <= path.size(); ++skip) {
      if (GlobMatches(pattern.substr(1), path.substr(skip))) return true;
      if (skip < path.size() && path[skip] == '/') return false;
    }
    return false;
  }
  if (path.empty()) return false;
  const bool one = pattern.front() == '?' ? path.front() != '/' : pattern.front() == path.front();
  return one && GlobMatches(pattern.substr(1), path.substr(1));
}

duckdb::vector<duckdb::OpenFileInfo> LakeFileSystem::Glob(const std::string& pattern,
                                                          duckdb::FileOpener*) {
  duckdb::vector<duckdb::OpenFileInfo> found;
  const size_t wildcard = pattern.find_first_of("*?");
  if (wildcard == std::string::npos) {
    if (files_.Open(pattern)) found.emplace_back(pattern);
    return found;
  }
  const std::string prefix = pattern.substr(0, wildcard);
  std::string after;
  while (true) {
    auto page = Unwrap(files_.List(prefix, after, kGlobPageEntries));
    for (const auto& entry : page)
      if (GlobMatches(pattern, entry.location)) found.emplace_back(entry.location);
    if (page.size() < kGlobPageEntries) return found;
    after = page.back().location;
  }
}

}  // namespace crannog::sql::engine
