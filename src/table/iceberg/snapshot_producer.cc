#include "table/iceberg/snapshot_producer.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

#include "base/check.h"
#include "base/uuid.h"
#include "table/iceberg/limits.h"
#include "table/iceberg/scan/delete_index.h"
#include "table/iceberg/snapshot_summary.h"

namespace crannog::table::iceberg {

namespace {

constexpr std::string_view kMetadataPathProperty = "write.metadata.path";
constexpr std::string_view kTargetSizeProperty = "commit.manifest.target-size-bytes";
constexpr int64_t kTargetSizeDefault = 8 << 20;
// Headers cannot be compressed, so small manifests and lists are not either: it would cost more
// time than it saves.
constexpr size_t kCompressEntriesMin = 16;
constexpr size_t kCompressManifestsMin = 1000;
// New manifests up to this many entries go straight into the planning cache.
constexpr size_t kRememberEntriesMax = 4096;

}  // namespace

SnapshotProducer::SnapshotProducer(const TableEnvironment& environment, const TableMetadata& table,
                                   const Snapshot* parent, const TableChange& change)
    : environment_(environment), table_(table), parent_(parent), change_(change) {}

std::string SnapshotProducer::MetadataPath(std::string_view name) const {
  const std::string_view folder = table_.Property(kMetadataPathProperty, "");
  std::string path = folder.empty() ? table_.location + "/metadata" : std::string(folder);
  while (path.ends_with('/')) path.pop_back();
  return path + "/" + std::string(name);
}

std::string SnapshotProducer::NextManifestPath() {
  return MetadataPath(commit_uuid_ + "-m" + std::to_string(manifest_count_++) + ".avro");
}

// As the reference makes them: a random UUID folded to 63 bits.
int64_t SnapshotProducer::NewSnapshotId() const {
  for (int i = 0; i < kSnapshotIdTriesMax; ++i) {
    const auto id = static_cast<int64_t>(environment_.random->Next64() >> 1);
    if (id != 0 && table_.SnapshotById(id) == nullptr) return id;
  }
  CRANNOG_CHECK(false);  // 100 collisions among 2^63: the generator is broken
}

Status SnapshotProducer::Write(const std::string& path, std::string_view bytes) {
  object::WriteOptions options;
  options.if_absent = true;
  options.durability = object::Durability::kWithNextCommit;
  auto status = object::WriteAll(*environment_.files, path, bytes, options);
  if (!status) return std::unexpected(std::move(status.error()).Within("write " + path));
  written_.push_back(path);
  return {};
}

Result<std::optional<Snapshot>> SnapshotProducer::Produce(int64_t now_ms) {
  if (table_.format_version < 2) {
    return Fail(Code::kUnsupported,
                "write to a table of format version 1: upgrade it first (format-version = 2)");
  }
  snapshot_id_ = NewSnapshotId();
  commit_uuid_ = io::NewUuidV4(*environment_.random).ToString();
  CRANNOG_RETURN_IF_ERROR(LoadParent());
  CRANNOG_RETURN_IF_ERROR(FindRemovals());
  CRANNOG_RETURN_IF_ERROR(CheckDeletionVectors());
  const bool changes =
      !change_.added.empty() || !change_.added_deletes.empty() || !removals_.empty();
  if (!changes && !change_.snapshot_if_empty) return std::nullopt;
  CRANNOG_RETURN_IF_ERROR(AddNew(change_.added, ManifestContent::kData));
  CRANNOG_RETURN_IF_ERROR(AddNew(change_.added_deletes, ManifestContent::kDeletes));
  CRANNOG_RETURN_IF_ERROR(Keep());
  CRANNOG_RETURN_IF_ERROR(Merge(ManifestContent::kData));
  CRANNOG_RETURN_IF_ERROR(Merge(ManifestContent::kDeletes));
  CRANNOG_ASSIGN(Snapshot snapshot, WriteList(now_ms));
  return snapshot;
}

Status SnapshotProducer::LoadParent() {
  if (parent_ == nullptr) return {};
  CRANNOG_ASSIGN(parent_list_, environment_.planning->ManifestList(*environment_.files, *parent_));
  return {};
}

Result<ManifestIndexPtr> SnapshotProducer::IndexOf(const ManifestFile& manifest) {
  const ManifestFile* const one[] = {&manifest};
  CRANNOG_ASSIGN(const auto indexes,
                 environment_.planning->Manifests(*environment_.files, table_, one));
  return indexes[0];
}

// At most one deletion vector a data file: a new one replaces the old one, which the change must
// name, because only then did its writer see it.
Status SnapshotProducer::CheckDeletionVectors() {
  std::unordered_set<std::string_view> targets;
  for (const AddedFile& file : change_.added_deletes) {
    if (!file.file.is_deletion_vector()) continue;
    if (!file.file.referenced_data_file || !file.file.content_offset ||
        !file.file.content_size_in_bytes) {
      return Fail(Code::kInvalid, "add deletion vector in " + file.file.file_path +
                                      ": it must say its data file, offset and size");
    }
    if (!targets.insert(*file.file.referenced_data_file).second) {
      return Fail(Code::kInvalid, "two deletion vectors for " + *file.file.referenced_data_file);
    }
  }
  if (targets.empty() || parent_list_ == nullptr) return {};
  for (const ManifestFile& manifest : *parent_list_) {
    if (manifest.content != ManifestContent::kDeletes || !manifest.has_live_files()) continue;
    CRANNOG_ASSIGN(const ManifestIndexPtr index, IndexOf(manifest));
    const auto removed = removals_.find(manifest.manifest_path);
    for (const DeleteFile& old : index->delete_files()) {
      if (!old.file.is_deletion_vector() || !old.file.referenced_data_file) continue;
      if (!targets.contains(*old.file.referenced_data_file)) continue;
      if (removed != removals_.end() && removed->second.contains(RemovalKey(old.file))) continue;
      return Fail(Code::kConflict, "add a deletion vector for " + *old.file.referenced_data_file +
                                       ": another commit deleted rows of it first");
    }
  }
  return {};
}

Result<std::unique_ptr<ManifestWriter>> SnapshotProducer::NewWriter(int32_t spec_id,
                                                                    ManifestContent content,
                                                                    size_t entry_count) const {
  ManifestWriteOptions options;
  options.format_version = table_.format_version;
  options.content = content;
  options.schema = table_.CurrentSchema();
  options.spec = table_.SpecById(spec_id);
  if (options.spec == nullptr) {
    return Fail(Code::kInvalid, "add files of partition spec " + std::to_string(spec_id) +
                                    ", which the table has not");
  }
  options.snapshot_id = snapshot_id_;
  options.codec =
      entry_count < kCompressEntriesMin ? codec::AvroCodec::kNull : codec::AvroCodec::kDeflate;
  return ManifestWriter::Make(options);
}

Status SnapshotProducer::FinishManifest(ManifestWriter& writer,
                                        std::vector<ManifestEntry> entries) {
  CRANNOG_ASSIGN(ManifestWriter::Finished finished, writer.Finish());
  finished.file.manifest_path = NextManifestPath();
  CRANNOG_RETURN_IF_ERROR(Write(finished.file.manifest_path, finished.bytes));
  if (entries.size() > kRememberEntriesMax) entries.clear();
  listed_.push_back({std::move(finished.file), true, std::move(entries)});
  return {};
}

Status SnapshotProducer::AddNew(const std::vector<AddedFile>& files, ManifestContent content) {
  std::map<int32_t, std::vector<const DataFile*>> by_spec;
  std::unordered_set<std::string> seen;
  for (const AddedFile& file : files) {
    const bool is_data = file.file.content == FileContent::kData;
    if (is_data != (content == ManifestContent::kData)) {
      return Fail(Code::kInvalid,
                  "add " + file.file.file_path + ": data and delete files are not told apart");
    }
    if (!seen.insert(RemovalKey(file.file)).second) {
      return Fail(Code::kInvalid, "add " + file.file.file_path + " twice");
    }
    by_spec[file.spec_id.value_or(table_.default_spec_id)].push_back(&file.file);
  }
  const int64_t target = table_.PropertyNumber(kTargetSizeProperty, kTargetSizeDefault);
  const std::optional<int64_t> sequence = change_.rewrite && content == ManifestContent::kData
                                              ? std::optional(change_.base.sequence_number)
                                              : std::nullopt;
  for (const auto& [spec_id, group] : by_spec) {
    CRANNOG_ASSIGN(auto writer, NewWriter(spec_id, content, group.size()));
    std::vector<ManifestEntry> entries;
    for (const DataFile* file : group) {
      if (writer->entry_count() > 0 &&
          writer->size_bytes_estimate() >= static_cast<uint64_t>(target)) {
        CRANNOG_RETURN_IF_ERROR(FinishManifest(*writer, std::move(entries)));
        CRANNOG_ASSIGN(writer, NewWriter(spec_id, content, group.size()));
        entries = {};
      }
      CRANNOG_RETURN_IF_ERROR(writer->AddNew(*file, sequence));
      if (group.size() <= kRememberEntriesMax) {
        entries.push_back({EntryStatus::kAdded, snapshot_id_, sequence, std::nullopt, *file});
      }
      added_.Count(*file);
      partitions_.insert(PartitionKey(spec_id, file->partition));
    }
    CRANNOG_RETURN_IF_ERROR(FinishManifest(*writer, std::move(entries)));
  }
  return {};
}

// The parent's manifests: as they are, or without what goes. Those without live files are dropped.
Status SnapshotProducer::Keep() {
  if (parent_list_ == nullptr) return {};
  for (const ManifestFile& manifest : *parent_list_) {
    if (!manifest.has_live_files()) continue;
    const auto removed = removals_.find(manifest.manifest_path);
    if (removed != removals_.end()) {
      CRANNOG_RETURN_IF_ERROR(Rewrite(manifest, removed->second));
      continue;
    }
    ++manifests_kept_;
    listed_.push_back({manifest, false, {}});
  }
  return {};
}

Status SnapshotProducer::Rewrite(const ManifestFile& manifest,
                                 const std::unordered_set<std::string>& removed) {
  CRANNOG_ASSIGN(const std::vector<ManifestEntry> entries,
                 ReadManifestFile(*environment_.files, manifest));
  CRANNOG_ASSIGN(const auto writer,
                 NewWriter(manifest.partition_spec_id, manifest.content, entries.size()));
  std::vector<ManifestEntry> kept;
  for (const ManifestEntry& entry : entries) {
    if (!entry.is_live()) continue;
    ++entries_processed_;
    if (removed.contains(RemovalKey(entry.data_file))) {
      CRANNOG_RETURN_IF_ERROR(writer->AddDeleted(entry));
      removed_.Count(entry.data_file);
      partitions_.insert(PartitionKey(manifest.partition_spec_id, entry.data_file.partition));
      continue;
    }
    CRANNOG_RETURN_IF_ERROR(writer->AddExisting(entry));
    if (kept.size() <= kRememberEntriesMax) {
      kept.push_back(entry);
      kept.back().status = EntryStatus::kExisting;
    }
  }
  ++manifests_replaced_;
  return FinishManifest(*writer, std::move(kept));
}

Result<Snapshot> SnapshotProducer::WriteList(int64_t now_ms) {
  std::vector<ManifestFile> manifests;
  for (const Listed& one : listed_) manifests.push_back(one.file);
  ManifestListWriteOptions options;
  options.format_version = table_.format_version;
  options.snapshot_id = snapshot_id_;
  if (parent_ != nullptr) options.parent_snapshot_id = parent_->snapshot_id;
  options.sequence_number = table_.last_sequence_number + 1;
  if (table_.format_version >= 3) options.first_row_id = table_.next_row_id;
  options.codec = manifests.size() < kCompressManifestsMin ? codec::AvroCodec::kNull
                                                           : codec::AvroCodec::kDeflate;
  CRANNOG_ASSIGN(WrittenManifestList list, WriteManifestList(std::move(manifests), options));
  Snapshot snapshot;
  snapshot.snapshot_id = snapshot_id_;
  snapshot.parent_snapshot_id = options.parent_snapshot_id;
  snapshot.sequence_number = options.sequence_number;
  snapshot.timestamp_ms = now_ms;
  snapshot.manifest_list =
      MetadataPath("snap-" + std::to_string(snapshot_id_) + "-1-" + commit_uuid_ + ".avro");
  snapshot.schema_id = table_.current_schema_id;
  if (table_.format_version >= 3) {
    snapshot.first_row_id = table_.next_row_id;
    snapshot.added_rows = list.next_row_id - table_.next_row_id;
  }
  snapshot.summary = Summary();
  CRANNOG_RETURN_IF_ERROR(Write(snapshot.manifest_list, list.bytes));
  RememberManifests(list.manifests);
  environment_.planning->PutManifestList(
      snapshot.manifest_list,
      std::make_shared<const std::vector<ManifestFile>>(std::move(list.manifests)));
  return snapshot;
}

namespace {

ManifestEntryView ViewOf(const ManifestEntry& entry, const ManifestFile& manifest,
                         std::vector<FieldBoundView>& lowers, std::vector<FieldBoundView>& uppers) {
  const auto views = [](const std::vector<FieldBound>& bounds, std::vector<FieldBoundView>& to) {
    to.clear();
    for (const FieldBound& bound : bounds) to.push_back({bound.field_id, bound.value});
  };
  views(entry.data_file.lower_bounds, lowers);
  views(entry.data_file.upper_bounds, uppers);
  const DataFile& file = entry.data_file;
  ManifestEntryView view;
  view.status = entry.status;
  view.snapshot_id = entry.snapshot_id;
  view.sequence_number = entry.sequence_number.value_or(manifest.sequence_number);
  view.file_sequence_number = entry.file_sequence_number.value_or(manifest.sequence_number);
  view.data_file.content = file.content;
  view.data_file.file_format = file.file_format;
  view.data_file.file_path = file.file_path;
  view.data_file.partition = file.partition;
  view.data_file.record_count = file.record_count;
  view.data_file.file_size_in_bytes = file.file_size_in_bytes;
  view.data_file.value_counts = file.value_counts;
  view.data_file.null_value_counts = file.null_value_counts;
  view.data_file.nan_value_counts = file.nan_value_counts;
  view.data_file.lower_bounds = lowers;
  view.data_file.upper_bounds = uppers;
  view.data_file.sort_order_id = file.sort_order_id;
  view.data_file.first_row_id = file.first_row_id;
  return view;
}

}  // namespace

// What was just written need not be read back by the next query. Delete manifests are few and keep
// more than a view says, and row ids are given out in order of entries: both are left to reading.
void SnapshotProducer::RememberManifests(const std::vector<ManifestFile>& listed) {
  if (table_.format_version >= 3) return;
  CRANNOG_CHECK(listed.size() == listed_.size());
  std::vector<FieldBoundView> lowers;
  std::vector<FieldBoundView> uppers;
  for (size_t i = 0; i < listed.size(); ++i) {
    const Listed& one = listed_[i];
    if (one.entries.empty() || listed[i].content != ManifestContent::kData) continue;
    ManifestIndex::Builder builder(listed[i], table_);
    for (const ManifestEntry& entry : one.entries) {
      builder.Add(ViewOf(entry, listed[i], lowers, uppers));
    }
    environment_.planning->PutManifest(listed[i], std::move(builder).Finish());
  }
}

std::map<std::string, std::string> SnapshotProducer::Summary() const {
  SnapshotFacts facts;
  facts.added = added_;
  facts.removed = removed_;
  facts.rewrite = change_.rewrite;
  facts.changed_partitions = static_cast<int64_t>(partitions_.size());
  facts.manifests_created =
      std::ranges::count_if(listed_, [](const Listed& one) { return one.is_new; });
  facts.manifests_kept = manifests_kept_;
  facts.manifests_replaced = manifests_replaced_;
  facts.entries_processed = entries_processed_;
  facts.engine_name = environment_.engine_name;
  facts.engine_version = environment_.engine_version;
  return MakeSummary(facts, parent_, change_.summary);
}

}  // namespace crannog::table::iceberg
