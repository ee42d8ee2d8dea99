// Every bucket as a tree of plain files: `crannog export DIR`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/store.h"

namespace crannog::object {

struct ExportReport {
  uint64_t linked_count = 0;
  uint64_t copied_count = 0;
  uint64_t size_bytes = 0;
  // Objects that cannot be files, each with the reason: "bucket/key: reason".
  std::vector<std::string> skipped;
};

// Called after each object with what is done so far.
using ExportProgress = std::function<void(const ExportReport&)>;

// Writes directory/bucket/key for every object: a hard link where the content is one file on the
// same file system, a copy otherwise. An object whose key cannot be a file name ("a//b", "..", a
// key that is also a folder of another key, a name over 255 bytes) is reported and skipped. What
// was exported is synced when the call returns.
//   kExists  `directory` exists and is not empty
Result<ExportReport> Export(Store& store, std::string_view directory,
                            const ExportProgress& progress);

}  // namespace crannog::object
