// Puffin files and the deletion vectors in them; the bytes also serve as a bare vector.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "table/iceberg/manifest/deletion_vector.h"
#include "table/iceberg/manifest/puffin.h"
#include "table/iceberg/manifest/roaring.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  using crannog::table::iceberg::DeletionVector;
  if (const auto vector = DeletionVector::Decode(bytes)) {
    CRANNOG_CHECK(*DeletionVector::Decode(vector->Encode()) == *vector);
  }
  std::string_view rest = bytes;
  if (const auto bitmap = crannog::table::iceberg::Roaring32::DecodeFrom(rest)) {
    std::string again;
    bitmap->EncodeTo(again);
    std::string_view encoded = again;
    CRANNOG_CHECK(*crannog::table::iceberg::Roaring32::DecodeFrom(encoded) == *bitmap);
  }
  const auto footer =
      crannog::table::iceberg::ParsePuffinFooter(bytes, static_cast<int64_t>(bytes.size()));
  if (!footer) return 0;
  for (const auto& blob : footer->blobs) {
    const auto content = crannog::table::iceberg::ReadPuffinBlob(bytes, blob);
    if (content) (void)DeletionVector::Decode(*content);
  }
  return 0;
}
