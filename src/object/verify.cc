#include "object/verify.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/hex.h"
#include "base/varint.h"
#include "object/content/names.h"
#include "object/store_core.h"
#include "object/upload_rows.h"
#include "object/verify_content.h"

namespace crannog::object {

using state::Table;

namespace {

std::string NameOf(ContentId id) { return "content " + IdToHex(static_cast<uint64_t>(id)); }

// What the index says about one content.
struct Ownership {
  ContentRef ref;
  uint64_t owner_count = 0;
};

class Check {
 public:
  Check(Store& store, const VerifyOptions& options)
      : store_(&store), core_(&store.core()), options_(options) {}

  Result<VerifyReport> Run() {
    CRANNOG_RETURN_IF_ERROR(CheckBuckets());
    CRANNOG_RETURN_IF_ERROR(CheckObjects());
    CRANNOG_RETURN_IF_ERROR(CheckUploads());
    CRANNOG_RETURN_IF_ERROR(CheckReclaim());
    CRANNOG_RETURN_IF_ERROR(CheckOwned());
    CRANNOG_RETURN_IF_ERROR(CheckContentRows());
    CRANNOG_RETURN_IF_ERROR(CheckFolder());
    return std::move(report_);
  }

 private:
  void Broken(std::string_view thing, std::string_view why) {
    report_.problems.push_back(std::string(thing) + ": " + std::string(why));
  }

  // Calls `visit` on every row from `begin` on; what cannot be decoded there is a problem.
  template <typename Visit>
  Status ForEach(Table table, std::string_view begin, Visit visit) {
    state::ScanOptions range;
    range.begin = std::string(begin);
    range.fill_cache = false;
    CRANNOG_ASSIGN(const std::unique_ptr<state::Cursor> cursor, core_->state.Scan(table, range));
    while (true) {
      CRANNOG_ASSIGN(const bool more, cursor->Next());
      if (!more) return {};
      const Status visited = visit(cursor->key(), cursor->value());
      if (visited) continue;
      if (visited.error().code() != Code::kCorrupt) return visited;
      Broken("row " + HexEncode(cursor->key().substr(0, 64)), visited.error().message());
    }
  }

  Status CheckBuckets() {
    return ForEach(Table::kBuckets, kBucketNamesBegin,
                   [&](std::string_view key, std::string_view value) -> Status {
                     CRANNOG_ASSIGN(const BucketRecord record, DecodeBucketRecord(value));
                     ++report_.bucket_count;
                     if (!CheckBucketName(key)) Broken("bucket", "bad name");
                     if (!buckets_.emplace(record.id, key).second) {
                       Broken("bucket " + std::string(key), "shares its id with another");
                     }
                     return {};
                   });
  }

  std::string Locate(uint64_t bucket_id, std::string_view key) const {
    const auto it = buckets_.find(bucket_id);
    return (it == buckets_.end() ? "(no bucket)" : it->second) + "/" + std::string(key);
  }

  void Own(const std::string& owner, const ContentRef& content) {
    if (content.kind == ContentKind::kEmpty) return;
    Ownership& ownership = owned_[content.id];
    if (ownership.owner_count != 0 && ownership.ref != content) {
      Broken(owner, "disagrees with another owner about " + NameOf(content.id));
    }
    ownership.ref = content;
    ++ownership.owner_count;
  }

  Status CheckObjects() {
    return ForEach(Table::kObjects, "",
                   [&](std::string_view row, std::string_view value) -> Status {
                     CRANNOG_ASSIGN(const ObjectRowName name, ParseObjectRow(row));
                     const std::string thing = "object " + Locate(name.bucket_id, name.key);
                     if (!buckets_.contains(name.bucket_id))
                       Broken(thing, "its bucket does not exist");
                     if (!CheckKey(name.key)) Broken(thing, "bad key");
                     CRANNOG_ASSIGN(const ObjectEntry entry, DecodeObjectEntry(value));
                     ++report_.object_count;
                     report_.size_bytes += entry.info.size_bytes;
                     Own(thing, entry.content);
                     if (!options_.read_content || !buckets_.contains(name.bucket_id)) return {};
                     CRANNOG_ASSIGN(const std::vector<std::string> wrong,
                                    VerifyContent(*store_, buckets_[name.bucket_id], name.key));
                     for (const std::string& why : wrong) Broken(thing, why);
                     return {};
                   });
  }

  Status CheckUploads() {
    std::unordered_set<std::string> uploads;
    std::vector<std::pair<std::string, std::string>> parts;  // upload id, name for messages
    const Status scanned =
        ForEach(Table::kUploads, "", [&](std::string_view row, std::string_view value) -> Status {
          if (const Result<UploadRowName> name = ParseUploadRow(row)) {
            CRANNOG_RETURN_IF_ERROR(DecodeUploadRecord(value));
            ++report_.upload_count;
            uploads.emplace(name->upload_id);
            if (!buckets_.contains(name->bucket_id)) {
              Broken("upload " + std::string(name->upload_id), "its bucket does not exist");
            }
            return {};
          }
          CRANNOG_ASSIGN(const PartRowName name, ParsePartRow(row));
          CRANNOG_ASSIGN(const PartRecord part, DecodePartRecord(value));
          const std::string thing =
              "part " + std::to_string(name.number) + " of upload " + std::string(name.upload_id);
          Own(thing, part.content);
          parts.emplace_back(name.upload_id, thing);
          return {};
        });
    CRANNOG_RETURN_IF_ERROR(scanned);
    for (const auto& [upload_id, thing] : parts) {
      if (!uploads.contains(upload_id)) Broken(thing, "its upload does not exist");
    }
    return {};
  }

  Status CheckReclaim() {
    return ForEach(Table::kReclaim, "",
                   [&](std::string_view row, std::string_view value) -> Status {
                     CRANNOG_ASSIGN(const ContentId id, ParseReclaimRow(row));
                     CRANNOG_ASSIGN(const ReclaimRecord record, DecodeReclaimRecord(value));
                     if (owned_.contains(id))
                       Broken(NameOf(id), "is queued for removal, but owned");
                     for (const ContentId file : record.files) leaving_.insert(file);
                     return {};
                   });
  }

  Status CheckOwned() {
    for (const auto& [id, ownership] : owned_) {
      if (ownership.ref.kind != ContentKind::kManifest) {
        CRANNOG_RETURN_IF_ERROR(CheckPiece(ownership.ref));
        continue;
      }
      const Result<Manifest> manifest = core_->LoadManifest(id);
      if (!manifest) {
        Broken(NameOf(id), manifest.error().message());
        continue;
      }
      expected_rows_.insert(ContentRow(id, ContentRowKind::kManifest));
      uint64_t size_bytes = 0;
      for (const ContentRef& piece : *manifest) {
        size_bytes += piece.size_bytes;
        if (owned_.contains(piece.id)) Broken(NameOf(piece.id), "is a piece and owned besides");
        CRANNOG_RETURN_IF_ERROR(CheckPiece(piece));
      }
      if (size_bytes != ownership.ref.size_bytes) {
        Broken(NameOf(id), "its pieces have " + std::to_string(size_bytes) + " bytes instead of " +
                               std::to_string(ownership.ref.size_bytes));
      }
    }
    return {};
  }

  Status CheckPiece(const ContentRef& piece) {
    const bool is_file = piece.kind == ContentKind::kFile;
    const std::string row =
        ContentRow(piece.id, is_file ? ContentRowKind::kFile : ContentRowKind::kInline);
    if (!expected_rows_.insert(row).second) Broken(NameOf(piece.id), "is a piece of two contents");
    CRANNOG_ASSIGN(const std::optional<std::string> value, core_->state.Get(Table::kContent, row));
    if (!value) {
      Broken(NameOf(piece.id), "has no row");
      return {};
    }
    uint64_t size_bytes = value->size();
    if (is_file) {
      std::string_view bytes = *value;
      size_bytes = TakeVarint(bytes).value_or(~uint64_t{0});
      CRANNOG_RETURN_IF_ERROR(CheckFile(piece));
    }
    if (size_bytes != piece.size_bytes) {
      Broken(NameOf(piece.id), "its row says " + std::to_string(size_bytes) + " bytes instead of " +
                                   std::to_string(piece.size_bytes));
    }
    return {};
  }

  Status CheckFile(const ContentRef& piece) {
    const std::string path = core_->files.PathOf(piece.id);
    live_.insert(piece.id);
    if (leaving_.contains(piece.id)) Broken(path, "is live and queued for removal");
    const Result<io::FileInfo> info = core_->files_system.Stat(path);
    if (!info) {
      if (info.error().code() != Code::kNotFound) return std::unexpected(info.error());
      Broken(path, "the file is missing");
    } else if (info->size_bytes != piece.size_bytes) {
      Broken(path, "the file has " + std::to_string(info->size_bytes) + " bytes instead of " +
                       std::to_string(piece.size_bytes));
    }
    return {};
  }

  Status CheckContentRows() {
    return ForEach(
        Table::kContent, "", [&](std::string_view row, std::string_view value) -> Status {
          CRANNOG_ASSIGN(const ContentRowName name, ParseContentRow(row));
          if (name.kind != ContentRowKind::kReferences) {
            if (!expected_rows_.contains(std::string(row))) {
              Broken(NameOf(name.id), "has a row but no owner");
            }
            return {};
          }
          CRANNOG_ASSIGN(const uint64_t count, TakeVarint(value));
          const auto it = owned_.find(name.id);
          const uint64_t owners = it == owned_.end() ? 0 : it->second.owner_count;
          if (count != owners || count < 2) {
            Broken(NameOf(name.id),
                   "counts " + std::to_string(count) + " owners, has " + std::to_string(owners));
          }
          shared_.insert(name.id);
          return {};
        });
  }

  Status CheckFolder() {
    for (const auto& [id, ownership] : owned_) {
      if (ownership.owner_count > 1 && !shared_.contains(id)) {
        Broken(NameOf(id), "has " + std::to_string(ownership.owner_count) + " owners, counts one");
      }
    }
    const std::string& root = core_->files.directory();
    CRANNOG_ASSIGN(const std::vector<io::DirectoryEntry> folders, core_->files_system.List(root));
    for (const io::DirectoryEntry& folder : folders) {
      const std::string path = io::JoinPath(root, folder.name);
      if (!folder.is_directory) {
        Broken(path, "is not the store's");
        continue;
      }
      CRANNOG_ASSIGN(const std::vector<io::DirectoryEntry> files, core_->files_system.List(path));
      for (const io::DirectoryEntry& file : files) {
        const std::string file_path = io::JoinPath(path, file.name);
        const std::optional<uint64_t> number = IdFromHex(file.name);
        const auto id = static_cast<ContentId>(number.value_or(0));
        if (folder.name == ContentFiles::kTemporaryFolder) {
          Broken(file_path, "is a temporary file nobody is writing");
        } else if (!number || core_->files.PathOf(id) != file_path) {
          Broken(file_path, "is not the store's");
        } else if (!live_.contains(id) && !leaving_.contains(id)) {
          Broken(file_path, "the file has no owner");
        }
      }
    }
    return {};
  }

  Store* store_;     // not null
  StoreCore* core_;  // not null
  VerifyOptions options_;
  VerifyReport report_;
  std::map<uint64_t, std::string> buckets_;
  std::unordered_map<ContentId, Ownership> owned_;
  std::unordered_set<std::string> expected_rows_;
  std::unordered_set<ContentId> live_;     // files of live content
  std::unordered_set<ContentId> leaving_;  // files queued for removal
  std::unordered_set<ContentId> shared_;   // contents with a reference row
};

}  // namespace

Result<VerifyReport> Verify(Store& store, const VerifyOptions& options) {
  return Check(store, options).Run();
}

}  // namespace crannog::object
