// How everything here fails: a closed list of codes, a message, and std::expected around both.
//
// Nothing of ours throws. A library's exception or status becomes an Error in the file that calls
// the library (docs/ARCHITECTURE.md, Errors).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace crannog {

enum class Code : uint8_t {
  kInvalid,          // the request is wrong whatever the state of the lake
  kUnauthenticated,  // who are you
  kForbidden,        // you may not
  kNotFound,
  kExists,
  kConflict,      // somebody else changed it first; reread and retry
  kPrecondition,  // a condition the caller named does not hold
  kTooLarge,
  kExhausted,  // a limit, a queue or the disk is full
  kTimeout,
  kUnavailable,  // try again later
  kUnsupported,
  kCorrupt,  // bytes that ought to be ours or standard are not
  kIo,
  kUnknown,   // may have happened: never retried blindly
  kInternal,  // our bug
};

// "CONFLICT", "NOT_FOUND", ...: what tests and logs name.
std::string_view CodeName(Code code);

class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  // "NOT_FOUND: read table bronze.orders: ..."
  std::string ToString() const;
  // Puts "what: " before the message: the caller's view of what was attempted.
  Error Within(std::string_view what) &&;
  Error Within(std::string_view what) const&;

 private:
  Code code_;
  std::string message_;
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

// return Fail(Code::kNotFound, "bucket " + name);
inline std::unexpected<Error> Fail(Code code, std::string message) {
  return std::unexpected<Error>(Error(code, std::move(message)));
}

}  // namespace crannog

#define CRANNOG_CONCAT_INNER(a, b) a##b
#define CRANNOG_CONCAT(a, b) CRANNOG_CONCAT_INNER(a, b)

// Leaves the function with the Error of a Status or Result that failed.
#define CRANNOG_RETURN_IF_ERROR(expr)                                              \
  do {                                                                             \
    if (auto crannog_status = (expr); !crannog_status) [[unlikely]]                \
      return std::unexpected<::crannog::Error>(std::move(crannog_status).error()); \
  } while (false)

// CRANNOG_ASSIGN(auto table, catalog.Load(key)): the value, or leaves with the Error.
#define CRANNOG_ASSIGN(lhs, expr) \
  CRANNOG_ASSIGN_IMPL(CRANNOG_CONCAT(crannog_result_, __LINE__), lhs, expr)
#define CRANNOG_ASSIGN_IMPL(result, lhs, expr)                           \
  auto result = (expr);                                                  \
  if (!result) [[unlikely]]                                              \
    return std::unexpected<::crannog::Error>(std::move(result).error()); \
  lhs = std::move(*result)
