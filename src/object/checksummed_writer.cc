#include "object/checksummed_writer.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"

namespace crannog::object {

ChecksummedWriter::ChecksummedWriter(StoreCore& core, std::string what, Etag etag,
                                     const std::vector<ChecksumAlgorithm>& checksums)
    : core_(&core), what_(std::move(what)), etag_(etag), content_(core) {
  std::vector<ChecksumAlgorithm> algorithms = checksums;
  if (etag == Etag::kMd5) algorithms.push_back(ChecksumAlgorithm::kMd5);
  std::ranges::sort(algorithms);
  const auto [first, last] = std::ranges::unique(algorithms);
  algorithms.erase(first, last);
  for (const ChecksumAlgorithm algorithm : algorithms) {
    running_.push_back({algorithm, RunningChecksum::Make(algorithm), std::nullopt, {}});
  }
}

Status ChecksummedWriter::Append(std::string_view bytes) {
  if (failed_) return std::unexpected(*failed_);
  for (Running& running : running_) running.checksum->Update(bytes);
  Status written = content_.Append(bytes);
  if (written) return {};
  failed_ = std::move(written).error().Within(what_);
  return std::unexpected(*failed_);
}

Status ChecksummedWriter::Expect(ChecksumAlgorithm algorithm, std::string_view value) {
  if (value.size() != ChecksumSizeBytes(algorithm)) {
    return Fail(Code::kInvalid, what_ + ": the declared " + std::string(ChecksumName(algorithm)) +
                                    " has " + std::to_string(value.size()) + " bytes");
  }
  for (Running& running : running_) {
    if (running.algorithm != algorithm) continue;
    running.expected = std::string(value);
    return {};
  }
  return Fail(Code::kInvalid, what_ + ": " + std::string(ChecksumName(algorithm)) +
                                  " is declared but not being computed");
}

Status ChecksummedWriter::ExpectSize(uint64_t size_bytes) {
  size_expected_ = size_bytes;
  return {};
}

Status ChecksummedWriter::CheckExpectations() {
  if (size_expected_ && *size_expected_ != size_bytes()) {
    return Fail(Code::kCorrupt, "got " + std::to_string(size_bytes()) + " bytes, declared were " +
                                    std::to_string(*size_expected_));
  }
  for (Running& running : running_) {
    running.value = running.checksum->Finish();
    if (!running.expected || *running.expected == running.value) continue;
    return Fail(Code::kCorrupt, "the content's " + std::string(ChecksumName(running.algorithm)) +
                                    " is " + ToBase64(running.value) + ", declared was " +
                                    ToBase64(*running.expected));
  }
  return {};
}

Result<ObjectInfo> ChecksummedWriter::FinishOnce() {
  CRANNOG_RETURN_IF_ERROR(CheckExpectations());
  CRANNOG_RETURN_IF_ERROR(Precheck());
  CRANNOG_ASSIGN(StagedContent staged, content_.Stage());
  std::string etag;
  std::vector<Checksum> checksums;
  for (Running& running : running_) {
    if (running.algorithm == ChecksumAlgorithm::kMd5) {
      etag = HexEncode(running.value);
    } else {
      checksums.push_back(
          {running.algorithm, ChecksumType::kFullObject, std::move(running.value), 0});
    }
  }
  if (etag_ == Etag::kOpaque) {
    ContentId id = staged.ref().id;
    if (staged.ref().kind == ContentKind::kEmpty) {
      CRANNOG_ASSIGN(id, core_->ids.Take());
    }
    etag = OpaqueEtag(id, core_->clock.NowMillis());
  }
  return Publish(std::move(staged), std::move(etag), std::move(checksums));
}

Result<ObjectInfo> ChecksummedWriter::Finish() {
  if (failed_) return std::unexpected(*failed_);
  Result<ObjectInfo> finished = FinishOnce();
  if (finished) {
    failed_ = Error(Code::kInvalid, what_ + ": already finished");
    return finished;
  }
  failed_ = std::move(finished).error().Within(what_);
  return std::unexpected(*failed_);
}

// The id alone is unique; the time keeps a lake restored from a backup from repeating a tag.
std::string OpaqueEtag(ContentId id, int64_t now_ms) {
  return IdToHex(static_cast<uint64_t>(now_ms)) + IdToHex(static_cast<uint64_t>(id)) + "-1";
}

}  // namespace crannog::object
