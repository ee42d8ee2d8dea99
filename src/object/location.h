// Locations of the embedded store taken apart.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog::object {

// "s3://bucket/key": `scheme` is "s3://", "s3a://" or "s3n://". Views into the text parsed.
struct S3Location {
  std::string_view scheme;
  std::string_view bucket;
  std::string_view key;  // empty when only a bucket is named
};

// Takes any key as it stands: S3 locations are not percent-encoded.
//   kInvalid  another scheme, or a bucket name that cannot be
Result<S3Location> ParseS3Location(std::string_view location);

bool HasS3Scheme(std::string_view location);

// "file:///a/b", "file:/a/b" or "/a/b" as an absolute path without empty, "." and ".." parts. Not
// percent-decoded: table formats write file locations as they are.
//   kInvalid  another scheme, a host, a relative path, a ".." anywhere, a NUL byte
Result<std::string> ParseFileLocation(std::string_view location);

}  // namespace crannog::object
