#include "object/upload_completion.h"

#include <algorithm>

#include "base/hex.h"

namespace crannog::object {

namespace {

constexpr size_t kMd5HexSize = 32;

std::string NameOf(uint32_t number) { return "part " + std::to_string(number); }

const Checksum* FindChecksum(const PartRecord& part, ChecksumAlgorithm algorithm) {
  const auto it = std::ranges::find(part.info.checksums, algorithm, &Checksum::algorithm);
  return it == part.info.checksums.end() ? nullptr : &*it;
}

Status CheckPart(const PartRecord& part, const CompletedPart& wanted, const UploadInfo& upload) {
  if (part.info.etag != wanted.etag) {
    return Fail(Code::kInvalid,
                NameOf(wanted.number) + " has ETag " + part.info.etag + ", not " + wanted.etag);
  }
  if (!wanted.checksum || !upload.checksum_algorithm) return {};
  const Checksum* checksum = FindChecksum(part, *upload.checksum_algorithm);
  if (checksum != nullptr && checksum->value == *wanted.checksum) return {};
  return Fail(Code::kInvalid, NameOf(wanted.number) + " has another checksum than declared");
}

}  // namespace

Result<std::vector<PartRecord>> ChooseParts(const PartRecords& uploaded,
                                            std::span<const CompletedPart> wanted,
                                            const UploadInfo& upload,
                                            uint64_t part_size_bytes_min) {
  if (wanted.empty()) return Fail(Code::kInvalid, "no parts named");
  std::vector<PartRecord> chosen;
  uint64_t size_bytes = 0;
  for (const CompletedPart& part : wanted) {
    if (!chosen.empty() && chosen.back().info.number >= part.number) {
      return Fail(Code::kInvalid, NameOf(part.number) + " is not in ascending order");
    }
    const auto it = uploaded.find(part.number);
    if (it == uploaded.end()) {
      return Fail(Code::kInvalid, NameOf(part.number) + " was not uploaded");
    }
    CRANNOG_RETURN_IF_ERROR(CheckPart(it->second, part, upload));
    size_bytes += it->second.info.size_bytes;
    chosen.push_back(it->second);
  }
  // Only now: a part that is not there, or out of order, is the graver complaint.
  for (const PartRecord& part : chosen) {
    const bool is_last = &part == &chosen.back();
    if (is_last || part.info.size_bytes >= part_size_bytes_min) continue;
    const uint32_t number = wanted[static_cast<size_t>(&part - chosen.data())].number;
    return Fail(Code::kTooLarge, NameOf(number) + " has " + std::to_string(part.info.size_bytes) +
                                     " bytes; every part but the last needs " +
                                     std::to_string(part_size_bytes_min));
  }
  if (size_bytes > kObjectSizeBytesMax) {
    return Fail(Code::kTooLarge, "the object would have " + std::to_string(size_bytes) + " bytes");
  }
  return chosen;
}

bool HaveMd5Etags(std::span<const PartRecord> parts) {
  return std::ranges::all_of(
      parts, [](const PartRecord& part) { return part.info.etag.size() == kMd5HexSize; });
}

std::string MultipartEtag(std::span<const PartRecord> parts) {
  std::string digests;
  for (const PartRecord& part : parts) digests += HexDecode(part.info.etag).value_or("");
  return HexEncode(ChecksumOf(ChecksumAlgorithm::kMd5, digests)) + "-" +
         std::to_string(parts.size());
}

Result<Checksum> MultipartChecksum(ChecksumAlgorithm algorithm, ChecksumType type,
                                   std::span<const PartRecord> parts) {
  Checksum whole{algorithm, type, {}, 0};
  std::string values;
  for (const PartRecord& part : parts) {
    const Checksum* checksum = FindChecksum(part, algorithm);
    if (checksum == nullptr) {
      return Fail(Code::kInvalid,
                  NameOf(part.info.number) + " has no " + std::string(ChecksumName(algorithm)));
    }
    if (type == ChecksumType::kComposite) {
      values += checksum->value;
    } else if (whole.value.empty()) {
      whole.value = checksum->value;
    } else {
      whole.value = CombineChecksums(algorithm, whole.value, checksum->value, part.info.size_bytes);
    }
  }
  if (type == ChecksumType::kComposite) {
    whole.value = ChecksumOf(algorithm, values);
    whole.part_count = static_cast<uint32_t>(parts.size());
  }
  return whole;
}

}  // namespace crannog::object
