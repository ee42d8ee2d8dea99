// Errors across the border: ours are values, the engine's are exceptions. Every callback that the
// engine calls ends in Unwrap or Throw; every call into the engine is caught and becomes an Error.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "base/result.h"
#include "duckdb/common/error_data.hpp"

namespace crannog::sql::engine {

// Throws the engine's exception that ToError turns back into an equal Error.
[[noreturn]] void Throw(const Error& error);

// A message that carries its code through a failed COMMIT, where the engine keeps nothing but text.
std::string MarkCode(const Error& error);

// The Error in what the engine reported: ours unchanged, its own by kind.
Error ToError(const duckdb::ErrorData& error);
Error ToError(const std::exception& exception);

template <typename T>
T Unwrap(Result<T> result) {
  if (!result) Throw(result.error());
  return std::move(*result);
}
inline void Unwrap(const Status& status) {
  if (!status) Throw(status.error());
}

}  // namespace crannog::sql::engine
