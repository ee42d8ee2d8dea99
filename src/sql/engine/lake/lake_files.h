// Every file a lake can name: the embedded store by "s3://", directories by "file:".
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"
#include "object/directory_files.h"
#include "object/files.h"
#include "object/local_files.h"
#include "object/store.h"

namespace crannog::sql::engine {

// Thread-safe. New tables lie in the warehouse; registered ones may lie in any folder that exists.
class LakeFiles final : public object::Files {
 public:
  LakeFiles(object::Store& store, io::FileSystem& disk) : store_(store), disk_(disk) {}

  // A plain directory as the warehouse: made when absent.
  Status AddWarehouse(const std::string& location);

  Result<std::unique_ptr<object::FileReader>> Open(std::string_view location) override;
  Result<std::unique_ptr<object::FileWriter>> Create(std::string_view location,
                                                     const object::WriteOptions& options) override;
  Status Delete(std::string_view location) override;
  Result<std::vector<object::FileEntry>> List(std::string_view prefix, std::string_view start_after,
                                              size_t count_max) override;
  bool Owns(std::string_view location) const override;

 private:
  Result<object::Files*> For(std::string_view location);
  Result<object::Files*> OnDisk(std::string_view location);

  object::LocalFiles store_;
  io::FileSystem& disk_;
  std::mutex mutex_;                                                  // guards directories_
  std::vector<std::unique_ptr<object::DirectoryFiles>> directories_;  // the warehouse first
};

}  // namespace crannog::sql::engine
