// Every value and key the object store reads back from state: the first byte chooses which. What
// decodes must encode to something that decodes to the same bytes again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "object/content/entry.h"
#include "object/content/row_keys.h"

namespace {

using namespace crannog::object;

template <typename Decode>
void RoundTrip(Decode decode, std::string_view bytes) {
  const auto value = decode(bytes);
  if (!value) return;
  const std::string encoded = Encode(*value);
  const auto again = decode(encoded);
  CRANNOG_CHECK(again.has_value());
  CRANNOG_CHECK(Encode(*again) == encoded);
}

void Keys(std::string_view bytes) {
  if (const auto name = ParseObjectRow(bytes)) {
    CRANNOG_CHECK(ObjectRow(name->bucket_id, name->key) + std::string(name->version) == bytes);
  }
  if (const auto name = ParseContentRow(bytes)) {
    CRANNOG_CHECK(ContentRow(name->id, name->kind) == bytes);
  }
  if (const auto id = ParseReclaimRow(bytes)) CRANNOG_CHECK(ReclaimRow(*id) == bytes);
  if (const auto name = ParseUploadRow(bytes)) {
    CRANNOG_CHECK(UploadRow(name->bucket_id, name->key, name->upload_id) == bytes);
  }
  if (const auto name = ParsePartRow(bytes)) {
    CRANNOG_CHECK(PartRow(name->upload_id, name->number) == bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 8) {
    case 0:
      RoundTrip(DecodeObjectEntry, bytes);
      break;
    case 1:
      RoundTrip(DecodeBucketRecord, bytes);
      break;
    case 2:
      RoundTrip(DecodeUploadRecord, bytes);
      break;
    case 3:
      RoundTrip(DecodePartRecord, bytes);
      break;
    case 4:
      RoundTrip(DecodeManifest, bytes);
      break;
    case 5:
      RoundTrip(DecodeReclaimRecord, bytes);
      break;
    case 6:
      RoundTrip(DecodeIdReservation, bytes);
      break;
    default:
      Keys(bytes);
  }
  return 0;
}
