// Table metadata: what is read is written and read again to the same text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "table/iceberg/format/table_metadata_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto metadata = crannog::table::iceberg::ParseTableMetadata(bytes, "fuzz");
  if (!metadata) return 0;
  (void)crannog::table::iceberg::CheckTableMetadata(*metadata);
  const std::string text = crannog::table::iceberg::WriteTableMetadata(*metadata);
  const auto again = crannog::table::iceberg::ParseTableMetadata(text, "fuzz");
  CRANNOG_CHECK(again.has_value());
  CRANNOG_CHECK(crannog::table::iceberg::WriteTableMetadata(*again) == text);
  return 0;
}
