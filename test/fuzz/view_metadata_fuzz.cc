// View metadata: what is read is written and read again to the same text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "table/iceberg/format/view_metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto view = crannog::table::iceberg::ParseViewMetadata(bytes, "fuzz");
  if (!view) return 0;
  const std::string text = crannog::table::iceberg::WriteViewMetadata(*view);
  const auto again = crannog::table::iceberg::ParseViewMetadata(text, "fuzz");
  CRANNOG_CHECK(again.has_value());
  CRANNOG_CHECK(crannog::table::iceberg::WriteViewMetadata(*again) == text);
  return 0;
}
