#include "state/rocks_status_internal.h"

namespace crannog::state {
namespace {

Code CodeOf(const rocksdb::Status& status) {
  if (IsDiskFull(status)) return Code::kExhausted;
  switch (status.code()) {
    case rocksdb::Status::kNotFound:
      return Code::kNotFound;
    case rocksdb::Status::kCorruption:
      return Code::kCorrupt;
    case rocksdb::Status::kNotSupported:
      return Code::kUnsupported;
    case rocksdb::Status::kInvalidArgument:
      return Code::kInvalid;
    case rocksdb::Status::kMemoryLimit:
      return Code::kExhausted;
    case rocksdb::Status::kTimedOut:
      return Code::kTimeout;
    case rocksdb::Status::kBusy:
    case rocksdb::Status::kTryAgain:
    case rocksdb::Status::kShutdownInProgress:
      return Code::kUnavailable;
    default:
      return Code::kIo;
  }
}

}  // namespace

bool IsDiskFull(const rocksdb::Status& status) {
  return status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit;
}

std::unexpected<Error> FailRocks(std::string_view what, const rocksdb::Status& status) {
  return Fail(CodeOf(status), std::string(what) + ": " + status.ToString());
}

Status FromRocks(std::string_view what, const rocksdb::Status& status) {
  if (status.ok()) return {};
  return FailRocks(what, status);
}

}  // namespace crannog::state
