#include "base/result.h"

namespace crannog {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "INVALID";
    case Code::kUnauthenticated:
      return "UNAUTHENTICATED";
    case Code::kForbidden:
      return "FORBIDDEN";
    case Code::kNotFound:
      return "NOT_FOUND";
    case Code::kExists:
      return "EXISTS";
    case Code::kConflict:
      return "CONFLICT";
    case Code::kPrecondition:
      return "PRECONDITION";
    case Code::kTooLarge:
      return "TOO_LARGE";
    case Code::kExhausted:
      return "EXHAUSTED";
    case Code::kTimeout:
      return "TIMEOUT";
    case Code::kUnavailable:
      return "UNAVAILABLE";
    case Code::kUnsupported:
      return "UNSUPPORTED";
    case Code::kCorrupt:
      return "CORRUPT";
    case Code::kIo:
      return "IO";
    case Code::kUnknown:
      return "UNKNOWN";
    case Code::kInternal:
      return "INTERNAL";
  }
  return "INTERNAL";
}

std::string Error::ToString() const {
  std::string text(CodeName(code_));
  text += ": ";
  text += message_;
  return text;
}

Error Error::Within(std::string_view what) && {
  std::string message(what);
  message += ": ";
  message += message_;
  return Error(code_, std::move(message));
}

Error Error::Within(std::string_view what) const& { return Error(*this).Within(what); }

}  // namespace crannog
