#include "table/iceberg/commit.h"

#include <charconv>
#include <cstdio>
#include <utility>

#include "base/check.h"
#include "base/uuid.h"
#include "table/iceberg/metadata_text.h"
#include "table/iceberg/rebase.h"
#include "table/iceberg/snapshot_producer.h"

namespace crannog::table::iceberg {

namespace {

constexpr std::string_view kMetadataPathProperty = "write.metadata.path";
constexpr std::string_view kCompressionProperty = "write.metadata.compression-codec";

// ".../metadata/00041-<uuid>.metadata.json" gives 42; anything else 0.
int NextVersion(const std::string& location) {
  const size_t slash = location.rfind('/');
  const size_t start = slash == std::string::npos ? 0 : slash + 1;
  int version = 0;
  const auto [end, error] =
      std::from_chars(location.data() + start, location.data() + location.size(), version);
  if (error != std::errc() || end == location.data() + location.size() || *end != '-') return 0;
  return version + 1;
}

std::string MetadataFileName(const TableEnvironment& environment, const std::string& base_location,
                             bool gzip) {
  char number[16];
  std::snprintf(number, sizeof(number), "%05d", NextVersion(base_location));
  return std::string(number) + "-" + io::NewUuidV4(*environment.random).ToString() +
         (gzip ? ".gz.metadata.json" : ".metadata.json");
}

// Writes the metadata file and fills in what a catalog wants to know.
Status Finish(const TableEnvironment& environment, const TableBase& base, TableMetadata table,
              PreparedTable& prepared) {
  const bool gzip = table.Property(kCompressionProperty, "none") == "gzip";
  std::string folder(table.Property(kMetadataPathProperty, ""));
  if (folder.empty()) folder = table.location + "/metadata";
  while (folder.ends_with('/')) folder.pop_back();
  prepared.metadata_location = folder + "/" + MetadataFileName(environment, base.location, gzip);
  CRANNOG_ASSIGN(const std::string text, environment.metadata->text().Write(table, gzip));
  object::WriteOptions options;
  options.if_absent = true;
  options.durability = object::Durability::kWithNextCommit;
  auto status = object::WriteAll(*environment.files, prepared.metadata_location, text, options);
  if (!status) {
    return std::unexpected(
        std::move(status.error()).Within("write table metadata " + prepared.metadata_location));
  }
  prepared.written.push_back(prepared.metadata_location);
  prepared.snapshot_id = table.current_snapshot_id;
  prepared.schema_id = table.current_schema_id;
  prepared.spec_id = table.default_spec_id;
  prepared.sort_order_id = table.default_sort_order_id;
  prepared.table = std::make_shared<const TableMetadata>(std::move(table));
  environment.metadata->Put(prepared.metadata_location, prepared.table);
  return {};
}

// Nothing changed: the table is already what the caller wants.
PreparedTable Unchanged(const TableBase& base) {
  PreparedTable prepared;
  prepared.metadata_location = base.location;
  prepared.table = base.table;
  prepared.snapshot_id = base.table->current_snapshot_id;
  prepared.schema_id = base.table->current_schema_id;
  prepared.spec_id = base.table->default_spec_id;
  prepared.sort_order_id = base.table->default_sort_order_id;
  return prepared;
}

MetadataBuilder BuilderFor(const TableBase& base) {
  return base.table != nullptr ? MetadataBuilder(*base.table, base.location) : MetadataBuilder();
}

SnapshotRef RefTo(const TableMetadata& table, const std::string& branch, int64_t snapshot_id) {
  const auto it = table.refs.find(branch);
  SnapshotRef ref = it != table.refs.end() ? it->second : SnapshotRef{};
  ref.snapshot_id = snapshot_id;
  return ref;
}

Status AddFiles(const TableEnvironment& environment, const TableChange& change, int64_t now_ms,
                MetadataBuilder& builder, PreparedTable& prepared) {
  const TableMetadata& table = builder.current();
  const SnapshotPtr parent = table.SnapshotByRef(change.branch);
  if (parent == nullptr && change.branch != kMainBranch) {
    return Fail(Code::kNotFound, "commit: no branch " + change.branch);
  }
  const auto ref = table.refs.find(change.branch);
  if (ref != table.refs.end() && ref->second.type == SnapshotRefType::kTag) {
    return Fail(Code::kInvalid, "commit: " + change.branch + " is a tag");
  }
  SnapshotProducer producer(environment, table, parent.get(), change);
  auto snapshot = producer.Produce(now_ms);
  prepared.written = producer.written();
  if (!snapshot) return std::unexpected(std::move(snapshot.error()));
  if (!snapshot->has_value()) return {};
  const int64_t id = (*snapshot)->snapshot_id;
  prepared.new_snapshot_id = id;
  CRANNOG_RETURN_IF_ERROR(builder.Apply(AddSnapshot{std::move(**snapshot)}));
  if (change.stage_only) return {};
  return builder.Apply(SetSnapshotRef{change.branch, RefTo(builder.current(), change.branch, id)});
}

Status PrepareInto(const TableEnvironment& environment, const TableBase& base,
                   const TableChange& change, PreparedTable& prepared) {
  const int64_t now_ms = environment.clock->NowMillis();
  if (base.table != nullptr) {
    CRANNOG_RETURN_IF_ERROR(CheckChange(environment, *base.table, change));
  } else if (!change.base.table_uuid.empty()) {
    return Fail(Code::kConflict, "commit: the table was dropped meanwhile");
  }
  MetadataBuilder builder = BuilderFor(base);
  CRANNOG_RETURN_IF_ERROR(builder.ApplyAll(change.updates));
  if (change.HasFiles() || change.snapshot_if_empty) {
    CRANNOG_RETURN_IF_ERROR(AddFiles(environment, change, now_ms, builder, prepared));
  }
  if (base.table != nullptr && !builder.changed()) {
    prepared = Unchanged(base);
    return {};
  }
  CRANNOG_ASSIGN(TableMetadata table, std::move(builder).Build(now_ms));
  return Finish(environment, base, std::move(table), prepared);
}

}  // namespace

Result<PreparedTable> Prepare(const TableEnvironment& environment, const TableBase& base,
                              const TableChange& change) {
  CRANNOG_CHECK(environment.files && environment.planning && environment.metadata &&
                environment.clock && environment.random);
  PreparedTable prepared;
  auto status = PrepareInto(environment, base, change, prepared);
  if (!status) {
    Abandon(environment, prepared);
    return std::unexpected(std::move(status.error()));
  }
  return prepared;
}

Status CheckRebase(const TableEnvironment& environment, const TableMetadata& base,
                   const TableChange& change) {
  return CheckChange(environment, base, change);
}

void Abandon(const TableEnvironment& environment, const PreparedTable& prepared) {
  for (const std::string& path : prepared.written) (void)environment.files->Delete(path);
}

Result<PreparedTable> PrepareUpdates(const TableEnvironment& environment, const TableBase& base,
                                     const TableCommit& commit) {
  for (const TableRequirement& requirement : commit.requirements) {
    CRANNOG_RETURN_IF_ERROR(CheckRequirement(requirement, base.table.get()));
  }
  MetadataBuilder builder = BuilderFor(base);
  CRANNOG_RETURN_IF_ERROR(builder.ApplyAll(commit.updates));
  if (base.table != nullptr && !builder.changed()) return Unchanged(base);
  CRANNOG_ASSIGN(TableMetadata table, std::move(builder).Build(environment.clock->NowMillis()));
  PreparedTable prepared;
  CRANNOG_RETURN_IF_ERROR(Finish(environment, base, std::move(table), prepared));
  return prepared;
}

}  // namespace crannog::table::iceberg
