// The parsers of small values in base: what they accept means the same when it is written again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_size.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/iso_time.h"
#include "base/ordered_key.h"
#include "base/uuid.h"
#include "base/varint.h"

namespace {

using crannog::Result;

void CheckTexts(std::string_view text) {
  if (const auto time = crannog::ParseIsoMicros(text)) {
    // A zone may carry an instant out of the years that are written, which clamps it: from there on
    // it stays the same.
    const std::string written = crannog::FormatIsoMicros(*time);
    const auto again = crannog::ParseIsoMicros(written);
    CRANNOG_CHECK(again.has_value() && crannog::FormatIsoMicros(*again) == written);
  }
  if (const auto uuid = crannog::Uuid::Parse(text)) {
    CRANNOG_CHECK(crannog::Uuid::Parse(uuid->ToString()) == *uuid);
  }
  if (const auto bytes = crannog::HexDecode(text)) {
    CRANNOG_CHECK(crannog::HexDecode(crannog::HexEncode(*bytes)) == *bytes);
  }
  (void)crannog::ParseByteSize(text);
}

void CheckBinary(std::string_view bytes) {
  std::string_view rest = bytes;
  while (!rest.empty() && crannog::TakeSized(rest)) {
  }
  rest = bytes;
  while (!rest.empty() && crannog::TakeVarint(rest)) {
  }
  // Keys have one encoding only: what is taken is what is appended.
  rest = bytes;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const Result<std::string> part = crannog::TakeOrderedString(rest);
    if (!part) break;
    std::string again;
    crannog::AppendOrderedString(again, *part);
    CRANNOG_CHECK(before.starts_with(again));
    CRANNOG_CHECK(before.size() == again.size() + rest.size());
  }
  rest = bytes;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const Result<uint64_t> number = crannog::TakeOrderedUint(rest);
    if (!number) break;
    std::string again;
    crannog::AppendOrderedUint(again, *number);
    CRANNOG_CHECK(before.starts_with(again));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckTexts(input);
  CheckBinary(input);
  return 0;
}
