#include "sql/engine/lake/errors.h"

#include <optional>
#include <string>
#include <utility>

#include "duckdb/common/exception.hpp"
#include "duckdb/common/string_util.hpp"

namespace crannog::sql::engine {
namespace {

// Carries the code through the engine, which keeps extra information with each exception.
constexpr const char* kCodeKey = "crannog_code";

duckdb::ExceptionType EngineType(Code code) {
  switch (code) {
    // Not CATALOG: the engine would let a transaction go on that an error left half done.
    case Code::kNotFound:
    case Code::kExists:
      return duckdb::ExceptionType::INVALID_INPUT;
    case Code::kConflict:
      return duckdb::ExceptionType::TRANSACTION;
    case Code::kUnsupported:
      return duckdb::ExceptionType::NOT_IMPLEMENTED;
    case Code::kForbidden:
    case Code::kUnauthenticated:
      return duckdb::ExceptionType::PERMISSION;
    case Code::kIo:
    case Code::kCorrupt:
    case Code::kExhausted:
      return duckdb::ExceptionType::IO;
    default:
      return duckdb::ExceptionType::INVALID_INPUT;
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
    case ExceptionType::CATALOG:
      return CatalogCode(message);
    case ExceptionType::BINDER:
      // An unknown schema or database inside a statement reads as a binder error.
      return message.find("Catalog \"") == 0 ? CatalogCode(message) : Code::kInvalid;
    case ExceptionType::TRANSACTION:
      return Code::kConflict;
    case ExceptionType::NOT_IMPLEMENTED:
      return Code::kUnsupported;
    case ExceptionType::PERMISSION:
      return Code::kForbidden;
    case ExceptionType::OUT_OF_MEMORY:
      return Code::kExhausted;
    case ExceptionType::INTERRUPT:
      return Code::kTimeout;
    case ExceptionType::IO:
      if (message.find("No files found") != std::string::npos ||
          message.find("No such file") != std::string::npos)
        return Code::kNotFound;
      if (message.find("No space left") != std::string::npos) return Code::kExhausted;
      return Code::kIo;
    case ExceptionType::INTERNAL:
    case ExceptionType::FATAL:
      return Code::kInternal;
    default:
      return Code::kInvalid;
  }
}

// "Failed to commit: [CONFLICT] what happened", as MarkCode() made it.
std::optional<Error> ReadMark(const std::string& message) {
  constexpr std::string_view kPrefix = "Failed to commit: [";
  if (!message.starts_with(kPrefix)) return std::nullopt;
  const size_t end = message.find("] ", kPrefix.size());
  if (end == std::string::npos) return std::nullopt;
  const auto name = std::string_view(message).substr(kPrefix.size(), end - kPrefix.size());
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code)
    if (CodeName(static_cast<Code>(code)) == name)
      return Error(static_cast<Code>(code), message.substr(end + 2));
  return std::nullopt;
}

}  // namespace

void Throw(const Error& error) {
  std::unordered_map<std::string, std::string> extra;
  extra[kCodeKey] = std::to_string(static_cast<int>(error.code()));
  throw duckdb::Exception(extra, EngineType(error.code()), error.message());
}

std::string MarkCode(const Error& error) {
  return "[" + std::string(CodeName(error.code())) + "] " + error.message();
}

Error ToError(const duckdb::ErrorData& error) {
  const auto& extra = error.ExtraInfo();
  if (auto found = extra.find(kCodeKey); found != extra.end())
    return Error(static_cast<Code>(std::stoi(found->second)), error.RawMessage());
  if (auto marked = ReadMark(error.RawMessage())) return std::move(*marked);
  return Error(CodeOf(error.Type(), error.RawMessage()), error.RawMessage());
}

Error ToError(const std::exception& exception) { return ToError(duckdb::ErrorData(exception)); }

}  // namespace crannog::sql::engine
