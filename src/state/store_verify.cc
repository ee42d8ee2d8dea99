#include <rocksdb/file_checksum.h>
#include <rocksdb/metadata.h>

#include <algorithm>

#include "base/hex.h"
#include "state/rocks_status_internal.h"
#include "state/store_internal.h"

namespace crannog::state {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

// What is wrong with the file; empty when nothing is.
Result<std::string> Examine(io::FileSystem& files, const rocksdb::LiveFileStorageInfo& live) {
  const std::string path = io::JoinPath(live.directory, live.relative_filename);
  CRANNOG_ASSIGN(const std::unique_ptr<io::File> file, files.Open(path, io::OpenMode::kRead));
  CRANNOG_ASSIGN(const uint64_t size_bytes, file->Size());
  if (size_bytes != live.size) {
    return std::to_string(size_bytes) + " bytes long instead of " + std::to_string(live.size);
  }
  rocksdb::FileChecksumGenContext context;
  context.file_name = path;
  const auto generator =
      rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator(context);
  if (live.file_checksum_func_name != generator->Name()) return std::string("has no checksum");
  std::string piece(kPieceBytes, '\0');
  for (uint64_t offset = 0; offset < size_bytes;) {
    CRANNOG_ASSIGN(const size_t count, file->ReadAt(offset, piece));
    if (count == 0) return std::string("was cut short while it was read");
    generator->Update(piece.data(), count);
    offset += count;
  }
  generator->Finalize();
  const std::string checksum = generator->GetChecksum();
  if (checksum == live.file_checksum) return std::string();
  return "checksum " + HexEncode(checksum) + " instead of " + HexEncode(live.file_checksum);
}

}  // namespace

Result<std::vector<VerifyFinding>> Store::Verify() {
  // The log was checked record by record when it was replayed. What it holds goes into table files
  // now, so that all of the state is under whole-file checksums.
  CRANNOG_RETURN_IF_ERROR(impl_->Heal());
  CRANNOG_RETURN_IF_ERROR(
      FromRocks("verify state", impl_->db->Flush(rocksdb::FlushOptions(), impl_->handles)));
  // While this stands no compaction removes a file that is about to be read.
  CRANNOG_RETURN_IF_ERROR(FromRocks("verify state", impl_->db->DisableFileDeletions()));
  rocksdb::LiveFilesStorageInfoOptions options;
  options.include_checksum_info = true;
  options.wal_size_for_flush = UINT64_MAX;
  std::vector<rocksdb::LiveFileStorageInfo> live;
  Status status = FromRocks("verify state", impl_->db->GetLiveFilesStorageInfo(options, &live));

  std::vector<VerifyFinding> findings;
  for (const rocksdb::LiveFileStorageInfo& file : live) {
    if (file.file_type != rocksdb::kTableFile && file.file_type != rocksdb::kBlobFile) continue;
    const Result<std::string> problem = Examine(*impl_->files, file);
    const std::string text = problem ? *problem : problem.error().ToString();
    if (!text.empty()) findings.push_back({file.relative_filename, text});
  }
  impl_->db->EnableFileDeletions(/*force=*/false);
  if (!status) return std::unexpected(std::move(status).error());
  return findings;
}

}  // namespace crannog::state
