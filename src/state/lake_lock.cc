#include "state/lake_lock.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/iso_time.h"
#include "io/clock.h"
#include "io/process.h"

namespace crannog::state {
namespace {

constexpr uint64_t kFileBytesMax = 64 << 10;

std::string LockPath(const std::string& lake_directory) {
  return io::JoinPath(lake_directory, "LOCK");
}

// One "name: value" a line. A value keeps to its line, whatever somebody called the command.
std::string Encode(const LakeHolder& holder) {
  std::string text = "pid: " + std::to_string(holder.pid) + "\n";
  const std::array<std::pair<std::string_view, const std::string*>, 4> fields = {{
      {"started", &holder.started},
      {"command", &holder.command},
      {"host", &holder.host},
      {"server", &holder.server},
  }};
  for (const auto& [name, value] : fields) {
    text.append(name).append(": ");
    for (const char c : *value) text.push_back(static_cast<uint8_t>(c) < 0x20 ? ' ' : c);
    text.push_back('\n');
  }
  return text;
}

std::optional<LakeHolder> Decode(std::string_view text) {
  LakeHolder holder;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 2);
    if (name == "pid") std::from_chars(value.data(), value.data() + value.size(), holder.pid);
    if (name == "started") holder.started = std::string(value);
    if (name == "command") holder.command = std::string(value);
    if (name == "host") holder.host = std::string(value);
    if (name == "server") holder.server = std::string(value);
  }
  if (holder.pid <= 0) return std::nullopt;
  return holder;
}

// In place: a new file under the name would not be the one that is locked.
Status WriteHolder(io::FileSystem& file_system, const std::string& path, const LakeHolder& holder) {
  CRANNOG_ASSIGN(const auto file, file_system.Open(path, io::OpenMode::kReadWrite));
  CRANNOG_RETURN_IF_ERROR(file->Truncate(0));
  return file->WriteAt(0, Encode(holder));
}

std::unexpected<Error> FailHeld(io::FileSystem& file_system, const std::string& lake_directory) {
  const auto holder = ReadLakeHolder(file_system, lake_directory);
  std::string message = "open lake " + lake_directory + ": ";
  if (!holder || !*holder) {
    message += "another process has it open; stop that one first, or use another lake";
    return Fail(Code::kUnavailable, std::move(message));
  }
  const LakeHolder& by = **holder;
  message += "process " + std::to_string(by.pid) + " (" + by.command + ", since " + by.started +
             " on " + by.host + ") has it open; ";
  message += by.server.empty()
                 ? "wait until it ends, or stop it with: kill " + std::to_string(by.pid)
                 : "it serves the lake at " + by.server;
  return Fail(Code::kUnavailable, std::move(message));
}

}  // namespace

Result<std::unique_ptr<LakeLock>> LakeLock::Acquire(io::FileSystem& file_system,
                                                    const std::string& lake_directory,
                                                    const std::string& command) {
  CRANNOG_RETURN_IF_ERROR(file_system.CreateDirectories(lake_directory));
  const std::string path = LockPath(lake_directory);
  Result<std::unique_ptr<io::FileLock>> held = file_system.Lock(path);
  if (!held && held.error().code() == Code::kUnavailable) {
    return FailHeld(file_system, lake_directory);
  }
  if (!held) return std::unexpected(std::move(held).error().Within("open lake " + lake_directory));

  LakeHolder holder{.pid = io::ProcessId(),
                    .started = FormatIsoMillis(io::SystemClock().NowMillis()),
                    .command = command,
                    .host = io::HostName(),
                    .server = {}};
  // The lock holds without the words in the file; a full disk must not keep anybody out of a lake
  // in which they might delete something.
  (void)WriteHolder(file_system, path, holder);
  return std::unique_ptr<LakeLock>(
      new LakeLock(file_system, path, std::move(holder), std::move(*held)));
}

LakeLock::LakeLock(io::FileSystem& file_system, std::string path, LakeHolder holder,
                   std::unique_ptr<io::FileLock> lock)
    : file_system_(&file_system),
      path_(std::move(path)),
      holder_(std::move(holder)),
      lock_(std::move(lock)) {}

LakeLock::~LakeLock() {
  // Emptied, so that nobody reads about a process that is gone. The file itself stays: removing it
  // would let two processes lock two files of one name.
  const auto file = file_system_->Open(path_, io::OpenMode::kReadWrite);
  if (file) (void)(*file)->Truncate(0);
}

Status LakeLock::Announce(const std::string& server) {
  holder_.server = server;
  return WriteHolder(*file_system_, path_, holder_);
}

Result<std::optional<LakeHolder>> ReadLakeHolder(io::FileSystem& file_system,
                                                 const std::string& lake_directory) {
  const auto text = file_system.ReadFile(LockPath(lake_directory), kFileBytesMax);
  if (text) return Decode(*text);
  if (text.error().code() == Code::kNotFound) return std::nullopt;
  return std::unexpected(text.error());
}

}  // namespace crannog::state
