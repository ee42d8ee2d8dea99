#include "codec/compression.h"

#include <fmt/format.h>
#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

namespace crannog::codec {
namespace {

constexpr int kDeflateLevel = 6;  // zlib's default; Avro writers of the reference use 9
constexpr int kZstdLevel = 3;
constexpr int kRawWindow = -15;
constexpr int kGzipWindow = 15 + 16;
constexpr size_t kChunkMax = size_t{1} << 30;  // zlib counts in 32 bits

std::unexpected<Error> Corrupt(std::string_view codec) {
  return Fail(Code::kCorrupt, fmt::format("the bytes are no {} data, or cut short", codec));
}

std::unexpected<Error> TooLarge(size_t size_bytes_max) {
  return Fail(Code::kTooLarge,
              fmt::format("the bytes decompress to more than {} bytes", size_bytes_max));
}

Result<std::string> ZlibCompress(std::string_view bytes, int window) {
  if (bytes.size() > kChunkMax) return TooLarge(kChunkMax);
  z_stream stream{};
  if (deflateInit2(&stream, kDeflateLevel, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return Fail(Code::kExhausted, "no memory to compress");
  }
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int rc = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (rc != Z_STREAM_END) return Fail(Code::kInternal, "deflate did not finish");
  return out;
}

// Grows the output by doubling, from a guess, up to the limit.
Status ZlibDecompress(std::string_view bytes, int window, size_t size_bytes_max, std::string& to) {
  if (bytes.size() > kChunkMax) return TooLarge(kChunkMax);
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) {
    return Fail(Code::kExhausted, "no memory to decompress");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  const size_t guess = std::max<size_t>(4096, std::max(bytes.size() * 4, to.capacity()));
  to.resize(std::min(guess, size_bytes_max));
  size_t made = 0;
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(to.data()) + made;
    stream.avail_out = static_cast<uInt>(std::min(to.size() - made, kChunkMax));
    const size_t room = stream.avail_out;
    const int rc = inflate(&stream, Z_NO_FLUSH);
    made += room - stream.avail_out;
    if (rc == Z_STREAM_END) {
      to.resize(made);
      return {};
    }
    const bool full = made == to.size();
    if (rc != Z_OK && !(rc == Z_BUF_ERROR && full)) return Corrupt("deflate");
    if (!full) continue;
    if (to.size() >= size_bytes_max) return TooLarge(size_bytes_max);
    to.resize(std::min(to.size() * 2, size_bytes_max));
  }
}

Status ZstdDecompress(std::string_view bytes, size_t size_bytes_max, std::string& to) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                   ZSTD_freeDCtx);
  if (!context) return Fail(Code::kExhausted, "no memory to decompress");
  const size_t guess = std::max<size_t>(4096, std::max(bytes.size() * 4, to.capacity()));
  to.resize(std::min(guess, size_bytes_max));
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  size_t made = 0;
  while (true) {
    ZSTD_outBuffer out{to.data(), to.size(), made};
    const size_t before = in.pos;
    const size_t rc = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(rc) != 0) return Corrupt("zstd");
    const bool moved = in.pos != before || out.pos != made;
    made = out.pos;
    if (rc == 0) {
      to.resize(made);
      return {};
    }
    if (made == to.size()) {
      if (to.size() >= size_bytes_max) return TooLarge(size_bytes_max);
      to.resize(std::min(to.size() * 2, size_bytes_max));
    } else if (!moved || in.pos == in.size) {
      return Corrupt("zstd");
    }
  }
}

Status SnappyDecompress(std::string_view bytes, size_t size_bytes_max, std::string& to) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(bytes.data(), bytes.size(), &size)) return Corrupt("snappy");
  if (size > size_bytes_max) return TooLarge(size_bytes_max);
  to.resize(size);
  if (!snappy::RawUncompress(bytes.data(), bytes.size(), to.data())) return Corrupt("snappy");
  return {};
}

Result<std::string> Lz4Compress(std::string_view bytes) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentSize = bytes.size();
  std::string out(LZ4F_compressFrameBound(bytes.size(), &preferences), '\0');
  const size_t size =
      LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), &preferences);
  if (LZ4F_isError(size) != 0) return Fail(Code::kInternal, "lz4 did not finish");
  out.resize(size);
  return out;
}

Status Lz4Decompress(std::string_view bytes, size_t size_bytes_max, std::string& to) {
  LZ4F_dctx* raw = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION)) != 0) {
    return Fail(Code::kExhausted, "no memory to decompress");
  }
  const std::unique_ptr<LZ4F_dctx, size_t (*)(LZ4F_dctx*)> context(
      raw, reinterpret_cast<size_t (*)(LZ4F_dctx*)>(LZ4F_freeDecompressionContext));
  to.resize(std::min(std::max<size_t>(4096, bytes.size() * 4), size_bytes_max));
  size_t made = 0;
  size_t used = 0;
  while (true) {
    size_t out_size = to.size() - made;
    size_t in_size = bytes.size() - used;
    const size_t rc =
        LZ4F_decompress(raw, to.data() + made, &out_size, bytes.data() + used, &in_size, nullptr);
    if (LZ4F_isError(rc) != 0) return Corrupt("lz4");
    made += out_size;
    used += in_size;
    if (rc == 0) {
      to.resize(made);
      return {};
    }
    if (made == to.size()) {
      if (to.size() >= size_bytes_max) return TooLarge(size_bytes_max);
      to.resize(std::min(to.size() * 2, size_bytes_max));
    } else if (used == bytes.size() || (in_size == 0 && out_size == 0)) {
      return Corrupt("lz4");
    }
  }
}

}  // namespace

Result<std::string> Compress(Compression codec, std::string_view bytes) {
  switch (codec) {
    case Compression::kNone:
      return std::string(bytes);
    case Compression::kDeflate:
      return ZlibCompress(bytes, kRawWindow);
    case Compression::kGzip:
      return ZlibCompress(bytes, kGzipWindow);
    case Compression::kLz4Frame:
      return Lz4Compress(bytes);
    case Compression::kSnappy: {
      std::string out;
      snappy::Compress(bytes.data(), bytes.size(), &out);
      return out;
    }
    case Compression::kZstd: {
      std::string out(ZSTD_compressBound(bytes.size()), '\0');
      const size_t size =
          ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kZstdLevel);
      if (ZSTD_isError(size) != 0) return Fail(Code::kInternal, "zstd did not finish");
      out.resize(size);
      return out;
    }
  }
  return Fail(Code::kInternal, "no such codec");
}

Status DecompressInto(Compression codec, std::string_view bytes, size_t size_bytes_max,
                      std::string& to) {
  switch (codec) {
    case Compression::kNone:
      if (bytes.size() > size_bytes_max) return TooLarge(size_bytes_max);
      to.assign(bytes);
      return {};
    case Compression::kDeflate:
      return ZlibDecompress(bytes, kRawWindow, size_bytes_max, to);
    case Compression::kGzip:
      return ZlibDecompress(bytes, kGzipWindow, size_bytes_max, to);
    case Compression::kZstd:
      return ZstdDecompress(bytes, size_bytes_max, to);
    case Compression::kSnappy:
      return SnappyDecompress(bytes, size_bytes_max, to);
    case Compression::kLz4Frame:
      return Lz4Decompress(bytes, size_bytes_max, to);
  }
  return Fail(Code::kInternal, "no such codec");
}

Result<std::string> Decompress(Compression codec, std::string_view bytes, size_t size_bytes_max) {
  std::string out;
  CRANNOG_RETURN_IF_ERROR(DecompressInto(codec, bytes, size_bytes_max, out));
  return out;
}

bool LooksLikeGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

uint32_t Crc32(std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace crannog::codec
