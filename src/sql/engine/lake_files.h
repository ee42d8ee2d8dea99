// Every file a lake can name: the embedded store by "s3://", directories by "file:".
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "io/file_system.h"
#include "object/directory_files.h"
#include "object/files.h"
#include "object/local_files.h"
#include "object/store.h"

namespace crannog::sql::engine {

// Thread-safe. Registered tables may lie anywhere the process may read; new ones lie in the
// warehouse.
class LakeFiles final : public object::Files {
 public:
  static Result<std::unique_ptr<LakeFiles>> Open(object::Store& store, io::FileSystem& disk);

  Result<std::unique_ptr<object::FileReader>> Open(std::string_view location) override;
  Result<std::unique_ptr<object::FileWriter>> Create(std::string_view location,
                                                     const object::WriteOptions& options) override;
  Status Delete(std::string_view location) override;
  Result<std::vector<object::FileEntry>> List(std::string_view prefix,
                                              std::string_view start_after,
                                              size_t count_max) override;
  bool Owns(std::string_view location) const override;

 private:
  LakeFiles(object::Store& store, std::unique_ptr<object::DirectoryFiles> disk)
      : store_(store), disk_(std::move(disk)) {}
  Result<object::Files*> For(std::string_view location);

  object::LocalFiles store_;
  std::unique_ptr<object::DirectoryFiles> disk_;
};

}  // namespace crannog::sql::engine
