#include "object/local_files.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "object/content/names.h"
#include "object/location.h"

namespace crannog::object {

namespace {

class LocalFileWriter final : public FileWriter {
 public:
  LocalFileWriter(std::unique_ptr<Writer> writer, std::string location)
      : writer_(std::move(writer)), location_(std::move(location)) {}

  Status Append(std::string_view bytes) override { return writer_->Append(bytes); }
  uint64_t size_bytes() const override { return writer_->size_bytes(); }
  Status Finish() override {
    Result<ObjectInfo> finished = writer_->Finish();
    if (finished) return {};
    // The only condition asked for was absence.
    if (finished.error().code() == Code::kPrecondition) {
      return Fail(Code::kExists, "create " + location_ + ": it exists");
    }
    return std::unexpected(std::move(finished).error());
  }

 private:
  std::unique_ptr<Writer> writer_;
  std::string location_;
};

Result<S3Location> ParseObjectLocation(std::string_view location) {
  CRANNOG_ASSIGN(const S3Location parsed, ParseS3Location(location));
  CRANNOG_RETURN_IF_ERROR(CheckKey(parsed.key));
  return parsed;
}

}  // namespace

bool LocalFiles::Owns(std::string_view location) const { return HasS3Scheme(location); }

Result<std::unique_ptr<FileReader>> LocalFiles::Open(std::string_view location) {
  CRANNOG_ASSIGN(const S3Location parsed, ParseObjectLocation(location));
  CRANNOG_ASSIGN(std::unique_ptr<Reader> reader, store_->Get({parsed.bucket, parsed.key}));
  return reader;
}

Result<std::unique_ptr<FileWriter>> LocalFiles::Create(std::string_view location,
                                                       const WriteOptions& options) {
  CRANNOG_ASSIGN(const S3Location parsed, ParseObjectLocation(location));
  PutOptions put;
  put.conditions.if_absent = options.if_absent;
  put.durability = options.durability;
  put.etag = Etag::kOpaque;
  put.checksums = {ChecksumAlgorithm::kCrc32c};
  CRANNOG_ASSIGN(std::unique_ptr<Writer> writer,
                 store_->Put({parsed.bucket, parsed.key}, std::move(put)));
  return std::make_unique<LocalFileWriter>(std::move(writer), std::string(location));
}

Status LocalFiles::Delete(std::string_view location) {
  CRANNOG_ASSIGN(const S3Location parsed, ParseObjectLocation(location));
  CRANNOG_ASSIGN(const bool existed, store_->Delete({parsed.bucket, parsed.key}, {}));
  if (existed) return {};
  return Fail(Code::kNotFound, "delete " + std::string(location) + ": no such object");
}

Result<std::vector<FileEntry>> LocalFiles::List(std::string_view prefix,
                                                std::string_view start_after, size_t count_max) {
  CRANNOG_ASSIGN(const S3Location parsed, ParseS3Location(prefix));
  const std::string base = std::string(parsed.scheme) + std::string(parsed.bucket) + "/";
  ListOptions options;
  options.prefix = std::string(parsed.key);
  if (!start_after.empty()) {
    CRANNOG_ASSIGN(const S3Location after, ParseS3Location(start_after));
    if (after.bucket != parsed.bucket) {
      return Fail(Code::kInvalid, "list " + std::string(prefix) + " after " +
                                      std::string(start_after) + ": another bucket");
    }
    options.start_after = std::string(after.key);
  }
  std::vector<FileEntry> entries;
  while (entries.size() < count_max) {
    options.count_max = std::min(count_max - entries.size(), kListKeysMax);
    CRANNOG_ASSIGN(ObjectPage page, store_->List(parsed.bucket, options));
    for (const ObjectInfo& info : page.objects) {
      entries.push_back({base + info.key, info.size_bytes, info.modified_ms});
    }
    if (!page.continuation_token) break;
    options.continuation_token = std::move(page.continuation_token);
  }
  return entries;
}

}  // namespace crannog::object
