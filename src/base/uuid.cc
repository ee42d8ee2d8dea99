#include "base/uuid.h"

#include "base/hex.h"

namespace crannog {
namespace {

Uuid WithVersion(Uuid::Bytes bytes, int version) {
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  return Uuid(bytes);
}

bool IsDashPosition(size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

}  // namespace

Uuid Uuid::V4(const Bytes& random) { return WithVersion(random, 4); }

Uuid Uuid::V7(int64_t time_ms, const Bytes& random) {
  Bytes bytes = random;
  for (size_t i = 0; i < 6; ++i) {
    bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(time_ms) >> (40 - 8 * i));
  }
  return WithVersion(bytes, 7);
}

Result<Uuid> Uuid::Parse(std::string_view text) {
  const auto invalid = [&] {
    return Fail(Code::kInvalid, "not a UUID: \"" + std::string(text.substr(0, 64)) + "\"");
  };
  if (text.size() != 36) return invalid();
  std::string hex;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDashPosition(i) != (text[i] == '-')) return invalid();
    if (!IsDashPosition(i)) hex.push_back(text[i]);
  }
  const auto decoded = HexDecode(hex);
  if (!decoded) return invalid();
  Bytes bytes;
  std::memcpy(bytes.data(), decoded->data(), kSizeBytes);
  return Uuid(bytes);
}

std::string Uuid::ToString() const {
  std::string text = HexEncode(bytes());
  for (const size_t position : {8U, 13U, 18U, 23U}) text.insert(position, 1, '-');
  return text;
}

}  // namespace crannog
