#include <rocksdb/listener.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "base/version.h"
#include "io/posix_file_system.h"
#include "state/durable_mark_internal.h"
#include "state/format_internal.h"
#include "state/rocks_env_internal.h"
#include "state/rocks_options_internal.h"
#include "state/rocks_status_internal.h"
#include "state/store_internal.h"

namespace crannog::state {
namespace {

// Beyond this many log files the next open writes their content to table files.
constexpr size_t kLogFilesMax = 16;
constexpr int kCacheShardBits = 3;
constexpr std::string_view kLockName = "OPEN";

class HealthListener final : public rocksdb::EventListener {
 public:
  HealthListener(std::shared_ptr<StoreHealth> health, Logger* logger)
      : health_(std::move(health)), logger_(logger) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    health_->failed = true;
    logger_->Error("state: the disk failed", {{"reason", status->ToString()}});
  }

  // Commits heal, when there is one: then who waits for it also hears whether it worked.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  const std::shared_ptr<StoreHealth> health_;
  Logger* const logger_;
};

// RocksDB's own log: into ours, and only what matters.
class RocksLogger final : public rocksdb::Logger {
 public:
  explicit RocksLogger(crannog::Logger* logger)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), logger_(logger) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    if (!logger_->Enabled(LogLevel::kDebug)) return;
    char line[1024];
    vsnprintf(line, sizeof(line), format, arguments);
    logger_->Debug("state: RocksDB", {{"line", line}});
  }

 private:
  crannog::Logger* const logger_;
};

// The format of the store in the directory; 0 when there is none that was finished.
Result<uint32_t> CheckFormat(Store::Impl& impl) {
  const std::string& directory = impl.options.directory;
  CRANNOG_ASSIGN(std::optional<StoreFormat> format, ReadFormat(*impl.files, directory));
  if (format && format->version > kFormatVersion) {
    return Fail(Code::kUnsupported, directory + " has format " + std::to_string(format->version) +
                                        ", written by release " + format->release +
                                        "; this is release " + std::string(kRelease) +
                                        ", which reads formats up to " +
                                        std::to_string(kFormatVersion) + ": use release " +
                                        format->release + " or newer");
  }
  CRANNOG_ASSIGN(const bool has_database, impl.files->Exists(directory + "/CURRENT"));
  if (format && format->complete) {
    if (has_database) return format->version;
    return Fail(Code::kCorrupt, directory + "/CURRENT is missing");
  }
  if (!format && has_database) return Fail(Code::kCorrupt, directory + "/FORMAT is missing");
  return 0;
}

Status RemoveUnfinished(Store::Impl& impl) {
  const std::string& directory = impl.options.directory;
  CRANNOG_ASSIGN(const auto entries, impl.files->List(directory));
  for (const io::DirectoryEntry& entry : entries) {
    if (entry.name == kLockName || entry.name == "FORMAT") continue;
    CRANNOG_RETURN_IF_ERROR(impl.files->RemoveTree(io::JoinPath(directory, entry.name)));
  }
  return {};
}

// The directories of a lake may have been made by a process that died before it synced them.
Status SyncParents(Store::Impl& impl) {
  const std::string lake = io::ParentPath(impl.options.directory);
  CRANNOG_RETURN_IF_ERROR(impl.files->SyncDirectory(lake));
  const Status above = impl.files->SyncDirectory(io::ParentPath(lake));
  // One may be allowed to enter the directory above the lake and yet not to open it.
  if (!above && above.error().code() != Code::kForbidden) return above;
  return {};
}

// A killed process leaves log bytes that are written but not synced. Recovery reads them, and new
// commits build on them: so they go to the disk first.
Status SyncLogFiles(Store::Impl& impl) {
  CRANNOG_ASSIGN(const auto entries, impl.files->List(impl.options.directory));
  for (const io::DirectoryEntry& entry : entries) {
    if (!entry.name.ends_with(".log")) continue;
    ++impl.log_file_count;
    CRANNOG_ASSIGN(const auto file,
                   impl.files->Open(io::JoinPath(impl.options.directory, entry.name),
                                    io::OpenMode::kReadWrite));
    CRANNOG_RETURN_IF_ERROR(file->Sync());
  }
  return {};
}

std::vector<rocksdb::ColumnFamilyDescriptor> Descriptors(const Store::Impl& impl) {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const TableInfo& table : kTables) {
    descriptors.emplace_back(std::string(table.name),
                             TableOptions(table.kind, impl.options, impl.cache));
  }
  return descriptors;
}

Status OpenDatabase(Store::Impl& impl) {
  rocksdb::DBOptions options = DatabaseOptions(impl.options);
  impl.env = MakeRocksEnv(impl.options.file_system, impl.options.clock);
  options.env = impl.env.get();
  options.avoid_flush_during_recovery = impl.log_file_count <= kLogFilesMax;
  options.info_log = std::make_shared<RocksLogger>(impl.logger);
  options.listeners.push_back(std::make_shared<HealthListener>(impl.health, impl.logger));
  impl.statistics = options.statistics;
  // Few parts, so that each has room for the largest blocks.
  impl.cache = rocksdb::NewLRUCache(impl.options.block_cache_bytes, kCacheShardBits);

  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(options, impl.options.directory, Descriptors(impl), &impl.handles, &db);
  impl.db.reset(db);
  CRANNOG_RETURN_IF_ERROR(FromRocks("open state " + impl.options.directory, opened));
  impl.tables.db = db;
  std::ranges::copy(impl.handles, impl.tables.handles.begin());
  return {};
}

Status CheckDurableMark(Store::Impl& impl) {
  const std::string& directory = impl.options.directory;
  CRANNOG_ASSIGN(impl.durable_mark, ReadDurableMark(*impl.files, directory));
  const uint64_t sequence = impl.db->GetLatestSequenceNumber();
  if (sequence >= impl.durable_mark) return {};
  return Fail(Code::kCorrupt, "open state " + directory + ": its log is damaged: changes " +
                                  std::to_string(sequence + 1) + " to " +
                                  std::to_string(impl.durable_mark) +
                                  " were durable and cannot be read");
}

}  // namespace

Status OpenStore(Store::Impl& impl) {
  impl.logger = impl.options.logger != nullptr ? impl.options.logger : &impl.silent;
  if (impl.options.file_system == nullptr) impl.own_files = io::MakePosixFileSystem();
  impl.files = impl.own_files ? impl.own_files.get() : impl.options.file_system;

  const std::string& directory = impl.options.directory;
  CRANNOG_ASSIGN(const bool exists, impl.files->Exists(directory));
  if (!exists && !impl.options.create_if_missing) {
    return Fail(Code::kNotFound, "open state " + directory + ": there is none");
  }
  CRANNOG_RETURN_IF_ERROR(impl.files->CreateDirectories(directory));
  auto lock = impl.files->Lock(io::JoinPath(directory, kLockName));
  if (!lock) return std::unexpected(std::move(lock).error().Within("open state " + directory));
  impl.lock = std::move(*lock);

  CRANNOG_ASSIGN(const uint32_t version, CheckFormat(impl));
  const StoreFormat ours{kFormatVersion, std::string(kRelease), true};
  if (version == 0) {
    if (!impl.options.create_if_missing) {
      return Fail(Code::kNotFound, "open state " + directory + ": there is none");
    }
    // The mark stands before anything else does, so that a creation cut short is known as one:
    // nothing in it was ever acknowledged, and it starts anew.
    CRANNOG_RETURN_IF_ERROR(
        WriteFormat(*impl.files, directory, {kFormatVersion, std::string(kRelease), false}));
    CRANNOG_RETURN_IF_ERROR(RemoveUnfinished(impl));
    CRANNOG_RETURN_IF_ERROR(SyncParents(impl));
  } else if (version < kFormatVersion) {
    // First, so that the release that wrote it never meets a table it does not know.
    CRANNOG_RETURN_IF_ERROR(WriteFormat(*impl.files, directory, ours));
  }
  CRANNOG_RETURN_IF_ERROR(SyncLogFiles(impl));
  CRANNOG_RETURN_IF_ERROR(OpenDatabase(impl));
  CRANNOG_RETURN_IF_ERROR(CheckDurableMark(impl));
  if (version != 0) return {};
  return WriteFormat(*impl.files, directory, ours);
}

}  // namespace crannog::state
