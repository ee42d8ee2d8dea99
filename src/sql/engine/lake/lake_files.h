// Every file a lake can name: the embedded store by "s3://", directories by "file:".
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "io/file_system.h"
#include "object/directory_files.h"
#include "object/files.h"
#include "object/local_files.h"
#include "object/store.h"

namespace crannog::sql::engine {

// Thread-safe. New tables lie in the warehouse; registered ones may lie anywhere, each served from
// the top folder of its path, which must exist.
class LakeFiles final : public object::Files {
 public:
  LakeFiles(object::Store& store, io::FileSystem& disk) : store_(store), disk_(disk) {}

  Result<std::unique_ptr<object::FileReader>> Open(std::string_view location) override;
  Result<std::unique_ptr<object::FileWriter>> Create(std::string_view location,
                                                     const object::WriteOptions& options) override;
  Status Delete(std::string_view location) override;
  Result<std::vector<object::FileEntry>> List(std::string_view prefix,
                                              std::string_view start_after,
                                              size_t count_max) override;
  bool Owns(std::string_view location) const override;

 private:
  Result<object::Files*> For(std::string_view location);

  object::LocalFiles store_;
  io::FileSystem& disk_;
  std::mutex mutex_;  // guards directories_
  std::map<std::string, std::unique_ptr<object::DirectoryFiles>, std::less<>> directories_;
};

}  // namespace crannog::sql::engine
