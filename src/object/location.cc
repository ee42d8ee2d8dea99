#include "object/location.h"

#include <array>

#include "object/content/names.h"

namespace crannog::object {

namespace {

constexpr std::array<std::string_view, 3> kS3Schemes = {"s3://", "s3a://", "s3n://"};
constexpr size_t kMessageLocationSizeMax = 256;

std::unexpected<Error> BadLocation(std::string_view location, std::string_view why) {
  return Fail(Code::kInvalid, "location \"" +
                                  std::string(location.substr(0, kMessageLocationSizeMax)) +
                                  "\": " + std::string(why));
}

}  // namespace

bool HasS3Scheme(std::string_view location) {
  for (const std::string_view scheme : kS3Schemes) {
    if (location.starts_with(scheme)) return true;
  }
  return false;
}

Result<S3Location> ParseS3Location(std::string_view location) {
  for (const std::string_view scheme : kS3Schemes) {
    if (!location.starts_with(scheme)) continue;
    const std::string_view rest = location.substr(scheme.size());
    const size_t slash = rest.find('/');
    S3Location parsed{scheme, rest.substr(0, slash), {}};
    if (slash != std::string_view::npos) parsed.key = rest.substr(slash + 1);
    CRANNOG_RETURN_IF_ERROR(CheckBucketName(parsed.bucket));
    return parsed;
  }
  return BadLocation(location, "must begin with s3://, s3a:// or s3n://");
}

Result<std::string> ParseFileLocation(std::string_view location) {
  std::string_view path = location;
  if (path.starts_with("file://")) {
    path.remove_prefix(7);
  } else if (path.starts_with("file:/")) {
    path.remove_prefix(5);
  }
  if (!path.starts_with('/')) return BadLocation(location, "must be file:/// and an absolute path");
  if (path.find('\0') != std::string_view::npos) return BadLocation(location, "has a NUL byte");
  std::string clean;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    if (part.empty() || part == ".") continue;
    if (part == "..") return BadLocation(location, "\"..\" is not allowed");
    clean += '/';
    clean += part;
  }
  if (clean.empty()) clean = "/";
  return clean;
}

}  // namespace crannog::object
