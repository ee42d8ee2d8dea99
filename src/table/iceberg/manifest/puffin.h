// Puffin files: blobs (statistics sketches, deletion vectors) behind a JSON footer.
//
// Specification: puffin-spec.md, version 1.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/compression.h"

namespace crannog::table::iceberg {

struct PuffinBlob {
  std::string type;
  std::vector<int32_t> fields;
  int64_t snapshot_id = -1;
  int64_t sequence_number = -1;
  int64_t offset = 0;
  int64_t length = 0;
  std::string compression_codec;  // "", "lz4" or "zstd"
  std::map<std::string, std::string> properties;

  friend bool operator==(const PuffinBlob& a, const PuffinBlob& b) = default;
};

struct PuffinFooter {
  std::vector<PuffinBlob> blobs;
  std::map<std::string, std::string> properties;
  int64_t footer_size_bytes = 0;  // from its first magic to the end of the file
};

// How many of the file's last bytes hold the footer, told by its last 12 bytes or more.
//   kCorrupt  no Puffin file
Result<int64_t> PuffinFooterSize(std::string_view tail);
// `tail` ends the file and holds at least the footer.
//   kCorrupt  names what is wrong
Result<PuffinFooter> ParsePuffinFooter(std::string_view tail, int64_t file_size_bytes);
// A blob's content, decompressed; `file` is the whole file.
Result<std::string> ReadPuffinBlob(std::string_view file, const PuffinBlob& blob);

// A file being written, in memory.
class PuffinWriter {
 public:
  PuffinWriter();
  // Sets offset, length and codec of the blob and returns it as the footer will have it.
  Result<PuffinBlob> Add(PuffinBlob blob, std::string_view content,
                         codec::Compression compression = codec::Compression::kNone);
  void SetProperty(std::string key, std::string value);

  struct Finished {
    std::string bytes;
    PuffinFooter footer;
  };
  Finished Finish();

 private:
  std::string bytes_;
  PuffinFooter footer_;
};

}  // namespace crannog::table::iceberg
