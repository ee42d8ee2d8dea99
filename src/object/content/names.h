// What may be called what: buckets, keys, attributes.
#pragma once

#include <map>
#include <string_view>

#include "base/result.h"
#include "object/content/object_info.h"

namespace crannog::object {

// Well-formed UTF-8 (RFC 3629).
bool IsUtf8(std::string_view text);
// 3 to 63 of a-z, 0-9, '-' and '.'. kInvalid.
Status CheckBucketName(std::string_view name);
// 1 to kKeySizeBytesMax bytes of UTF-8 without NUL. kInvalid.
Status CheckKey(std::string_view key);
// At most kAttributesSizeBytesMax. kTooLarge.
Status CheckAttributes(const Attributes& attributes);

}  // namespace crannog::object
