// Turning the parts of an upload into one object: what the object is, before anything is written.
// Internal to object/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "object/content/entry.h"
#include "object/store.h"
#include "object/upload_rows.h"

namespace crannog::object {

// The uploaded parts that `wanted` names, in order.
//   kInvalid, kTooLarge  as Store::CompleteUpload
Result<std::vector<PartRecord>> ChooseParts(const PartRecords& uploaded,
                                            std::span<const CompletedPart> wanted,
                                            const UploadInfo& upload, uint64_t part_size_bytes_min);

// "md5-of-md5s-N". The parts' ETags must be MD5s, all of them.
bool HaveMd5Etags(std::span<const PartRecord> parts);
std::string MultipartEtag(std::span<const PartRecord> parts);

// The upload's checksum over all parts: combined from theirs, or a checksum of theirs.
//   kInvalid  a part has no checksum of the algorithm
Result<Checksum> MultipartChecksum(ChecksumAlgorithm algorithm, ChecksumType type,
                                   std::span<const PartRecord> parts);

}  // namespace crannog::object
