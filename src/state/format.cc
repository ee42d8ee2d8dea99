#include <algorithm>
#include <charconv>

#include "state/format_internal.h"

namespace crannog::state {
namespace {

constexpr std::string_view kFileName = "FORMAT";
constexpr std::string_view kFirstWords = "crannog state format";
constexpr uint64_t kFileBytesMax = 4096;

// Takes the text up to the next `end` off the front of `from`.
std::string_view TakeUntil(std::string_view& from, char end) {
  const size_t size = std::min(from.find(end), from.size());
  const std::string_view taken = from.substr(0, size);
  from.remove_prefix(std::min(size + 1, from.size()));
  return taken;
}

}  // namespace

Result<std::optional<StoreFormat>> ReadFormat(io::FileSystem& file_system,
                                              const std::string& directory) {
  const std::string path = io::JoinPath(directory, kFileName);
  CRANNOG_ASSIGN(const bool exists, file_system.Exists(path));
  if (!exists) return std::nullopt;
  CRANNOG_ASSIGN(const std::string text, file_system.ReadFile(path, kFileBytesMax));

  std::string_view rest = text;
  const std::string_view head = TakeUntil(rest, '\n');
  const std::string_view release = TakeUntil(rest, '\n');
  const std::string_view state = TakeUntil(rest, '\n');
  StoreFormat format;
  format.release = std::string(release);
  format.complete = state == "complete";
  if (head.starts_with(kFirstWords) && head.size() > kFirstWords.size()) {
    const std::string_view number = head.substr(kFirstWords.size() + 1);
    const char* end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, format.version);
    if (error == std::errc() && stop == end && (format.complete || state == "creating")) {
      return format;
    }
    // A newer release may have put anything after its version.
    if (error == std::errc() && format.version > kFormatVersion) return format;
  }
  return Fail(Code::kCorrupt, "read " + path + ": not a format file of ours");
}

Status WriteFormat(io::FileSystem& file_system, const std::string& directory,
                   const StoreFormat& format) {
  const std::string text = std::string(kFirstWords) + " " + std::to_string(format.version) + "\n" +
                           format.release + "\n" + (format.complete ? "complete" : "creating") +
                           "\n";
  return file_system.WriteFileDurably(io::JoinPath(directory, kFileName), text);
}

}  // namespace crannog::state
