#include "object/content/checksum.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstring>

#include "base/byte_order.h"
#include "base/check.h"

namespace crannog::object {

namespace {

struct AlgorithmInfo {
  ChecksumAlgorithm algorithm;
  std::string_view name;
  size_t size_bytes;
};

constexpr std::array<AlgorithmInfo, 6> kAlgorithms = {{
    {ChecksumAlgorithm::kCrc32, "CRC32", 4},
    {ChecksumAlgorithm::kCrc32c, "CRC32C", 4},
    {ChecksumAlgorithm::kCrc64Nvme, "CRC64NVME", 8},
    {ChecksumAlgorithm::kSha1, "SHA1", 20},
    {ChecksumAlgorithm::kSha256, "SHA256", 32},
    {ChecksumAlgorithm::kMd5, "MD5", 16},
}};

const AlgorithmInfo& InfoOf(ChecksumAlgorithm algorithm) {
  for (const AlgorithmInfo& info : kAlgorithms) {
    if (info.algorithm == algorithm) return info;
  }
  CRANNOG_CHECK(false);
  return kAlgorithms[0];
}

// The polynomials, bit-reversed as all three CRCs use them.
constexpr uint64_t kPolynomialCrc32 = 0xEDB88320;
constexpr uint64_t kPolynomialCrc32c = 0x82F63B78;
constexpr uint64_t kPolynomialCrc64Nvme = 0x9A6C9329AC4BC9B5;

constexpr size_t kSlices = 16;
using SliceTables = std::array<std::array<uint64_t, 256>, kSlices>;

// Table k advances a byte over k further zero bytes, so 16 bytes are done by 16 look-ups that do
// not wait for each other.
constexpr SliceTables MakeSliceTables() {
  SliceTables tables{};
  for (size_t byte = 0; byte < 256; ++byte) {
    uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1) != 0 ? (crc >> 1) ^ kPolynomialCrc64Nvme : crc >> 1;
    }
    tables[0][byte] = crc;
  }
  for (size_t slice = 1; slice < kSlices; ++slice) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint64_t before = tables[slice - 1][byte];
      tables[slice][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constinit const SliceTables kSliceTables = MakeSliceTables();

uint64_t LoadLittle64(const char* from) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return value;
}

uint64_t UpdateCrc64Nvme(uint64_t crc, std::string_view bytes) {
  const SliceTables& tables = kSliceTables;
  while (bytes.size() >= kSlices) {
    const uint64_t low = LoadLittle64(bytes.data()) ^ crc;
    const uint64_t high = LoadLittle64(bytes.data() + 8);
    crc = 0;
    for (size_t i = 0; i < 8; ++i) {
      crc ^= tables[15 - i][(low >> (8 * i)) & 0xff] ^ tables[7 - i][(high >> (8 * i)) & 0xff];
    }
    bytes.remove_prefix(kSlices);
  }
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<uint8_t>(byte)) & 0xff];
  }
  return crc;
}

// isa-l counts in int and takes the C string as mutable.
template <typename Update>
void InPieces(std::string_view bytes, Update update) {
  constexpr size_t kPieceMax = size_t{1} << 30;
  while (!bytes.empty()) {
    const size_t size = std::min(bytes.size(), kPieceMax);
    update(reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data())), size);
    bytes.remove_prefix(size);
  }
}

class Crc32 final : public RunningChecksum {
 public:
  void Update(std::string_view bytes) override {
    InPieces(bytes, [&](const unsigned char* data, size_t size) {
      crc_ = crc32_gzip_refl(crc_, data, size);
    });
  }
  std::string Finish() override {
    std::string value;
    AppendBig32(value, crc_);
    return value;
  }

 private:
  uint32_t crc_ = 0;  // crc32_gzip_refl inverts on the way in and out
};

class Crc32c final : public RunningChecksum {
 public:
  void Update(std::string_view bytes) override {
    InPieces(bytes, [&](unsigned char* data, size_t size) {
      crc_ = crc32_iscsi(data, static_cast<int>(size), crc_);
    });
  }
  std::string Finish() override {
    std::string value;
    AppendBig32(value, ~crc_);
    return value;
  }

 private:
  uint32_t crc_ = ~uint32_t{0};
};

class Crc64Nvme final : public RunningChecksum {
 public:
  void Update(std::string_view bytes) override { crc_ = UpdateCrc64Nvme(crc_, bytes); }
  std::string Finish() override {
    std::string value;
    AppendBig64(value, ~crc_);
    return value;
  }

 private:
  uint64_t crc_ = ~uint64_t{0};
};

class Digest final : public RunningChecksum {
 public:
  explicit Digest(const EVP_MD* method) : context_(EVP_MD_CTX_new()) {
    CRANNOG_CHECK(context_ != nullptr);
    CRANNOG_CHECK(EVP_DigestInit_ex(context_, method, nullptr) == 1);
  }
  ~Digest() override { EVP_MD_CTX_free(context_); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void Update(std::string_view bytes) override {
    CRANNOG_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  }
  std::string Finish() override {
    std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
    unsigned int size = 0;
    CRANNOG_CHECK(EVP_DigestFinal_ex(context_, value.data(), &size) == 1);
    return {reinterpret_cast<const char*>(value.data()), size};
  }

 private:
  EVP_MD_CTX* context_;
};

// Polynomials modulo P, bit-reversed: the highest of `width` bits is x^0.
struct Field {
  uint64_t polynomial;
  int width;

  uint64_t Multiply(uint64_t a, uint64_t b) const {
    uint64_t product = 0;
    for (int bit = width - 1; bit >= 0; --bit) {
      if (((a >> bit) & 1) != 0) product ^= b;
      b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
    }
    return product;
  }
  // x^(8 * count).
  uint64_t PowerOfBytes(uint64_t count) const {
    uint64_t power = uint64_t{1} << (width - 1);
    uint64_t square = uint64_t{1} << (width - 1 - 8);
    for (; count != 0; count >>= 1) {
      if ((count & 1) != 0) power = Multiply(power, square);
      square = Multiply(square, square);
    }
    return power;
  }
};

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string_view ChecksumName(ChecksumAlgorithm algorithm) { return InfoOf(algorithm).name; }

std::optional<ChecksumAlgorithm> ChecksumFromName(std::string_view name) {
  for (const AlgorithmInfo& info : kAlgorithms) {
    if (info.name == name) return info.algorithm;
  }
  return std::nullopt;
}

size_t ChecksumSizeBytes(ChecksumAlgorithm algorithm) { return InfoOf(algorithm).size_bytes; }

bool ChecksumCombines(ChecksumAlgorithm algorithm) {
  return algorithm == ChecksumAlgorithm::kCrc32 || algorithm == ChecksumAlgorithm::kCrc32c ||
         algorithm == ChecksumAlgorithm::kCrc64Nvme;
}

std::string Checksum::ToHeader() const {
  std::string text = ToBase64(value);
  if (type == ChecksumType::kComposite) text += "-" + std::to_string(part_count);
  return text;
}

std::unique_ptr<RunningChecksum> RunningChecksum::Make(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::kCrc32:
      return std::make_unique<Crc32>();
    case ChecksumAlgorithm::kCrc32c:
      return std::make_unique<Crc32c>();
    case ChecksumAlgorithm::kCrc64Nvme:
      return std::make_unique<Crc64Nvme>();
    case ChecksumAlgorithm::kSha1:
      return std::make_unique<Digest>(EVP_sha1());
    case ChecksumAlgorithm::kSha256:
      return std::make_unique<Digest>(EVP_sha256());
    case ChecksumAlgorithm::kMd5:
      return std::make_unique<Digest>(EVP_md5());
  }
  CRANNOG_CHECK(false);
  return nullptr;
}

std::string ChecksumOf(ChecksumAlgorithm algorithm, std::string_view bytes) {
  const std::unique_ptr<RunningChecksum> running = RunningChecksum::Make(algorithm);
  running->Update(bytes);
  return running->Finish();
}

std::string CombineChecksums(ChecksumAlgorithm algorithm, std::string_view first,
                             std::string_view second, uint64_t second_size_bytes) {
  CRANNOG_CHECK(ChecksumCombines(algorithm));
  CRANNOG_CHECK(first.size() == ChecksumSizeBytes(algorithm) && second.size() == first.size());
  std::string value;
  if (algorithm == ChecksumAlgorithm::kCrc64Nvme) {
    const Field field{kPolynomialCrc64Nvme, 64};
    AppendBig64(value, field.Multiply(field.PowerOfBytes(second_size_bytes), ReadBig64(first)) ^
                           ReadBig64(second));
    return value;
  }
  const Field field{algorithm == ChecksumAlgorithm::kCrc32 ? kPolynomialCrc32 : kPolynomialCrc32c,
                    32};
  const uint64_t shifted = field.Multiply(field.PowerOfBytes(second_size_bytes), ReadBig32(first));
  AppendBig32(value, static_cast<uint32_t>(shifted) ^ ReadBig32(second));
  return value;
}

std::string ToBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = (group << 8) | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text += padding ? '=' : kBase64Digits[(group >> (18 - 6 * k)) & 63];
    }
  }
  return text;
}

Result<std::string> FromBase64(std::string_view text) {
  const auto bad = [&] { return Fail(Code::kInvalid, "decode base64: malformed text"); };
  if (text.size() % 4 != 0) return bad();
  const size_t padding = text.ends_with("==") ? 2 : (text.ends_with("=") ? 1 : 0);
  const std::string_view digits = text.substr(0, text.size() - padding);
  std::string bytes;
  uint32_t group = 0;
  int bits = 0;
  for (const char c : digits) {
    const size_t digit = kBase64Digits.find(c);
    if (digit == std::string_view::npos) return bad();
    group = (group << 6) | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((group >> bits) & 0xff);
  }
  // Bits that no byte takes must be zero, so that every value has one text only.
  if ((group & ((1U << bits) - 1)) != 0) return bad();
  return bytes;
}

}  // namespace crannog::object
