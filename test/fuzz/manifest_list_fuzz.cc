// Manifest lists.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "table/iceberg/manifest/manifest_list.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)crannog::table::iceberg::ReadManifestList(bytes, "fuzz");
  return 0;
}
