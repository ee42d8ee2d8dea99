#include "object/verify_content.h"

#include <algorithm>
#include <memory>

#include "base/hex.h"

namespace crannog::object {

namespace {

constexpr size_t kChunkSizeBytes = 1024 * 1024;
constexpr size_t kMd5HexSize = 32;

Status ReadThrough(const Reader& reader,
                   const std::vector<std::unique_ptr<RunningChecksum>>& sums) {
  std::string chunk(kChunkSizeBytes, '\0');
  for (uint64_t offset = 0; offset < reader.size_bytes();) {
    CRANNOG_ASSIGN(const size_t got, reader.ReadAt(offset, chunk));
    if (got == 0) return Fail(Code::kCorrupt, "ends at byte " + std::to_string(offset));
    for (const auto& sum : sums) sum->Update(std::string_view(chunk).substr(0, got));
    offset += got;
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> VerifyContent(Store& store, std::string_view bucket,
                                               std::string_view key) {
  std::vector<std::string> wrong;
  const auto report = [&](const Error& error) -> Result<std::vector<std::string>> {
    // Missing or damaged content is what is being looked for, not a failure of the search.
    if (error.code() == Code::kInternal) return std::unexpected(error);
    wrong.push_back(error.message());
    return wrong;
  };
  const Result<std::unique_ptr<Reader>> reader = store.Get({bucket, key});
  if (!reader) return report(reader.error());
  const ObjectInfo& info = (*reader)->info();

  std::vector<std::pair<std::string, std::string>> expected;  // name, value
  std::vector<std::unique_ptr<RunningChecksum>> sums;
  if (info.etag.size() == kMd5HexSize) {
    expected.emplace_back("ETag", HexDecode(info.etag).value_or(""));
    sums.push_back(RunningChecksum::Make(ChecksumAlgorithm::kMd5));
  }
  for (const Checksum& checksum : info.checksums) {
    if (checksum.type != ChecksumType::kFullObject) continue;
    expected.emplace_back(ChecksumName(checksum.algorithm), checksum.value);
    sums.push_back(RunningChecksum::Make(checksum.algorithm));
  }
  const Status read = ReadThrough(**reader, sums);
  if (!read) return report(read.error());
  for (size_t i = 0; i < sums.size(); ++i) {
    if (sums[i]->Finish() == expected[i].second) continue;
    wrong.push_back("the content does not have the " + expected[i].first + " of its entry");
  }
  return wrong;
}

}  // namespace crannog::object
