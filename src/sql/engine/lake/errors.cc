#include "sql/engine/lake/errors.h"

#include <string>

#include "duckdb/common/exception.hpp"
#include "duckdb/common/string_util.hpp"

namespace crannog::sql::engine {
namespace {

// Carries the code through the engine, which keeps extra information with each exception.
constexpr const char* kCodeKey = "crannog_code";

duckdb::ExceptionType EngineType(Code code) {
  switch (code) {
    case Code::kNotFound:
    case Code::kExists: return duckdb::ExceptionType::CATALOG;
    case Code::kConflict: return duckdb::ExceptionType::TRANSACTION;
    case Code::kUnsupported: return duckdb::ExceptionType::NOT_IMPLEMENTED;
    case Code::kForbidden:
    case Code::kUnauthenticated: return duckdb::ExceptionType::PERMISSION;
    case Code::kIo:
    case Code::kCorrupt:
    case Code::kExhausted: return duckdb::ExceptionType::IO;
    default: return duckdb::ExceptionType::INVALID_INPUT;
  }
}

Code CatalogCode(const std::string& message) {
  if (message.find("already exists") != std::string::npos) return Code::kExists;
  if (message.find("does not exist") != std::string::npos) return Code::kNotFound;
  return Code::kInvalid;
}

Code CodeOf(duckdb::ExceptionType type, const std::string& message) {
  using duckdb::ExceptionType;
  switch (type) {
    case ExceptionType::CATALOG: return CatalogCode(message);
    case ExceptionType::BINDER:
      // An unknown schema or database inside a statement reads as a binder error.
      return message.find("Catalog \"") == 0 ? CatalogCode(message) : Code::kInvalid;
    case ExceptionType::TRANSACTION: return Code::kConflict;
    case ExceptionType::NOT_IMPLEMENTED: return Code::kUnsupported;
    case ExceptionType::PERMISSION: return Code::kForbidden;
    case ExceptionType::OUT_OF_MEMORY: return Code::kExhausted;
    case ExceptionType::INTERRUPT: return Code::kTimeout;
    case ExceptionType::IO:
      if (message.find("No files found") != std::string::npos ||
          message.find("No such file") != std::string::npos)
        return Code::kNotFound;
      if (message.find("No space left") != std::string::npos) return Code::kExhausted;
      return Code::kIo;
    case ExceptionType::INTERNAL:
    case ExceptionType::FATAL: return Code::kInternal;
    default: return Code::kInvalid;
  }
}

}  // namespace

void Throw(const Error& error) {
  std::unordered_map<std::string, std::string> extra;
  extra[kCodeKey] = std::to_string(static_cast<int>(error.code()));
  throw duckdb::Exception(extra, EngineType(error.code()), error.message());
}

Error ToError(const duckdb::ErrorData& error) {
  const auto& extra = error.ExtraInfo();
  if (auto found = extra.find(kCodeKey); found != extra.end())
    return Error(static_cast<Code>(std::stoi(found->second)), error.RawMessage());
  return Error(CodeOf(error.Type(), error.RawMessage()), error.RawMessage());
}

Error ToError(const std::exception& exception) { return ToError(duckdb::ErrorData(exception)); }

}  // namespace crannog::sql::engine
