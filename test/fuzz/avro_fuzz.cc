// Avro container files of any schema: every value is stepped over.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codec/avro.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto reader = crannog::codec::AvroFileReader::Open(
      bytes, {.header_bytes_max = 1 << 20, .block_bytes_max = 1 << 24});
  if (!reader) return 0;
  while (true) {
    const auto block = reader->NextBlock();
    if (!block || !*block) return 0;
    crannog::codec::AvroCursor cursor((*block)->bytes);
    for (int64_t i = 0; i < (*block)->count && cursor.ok(); ++i) cursor.Skip(*reader->schema());
  }
}
