#include "object/export.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "object/store_core.h"

namespace crannog::object {

namespace {

constexpr size_t kFileNameSizeMax = 255;
constexpr size_t kCopySizeBytes = 1024 * 1024;

// Why a key cannot be a path; empty when it can.
std::string_view WhyNoPath(std::string_view key) {
  while (true) {
    const size_t slash = key.find('/');
    const std::string_view part = key.substr(0, slash);
    if (part.empty()) return "an empty part between, before or after slashes";
    if (part == "." || part == "..") return "a part \".\" or \"..\"";
    if (part.size() > kFileNameSizeMax) return "a part longer than 255 bytes";
    if (slash == std::string_view::npos) return {};
    key.remove_prefix(slash + 1);
  }
}

class Exporter {
 public:
  Exporter(Store& store, std::string directory, const ExportProgress& progress)
      : store_(&store),
        files_(&store.core().files_system),
        directory_(std::move(directory)),
        progress_(&progress) {}

  Result<ExportReport> Run() {
    CRANNOG_RETURN_IF_ERROR(CheckEmpty());
    for (const BucketInfo& bucket : store_->ListBuckets()) {
      const std::string root = io::JoinPath(directory_, bucket.name);
      CRANNOG_RETURN_IF_ERROR(files_->CreateDirectories(root));
      CRANNOG_RETURN_IF_ERROR(ExportBucket(bucket.name, root));
    }
    for (const std::string& folder : touched_) {
      CRANNOG_RETURN_IF_ERROR(files_->SyncDirectory(folder));
    }
    return std::move(report_);
  }

 private:
  Status CheckEmpty() {
    CRANNOG_RETURN_IF_ERROR(files_->CreateDirectories(directory_));
    CRANNOG_ASSIGN(const std::vector<io::DirectoryEntry> entries, files_->List(directory_));
    if (entries.empty()) return {};
    return Fail(Code::kExists, "export to " + directory_ + ": the directory is not empty");
  }

  Status ExportBucket(const std::string& bucket, const std::string& root) {
    ListOptions options;
    while (true) {
      CRANNOG_ASSIGN(ObjectPage page, store_->List(bucket, options));
      for (const ObjectInfo& info : page.objects) {
        CRANNOG_RETURN_IF_ERROR(ExportObject(bucket, root, info.key));
        if (*progress_) (*progress_)(report_);
      }
      if (!page.continuation_token) return {};
      options.continuation_token = std::move(page.continuation_token);
    }
  }

  void Skip(const std::string& bucket, const std::string& key, std::string_view why) {
    report_.skipped.push_back(bucket + "/" + key + ": " + std::string(why));
  }

  Status ExportObject(const std::string& bucket, const std::string& root, const std::string& key) {
    const std::string_view why = WhyNoPath(key);
    if (!why.empty()) {
      Skip(bucket, key, why);
      return {};
    }
    const std::string path = io::JoinPath(root, key);
    const std::string folder = io::ParentPath(path);
    if (!touched_.contains(folder)) {
      const Status made = files_->CreateDirectories(folder);
      if (!made && IsClash(made.error().code())) {
        Skip(bucket, key, "a part of it is the key of another object, so a file");
        return {};
      }
      CRANNOG_RETURN_IF_ERROR(made);
      touched_.insert(folder);
    }
    const Result<std::unique_ptr<Reader>> reader = store_->Get({bucket, key});
    if (!reader) {
      if (reader.error().code() != Code::kNotFound) return std::unexpected(reader.error());
      return {};  // deleted since it was listed
    }
    const Status written = Write(**reader, path);
    if (!written && IsClash(written.error().code())) {
      Skip(bucket, key, "it is also the folder of other objects");
      return {};
    }
    return written;
  }

  static bool IsClash(Code code) { return code == Code::kExists || code == Code::kInvalid; }

  Status Write(const Reader& reader, const std::string& path) {
    const std::vector<Extent>& extents = reader.extents();
    if (extents.size() == 1 && !extents.front().path.empty()) {
      const Status linked = files_->Link(extents.front().path, path);
      if (linked) {
        ++report_.linked_count;
        report_.size_bytes += reader.size_bytes();
        return {};
      }
      if (linked.error().code() == Code::kExists) return linked;
      // Another file system, or one without links: copy.
    }
    CRANNOG_ASSIGN(const std::unique_ptr<io::File> file,
                   files_->Open(path, io::OpenMode::kCreateNew));
    std::string chunk(static_cast<size_t>(std::min<uint64_t>(reader.size_bytes(), kCopySizeBytes)),
                      '\0');
    for (uint64_t offset = 0; offset < reader.size_bytes();) {
      CRANNOG_ASSIGN(const size_t got, reader.ReadAt(offset, chunk));
      if (got == 0) return Fail(Code::kCorrupt, "export " + path + ": content ends early");
      CRANNOG_RETURN_IF_ERROR(file->Append(std::string_view(chunk).substr(0, got)));
      offset += got;
    }
    ++report_.copied_count;
    report_.size_bytes += reader.size_bytes();
    return file->Sync();
  }

  Store* store_;           // not null
  io::FileSystem* files_;  // not null
  std::string directory_;
  const ExportProgress* progress_;
  ExportReport report_;
  std::set<std::string> touched_;  // folders to sync at the end
};

}  // namespace

Result<ExportReport> Export(Store& store, std::string_view directory,
                            const ExportProgress& progress) {
  return Exporter(store, std::string(directory), progress).Run();
}

}  // namespace crannog::object
