// What writers of objects and of parts have in common: content and running checksums.
// Internal to object/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "object/content_writer.h"
#include "object/store.h"
#include "object/writer.h"

namespace crannog::object {

class ChecksummedWriter : public Writer {
 public:
  Status Append(std::string_view bytes) final;
  Status Expect(ChecksumAlgorithm algorithm, std::string_view value) final;
  Status ExpectSize(uint64_t size_bytes) final;
  uint64_t size_bytes() const final { return content_.size_bytes(); }
  Result<ObjectInfo> Finish() final;

 protected:
  // Computes an MD5 besides `checksums` when the ETag is to be one. `what` is for messages.
  ChecksummedWriter(StoreCore& core, std::string what, Etag etag,
                    const std::vector<ChecksumAlgorithm>& checksums);

  // Cheap look before the content is synced: most losers of a race end here.
  virtual Status Precheck() = 0;
  // Makes the content visible.
  virtual Result<ObjectInfo> Publish(StagedContent staged, std::string etag,
                                     std::vector<Checksum> checksums) = 0;

  StoreCore& core() const { return *core_; }

 private:
  struct Running {
    ChecksumAlgorithm algorithm;
    std::unique_ptr<RunningChecksum> checksum;
    std::optional<std::string> expected;
    std::string value;
  };
  Status CheckExpectations();
  Result<ObjectInfo> FinishOnce();

  StoreCore* core_;  // not null
  std::string what_;
  Etag etag_;
  ContentWriter content_;
  std::vector<Running> running_;
  std::optional<uint64_t> size_expected_;
  std::optional<Error> failed_;  // the first error: every later call fails with it
};

// A tag for content whose MD5 nobody computed: unique to the write, and by its "-1" no MD5 (S3).
std::string OpaqueEtag(ContentId id, int64_t now_ms);

}  // namespace crannog::object
