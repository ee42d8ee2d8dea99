// Whole buffers, compressed and restored, for the formats that carry them (Avro, Puffin, gzip).
//
// Restoring is safe on any bytes and never makes more than `size_bytes_max`:
//   kCorrupt   the bytes are not what the codec writes
//   kTooLarge  they would grow beyond the limit
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crannog::codec {

enum class Compression : uint8_t {
  kNone,
  kDeflate,  // raw, RFC 1951, as in Avro
  kGzip,     // RFC 1952
  kZstd,
  kSnappy,    // raw, without Avro's checksum
  kLz4Frame,  // as in Puffin
};

Result<std::string> Compress(Compression codec, std::string_view bytes);
Result<std::string> Decompress(Compression codec, std::string_view bytes, size_t size_bytes_max);
// The same into a buffer whose capacity is used again.
Status DecompressInto(Compression codec, std::string_view bytes, size_t size_bytes_max,
                      std::string& to);
// Whether the bytes begin as a gzip member does.
bool LooksLikeGzip(std::string_view bytes);
// CRC-32 of zlib, gzip and Puffin.
uint32_t Crc32(std::string_view bytes);

}  // namespace crannog::codec
