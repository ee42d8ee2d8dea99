// The lake's files as the engine sees files: "s3://bucket/key" and "file:///path" open straight on
// the object store, in this process, with no HTTP and no copy between.
#pragma once

#include <string>

#include "duckdb/common/file_system.hpp"
#include "object/files.h"
#include "sql/engine/lake/lake.h"

namespace crannog::sql::engine {

// Thread-safe. `files` and `deferred` outlive it.
class LakeFileSystem : public duckdb::FileSystem {
 public:
  LakeFileSystem(object::Files& files, DeferredFiles& deferred)
      : files_(files), deferred_(deferred) {}

  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(
      const std::string& path, duckdb::FileOpenFlags flags,
      duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void Read(duckdb::FileHandle& handle, void* buffer, int64_t size, duckdb::idx_t offset) override;
  int64_t Read(duckdb::FileHandle& handle, void* buffer, int64_t size) override;
  int64_t Write(duckdb::FileHandle& handle, void* buffer, int64_t size) override;
  int64_t GetFileSize(duckdb::FileHandle& handle) override;
  duckdb::timestamp_t GetLastModifiedTime(duckdb::FileHandle& handle) override;
  std::string GetVersionTag(duckdb::FileHandle& handle) override;
  duckdb::FileType GetFileType(duckdb::FileHandle& handle) override;
  void FileSync(duckdb::FileHandle& handle) override;
  void Seek(duckdb::FileHandle& handle, duckdb::idx_t location) override;
  void Reset(duckdb::FileHandle& handle) override;
  duckdb::idx_t SeekPosition(duckdb::FileHandle& handle) override;
  bool CanSeek() override { return true; }
  // Local enough that small random reads are cheap: the engine need not fetch ahead or cache.
  bool OnDiskFile(duckdb::FileHandle&) override { return true; }

  bool FileExists(const std::string& path,
                  duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void RemoveFile(const std::string& path,
                  duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  bool TryRemoveFile(const std::string& path,
                     duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  // Directories are only prefixes of keys: always there, never made.
  bool DirectoryExists(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override {
    return true;
  }
  void CreateDirectory(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override {}
  duckdb::vector<duckdb::OpenFileInfo> Glob(const std::string& pattern,
                                            duckdb::FileOpener* opener) override;
  bool CanHandleFile(const std::string& path) override { return files_.Owns(path); }
  std::string GetName() const override { return "LakeFileSystem"; }
  std::string PathSeparator(const std::string&) override { return "/"; }

 private:
  object::Files& files_;
  DeferredFiles& deferred_;
};

// Whether `path` matches `pattern`: * and ? within one name, ** across names.
bool GlobMatches(std::string_view pattern, std::string_view path);

}  // namespace crannog::sql::engine
