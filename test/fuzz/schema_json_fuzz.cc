// Schemas: what is read is written and read again to the same text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "codec/json.h"
#include "table/iceberg/format/schema_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto schema = crannog::table::iceberg::ParseSchema(bytes);
  if (!schema) return 0;
  const std::string text =
      crannog::codec::WriteJson(crannog::table::iceberg::SchemaToJson(**schema));
  const auto again = crannog::table::iceberg::ParseSchema(text);
  CRANNOG_CHECK(again.has_value());
  CRANNOG_CHECK(crannog::codec::WriteJson(crannog::table::iceberg::SchemaToJson(**again)) == text);
  return 0;
}
