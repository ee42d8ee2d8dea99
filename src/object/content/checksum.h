// Checksums of object content as S3 names them: CRC32, CRC32C, CRC64NVME, SHA1, SHA256, and the MD5
// behind ETags. Values are raw bytes, big-endian for CRCs; on the wire they are base64.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::object {

// The numbers are stored (docs/formats/objects.md): never renumber.
enum class ChecksumAlgorithm : uint8_t {
  kCrc32 = 1,
  kCrc32c = 2,
  kCrc64Nvme = 3,
  kSha1 = 4,
  kSha256 = 5,
  kMd5 = 6,  // inside ETags and Content-MD5 only
};

// "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "MD5": S3's spelling.
std::string_view ChecksumName(ChecksumAlgorithm algorithm);
std::optional<ChecksumAlgorithm> ChecksumFromName(std::string_view name);
// Length of a value: 4, 8, 16, 20 or 32.
size_t ChecksumSizeBytes(ChecksumAlgorithm algorithm);
// Whether the checksum of a whole follows from those of its parts (the three CRCs).
bool ChecksumCombines(ChecksumAlgorithm algorithm);

// What a checksum of a multipart object covers.
enum class ChecksumType : uint8_t {
  kFullObject = 0,
  kComposite = 1,  // the checksum of the parts' checksums, shown with "-N"
};

struct Checksum {
  ChecksumAlgorithm algorithm = ChecksumAlgorithm::kCrc32c;
  ChecksumType type = ChecksumType::kFullObject;
  std::string value;        // raw bytes
  uint32_t part_count = 0;  // of a composite

  // base64, with "-N" when composite: the text of x-amz-checksum-*.
  std::string ToHeader() const;
  friend bool operator==(const Checksum&, const Checksum&) = default;
};

// One running checksum. Not thread-safe.
class RunningChecksum {
 public:
  virtual ~RunningChecksum() = default;
  virtual void Update(std::string_view bytes) = 0;
  // The value over everything so far; further updates are allowed for CRCs only.
  virtual std::string Finish() = 0;

  static std::unique_ptr<RunningChecksum> Make(ChecksumAlgorithm algorithm);
};

// Of bytes at hand.
std::string ChecksumOf(ChecksumAlgorithm algorithm, std::string_view bytes);

// The CRC of A followed by B from those of A and B and the length of B. CRCs only.
std::string CombineChecksums(ChecksumAlgorithm algorithm, std::string_view first,
                             std::string_view second, uint64_t second_size_bytes);

std::string ToBase64(std::string_view bytes);
//   kInvalid  not base64 with padding
Result<std::string> FromBase64(std::string_view text);

}  // namespace crannog::object
