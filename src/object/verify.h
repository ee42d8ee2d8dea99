// Proves every invariant of the object store on disk: `crannog check`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "object/store.h"

namespace crannog::object {

struct VerifyOptions {
  bool read_content = false;  // recompute every checksum and ETag that can be recomputed
};

struct VerifyReport {
  uint64_t bucket_count = 0;
  uint64_t object_count = 0;
  uint64_t upload_count = 0;
  uint64_t size_bytes = 0;
  // What is broken, one sentence each, naming the thing: "object lake/a.parquet: ...". Empty:
  // sound.
  std::vector<std::string> problems;
};

// Checks that every index entry decodes and its content is there with the right size, that every
// content row and file has an owner, that reference counts are the number of owners, and that
// nothing lies in the folder that is not the store's. Wants a store nobody writes to meanwhile.
//   kIo  the check itself could not read
Result<VerifyReport> Verify(Store& store, const VerifyOptions& options);

}  // namespace crannog::object
