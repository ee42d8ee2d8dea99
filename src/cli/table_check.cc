#include "cli/table_check.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "table/iceberg/format/table_metadata_json.h"
#include "table/iceberg/format/view_metadata.h"
#include "table/iceberg/manifest/manifest.h"

namespace crannog::cli {
namespace {

namespace iceberg = table::iceberg;

constexpr uint64_t kManifestBytesMax = uint64_t{1} << 30;
constexpr size_t kProblemsMax = 10000;  // enough to see the pattern; memory stays bounded

std::optional<int64_t> SummaryNumber(const iceberg::Snapshot& snapshot, const std::string& key) {
  const auto found = snapshot.summary.find(key);
  if (found == snapshot.summary.end()) return std::nullopt;
  int64_t value = 0;
  const std::string& text = found->second;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

Result<TableCheckReport> TableCheck::Run() {
  catalog::ListReferencesRequest request;
  while (true) {
    CRANNOG_ASSIGN(const catalog::ReferencesPage page, repository_->ListReferences(request));
    for (const catalog::Reference& reference : page.references) {
      CRANNOG_RETURN_IF_ERROR(CheckReference(reference));
    }
    if (!page.next) return std::move(report_);
    request.after = page.next;
  }
}

Status TableCheck::CheckReference(const catalog::Reference& reference) {
  if (reference.head.IsRoot()) return {};
  catalog::ListEntriesRequest request;
  while (true) {
    CRANNOG_ASSIGN(const auto page, repository_->ListEntries(reference.head, request));
    for (const catalog::Entry& entry : page.entries) CheckEntry(reference, entry);
    if (!page.next) return {};
    request.after = page.next;
  }
}

void TableCheck::CheckEntry(const catalog::Reference& reference, const catalog::Entry& entry) {
  if (const auto* table = entry.content.As<catalog::IcebergTable>()) {
    if (!First(table->metadata_location)) return;
    owner_ = fmt::format("table {} on {}", entry.key.ToString(), reference.name);
    ++report_.tables;
    CheckTable(table->metadata_location);
  } else if (const auto* view = entry.content.As<catalog::IcebergView>()) {
    if (!First(view->metadata_location)) return;
    owner_ = fmt::format("view {} on {}", entry.key.ToString(), reference.name);
    CheckView(view->metadata_location);
  }
}

void TableCheck::CheckTable(const std::string& location) {
  const auto bytes = Read("metadata file", location, iceberg::kMetadataBytesMax);
  if (!bytes) return;
  const auto metadata = iceberg::ParseTableMetadata(*bytes, location);
  if (!metadata) return Report("metadata file " + location, metadata.error().message());
  const Status sound = iceberg::CheckTableMetadata(*metadata);
  if (!sound) Report("metadata file " + location, sound.error().message());
  for (const iceberg::SnapshotPtr& snapshot : metadata->snapshots) CheckSnapshot(*snapshot);
}

void TableCheck::CheckView(const std::string& location) {
  const auto bytes = Read("metadata file", location, iceberg::kMetadataBytesMax);
  if (!bytes) return;
  const auto metadata = iceberg::ParseViewMetadata(*bytes, location);
  if (!metadata) Report("metadata file " + location, metadata.error().message());
}

void TableCheck::CheckSnapshot(const iceberg::Snapshot& snapshot) {
  // v1 may list manifests in the metadata file itself; those tables are read, never written, here.
  if (snapshot.manifest_list.empty() || !First(snapshot.manifest_list)) return;
  ++report_.snapshots;
  const auto bytes = Read("manifest list", snapshot.manifest_list, kManifestBytesMax);
  if (!bytes) return;
  const auto manifests = iceberg::ReadManifestList(*bytes, snapshot.manifest_list);
  if (!manifests) {
    return Report("manifest list " + snapshot.manifest_list, manifests.error().message());
  }
  Snapshot sums;
  for (const iceberg::ManifestFile& manifest : *manifests) CheckManifest(manifest, sums);
  CheckTotals(snapshot, sums);
}

void TableCheck::CheckManifest(const iceberg::ManifestFile& manifest, Snapshot& sums) {
  const std::string& path = manifest.manifest_path;
  if (manifest.content == iceberg::ManifestContent::kDeletes) {
    sums.deletes = true;
  } else {
    sums.records +=
        manifest.added_rows_count.value_or(0) + manifest.existing_rows_count.value_or(0);
    sums.data_files +=
        manifest.added_files_count.value_or(0) + manifest.existing_files_count.value_or(0);
  }
  if (!First(path)) return;
  ++report_.manifests;
  const auto bytes = Read("manifest", path, kManifestBytesMax);
  if (!bytes) return;
  if (std::cmp_not_equal(bytes->size(), manifest.manifest_length)) {
    Report("manifest " + path, fmt::format("has {} bytes; its manifest list says {}", bytes->size(),
                                           manifest.manifest_length));
  }
  auto reader =
      iceberg::ManifestReader::Open(*bytes, path, iceberg::ManifestInheritance::Of(manifest));
  if (!reader) return Report("manifest " + path, reader.error().message());
  std::array<int, 3> counts{};  // by EntryStatus
  while (true) {
    const auto entry = (*reader)->Next();
    if (!entry) return Report("manifest " + path, entry.error().message());
    if (*entry == nullptr) break;
    ++counts[static_cast<size_t>((*entry)->status)];
    if (!(*entry)->is_live()) continue;
    const iceberg::DataFileView& file = (*entry)->data_file;
    CheckDataFile(file.file_path, file.file_size_in_bytes,
                  file.file_format == iceberg::FileFormat::kParquet);
  }
  CheckManifestCounts(manifest, counts[static_cast<size_t>(iceberg::EntryStatus::kAdded)],
                      counts[static_cast<size_t>(iceberg::EntryStatus::kExisting)],
                      counts[static_cast<size_t>(iceberg::EntryStatus::kDeleted)]);
}

void TableCheck::CheckManifestCounts(const iceberg::ManifestFile& manifest, int added, int existing,
                                     int deleted) {
  const auto agree = [](const std::optional<int32_t>& said, int found) {
    return !said || *said == found;
  };
  if (agree(manifest.added_files_count, added) && agree(manifest.existing_files_count, existing) &&
      agree(manifest.deleted_files_count, deleted)) {
    return;
  }
  Report("manifest " + manifest.manifest_path,
         fmt::format("lists {} added, {} existing and {} deleted files; its manifest list says "
                     "{}, {} and {}",
                     added, existing, deleted, manifest.added_files_count.value_or(-1),
                     manifest.existing_files_count.value_or(-1),
                     manifest.deleted_files_count.value_or(-1)));
}

void TableCheck::CheckDataFile(std::string_view path, int64_t size_bytes, bool parquet) {
  if (!First(path)) return;
  ++report_.files;
  if (progress_) progress_(report_.files);
  const std::string what = fmt::format("data file {}", path);
  if (!files_->Owns(path)) return Report(what, "lies outside the lake's store: not looked at");
  const auto reader = files_->Open(path);
  if (!reader) {
    const bool absent = reader.error().code() == Code::kNotFound;
    return Report(what, absent ? "is not there" : reader.error().message());
  }
  const uint64_t size = (*reader)->size_bytes();
  report_.size_bytes += size;
  if (std::cmp_not_equal(size, size_bytes)) {
    return Report(what, fmt::format("has {} bytes; its manifest says {}", size, size_bytes));
  }
  if (!parquet) return;
  constexpr size_t kMagic = 4;
  std::array<char, kMagic> tail{};
  const auto read = size < 3 * kMagic ? Result<size_t>(0) : (*reader)->ReadAt(size - kMagic, tail);
  if (!read) return Report(what, read.error().message());
  if (*read != kMagic || std::string_view(tail.data(), kMagic) != "PAR1") {
    Report(what, "does not end like a Parquet file");
  }
}

void TableCheck::CheckTotals(const iceberg::Snapshot& snapshot, const Snapshot& sums) {
  const std::string what = fmt::format("snapshot {}", snapshot.snapshot_id);
  const auto files = SummaryNumber(snapshot, "total-data-files");
  if (files && *files != sums.data_files) {
    Report(what, fmt::format("says it has {} data files; its manifests have {}", *files,
                             sums.data_files));
  }
  const auto records = SummaryNumber(snapshot, "total-records");
  if (records && !sums.deletes && *records != sums.records) {
    Report(what, fmt::format("says it has {} rows; its manifests have {}", *records, sums.records));
  }
}

bool TableCheck::First(std::string_view location) {
  // 64 bits of hash a file keep a million files in some 40 MiB; that two of them meet is less
  // likely than a disk error.
  return seen_.insert(std::hash<std::string_view>()(location)).second;
}

std::optional<std::string> TableCheck::Read(const std::string& what, const std::string& location,
                                            uint64_t size_bytes_max) {
  auto bytes = object::ReadAll(*files_, location, size_bytes_max);
  if (bytes) return std::move(*bytes);
  const bool absent = bytes.error().code() == Code::kNotFound;
  Report(what + " " + location, absent ? "is not there" : bytes.error().message());
  return std::nullopt;
}

void TableCheck::Report(std::string_view what, std::string_view problem) {
  if (report_.problems.size() >= kProblemsMax) return;
  report_.problems.push_back(fmt::format("{}: {}: {}", owner_, what, problem));
}

}  // namespace crannog::cli
