// Locations as metadata written by others names them, and base64 checksums from headers.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "object/content/checksum.h"
#include "object/content/names.h"
#include "object/location.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace crannog::object;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto location = ParseS3Location(text)) {
    CRANNOG_CHECK(CheckBucketName(location->bucket).has_value());
    CRANNOG_CHECK(text.starts_with(location->scheme) && text.ends_with(location->key));
  }
  if (const auto path = ParseFileLocation(text)) {
    CRANNOG_CHECK(path->starts_with('/'));
    CRANNOG_CHECK((*path + "/").find("/../") == std::string::npos);
    CRANNOG_CHECK(ParseFileLocation(*path).value() == *path);
  }
  if (const auto bytes = FromBase64(text)) CRANNOG_CHECK(ToBase64(*bytes) == text);
  (void)CheckKey(text);
  return 0;
}
