// Every bound of the object store in one place. S3's own figures where S3 has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crannog::object {

inline constexpr size_t kKeySizeBytesMax = 1024;
inline constexpr size_t kBucketNameSizeMin = 3;
inline constexpr size_t kBucketNameSizeMax = 63;
inline constexpr size_t kBucketsMax = 10'000;
// Content type, headers, user metadata and tags together, names and values.
inline constexpr size_t kAttributesSizeBytesMax = 16 * 1024;
inline constexpr uint32_t kPartsMax = 10'000;
inline constexpr uint64_t kObjectSizeBytesMax = uint64_t{50} << 40;
inline constexpr size_t kListKeysMax = 1'000;
// An in-place lookup that loses its object to concurrent overwrites this often gives up.
inline constexpr int kOpenAttemptsMax = 64;
// Files a Reader of a many-part object keeps open at once.
inline constexpr size_t kReaderFilesOpenMax = 4;
// The largest content that can be kept in state/, whatever the setting says.
inline constexpr size_t kInlineSizeBytesCeiling = 1024 * 1024;
// Appends are gathered to writes of this size.
inline constexpr size_t kWriteBufferSizeBytes = 1024 * 1024;
// Content files whose ids one synced state write reserves (docs/formats/objects.md, Ids).
inline constexpr uint64_t kFileIdBlock = 1'024;
// Content reclaimed per pass: one state sync and one sync per directory for all of it.
inline constexpr size_t kReclaimBatchMax = 256;

// Folders within folders of a plain-directory warehouse.
inline constexpr int kDirectoryDepthMax = 256;

}  // namespace crannog::object
