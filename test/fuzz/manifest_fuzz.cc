// Manifests: every entry is read, owned and its bounds decoded.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "table/iceberg/manifest/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  using crannog::table::iceberg::DecodeBinary;
  const auto entries = crannog::table::iceberg::ReadManifest(
      bytes, "fuzz", {.snapshot_id = 1, .sequence_number = 2, .first_row_id = 3});
  if (!entries) return 0;
  for (const auto& entry : *entries) {
    for (const auto& bound : entry.data_file.lower_bounds) {
      (void)DecodeBinary(crannog::table::iceberg::TypeId::kLong, bound.value);
    }
    for (const auto& value : entry.data_file.partition) (void)value.ToString();
  }
  return 0;
}
