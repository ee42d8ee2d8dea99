#include "base/byte_order.h"
#include "base/fast_hash.h"
#include "base/hex.h"
#include "state/durable_mark_internal.h"

namespace crannog::state {
namespace {

constexpr uint64_t kFileBytesMax = 256;

std::string MarkPath(const std::string& directory) { return io::JoinPath(directory, "DURABLE"); }

}  // namespace

Result<uint64_t> ReadDurableMark(io::FileSystem& file_system, const std::string& directory) {
  const std::string path = MarkPath(directory);
  CRANNOG_ASSIGN(const bool exists, file_system.Exists(path));
  if (!exists) return 0;
  CRANNOG_ASSIGN(const std::string text, file_system.ReadFile(path, kFileBytesMax));
  const auto bytes = HexDecode(text);
  if (!bytes || bytes->size() != 16 ||
      ReadBig64(bytes->substr(8)) != FastHash(bytes->substr(0, 8))) {
    return Fail(Code::kCorrupt, "read " + path + ": its checksum is wrong");
  }
  return ReadBig64(*bytes);
}

Status WriteDurableMark(io::FileSystem& file_system, const std::string& directory,
                        uint64_t sequence) {
  std::string bytes;
  AppendBig64(bytes, sequence);
  AppendBig64(bytes, FastHash(bytes));
  return file_system.WriteFileDurably(MarkPath(directory), HexEncode(bytes));
}

}  // namespace crannog::state
