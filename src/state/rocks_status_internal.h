// RocksDB's Status as our Error.
#pragma once

#include <rocksdb/status.h>

#include <string_view>

#include "base/result.h"

namespace crannog::state {

// `what` is what was attempted: "read table objects".
std::unexpected<Error> FailRocks(std::string_view what, const rocksdb::Status& status);
// Nothing when `status` is good.
Status FromRocks(std::string_view what, const rocksdb::Status& status);
bool IsDiskFull(const rocksdb::Status& status);

}  // namespace crannog::state
