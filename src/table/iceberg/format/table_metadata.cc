#include "table/iceberg/format/table_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/check.h"

namespace crannog::table::iceberg {
namespace {

// Later ids are asked for most, so the search begins at the end.
template <typename Pointer, typename Same>
Pointer FindLast(const std::vector<Pointer>& all, Same same) {
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (same(**it)) return *it;
  }
  return nullptr;
}

}  // namespace

SchemaPtr TableMetadata::SchemaById(int32_t schema_id) const {
  return FindLast(schemas, [&](const Schema& s) { return s.schema_id() == schema_id; });
}

PartitionSpecPtr TableMetadata::SpecById(int32_t spec_id) const {
  return FindLast(partition_specs, [&](const PartitionSpec& s) { return s.spec_id == spec_id; });
}

SortOrderPtr TableMetadata::SortOrderById(int32_t order_id) const {
  return FindLast(sort_orders, [&](const SortOrder& o) { return o.order_id == order_id; });
}

SnapshotPtr TableMetadata::SnapshotById(int64_t snapshot_id) const {
  return FindLast(snapshots, [&](const Snapshot& s) { return s.snapshot_id == snapshot_id; });
}

SnapshotPtr TableMetadata::SnapshotByRef(std::string_view name) const {
  const auto found = refs.find(name);
  if (found != refs.end()) return SnapshotById(found->second.snapshot_id);
  return name == kMainBranch ? CurrentSnapshot() : nullptr;
}

SnapshotPtr TableMetadata::SnapshotAsOf(int64_t timestamp_ms) const {
  for (auto it = snapshot_log.rbegin(); it != snapshot_log.rend(); ++it) {
    if (it->timestamp_ms <= timestamp_ms) return SnapshotById(it->snapshot_id);
  }
  return nullptr;
}

SnapshotPtr TableMetadata::CurrentSnapshot() const {
  return current_snapshot_id ? SnapshotById(*current_snapshot_id) : nullptr;
}

SchemaPtr TableMetadata::CurrentSchema() const {
  SchemaPtr schema = SchemaById(current_schema_id);
  CRANNOG_CHECK(schema != nullptr);
  return schema;
}

PartitionSpecPtr TableMetadata::DefaultSpec() const {
  PartitionSpecPtr spec = SpecById(default_spec_id);
  CRANNOG_CHECK(spec != nullptr);
  return spec;
}

SortOrderPtr TableMetadata::DefaultSortOrder() const {
  SortOrderPtr order = SortOrderById(default_sort_order_id);
  CRANNOG_CHECK(order != nullptr);
  return order;
}

SchemaPtr TableMetadata::SchemaOf(const Snapshot& snapshot) const {
  SchemaPtr schema = snapshot.schema_id ? SchemaById(*snapshot.schema_id) : nullptr;
  return schema != nullptr ? schema : CurrentSchema();
}

std::string_view TableMetadata::Property(std::string_view key, std::string_view otherwise) const {
  const auto found = properties.find(std::string(key));
  return found == properties.end() ? otherwise : std::string_view(found->second);
}

int64_t TableMetadata::PropertyNumber(std::string_view key, int64_t otherwise) const {
  const std::string_view text = Property(key, "");
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? number
                                                                                   : otherwise;
}

namespace {

std::unexpected<Error> Wrong(std::string what) {
  return Fail(Code::kInvalid, "table metadata: " + std::move(what));
}

Status CheckSchemas(const TableMetadata& metadata) {
  std::set<int32_t> ids;
  for (const SchemaPtr& schema : metadata.schemas) {
    if (!ids.insert(schema->schema_id()).second) {
      return Wrong(fmt::format("two schemas have id {}", schema->schema_id()));
    }
    if (schema->highest_field_id() > metadata.last_column_id) {
      return Wrong(fmt::format("field id {} is above last-column-id {}", schema->highest_field_id(),
                               metadata.last_column_id));
    }
    if (schema->format_version_min() > metadata.format_version) {
      return Wrong(
          fmt::format("a column type needs format version {}", schema->format_version_min()));
    }
  }
  if (!ids.contains(metadata.current_schema_id)) {
    return Wrong(fmt::format("current schema {} does not exist", metadata.current_schema_id));
  }
  return {};
}

Status CheckSpecs(const TableMetadata& metadata) {
  std::set<int32_t> ids;
  for (const PartitionSpecPtr& spec : metadata.partition_specs) {
    if (!ids.insert(spec->spec_id).second) {
      return Wrong(fmt::format("two partition specs have id {}", spec->spec_id));
    }
    if (spec->highest_field_id() > metadata.last_partition_id) {
      return Wrong(fmt::format("partition field id {} is above last-partition-id {}",
                               spec->highest_field_id(), metadata.last_partition_id));
    }
  }
  if (!ids.contains(metadata.default_spec_id)) {
    return Wrong(fmt::format("default spec {} does not exist", metadata.default_spec_id));
  }
  return CheckPartitionSpec(*metadata.DefaultSpec(), *metadata.CurrentSchema());
}

Status CheckSnapshots(const TableMetadata& metadata) {
  std::set<int64_t> ids;
  for (const SnapshotPtr& snapshot : metadata.snapshots) {
    if (!ids.insert(snapshot->snapshot_id).second) {
      return Wrong(fmt::format("two snapshots have id {}", snapshot->snapshot_id));
    }
    if (snapshot->sequence_number > metadata.last_sequence_number) {
      return Wrong(fmt::format("snapshot {} has a sequence number above the last one",
                               snapshot->snapshot_id));
    }
    if (metadata.format_version >= 2 && snapshot->manifest_list.empty() &&
        snapshot->manifests.empty()) {
      return Wrong(fmt::format("snapshot {} has no manifest list", snapshot->snapshot_id));
    }
  }
  for (const auto& [name, ref] : metadata.refs) {
    if (!ids.contains(ref.snapshot_id)) {
      return Wrong(
          fmt::format("reference \"{}\": snapshot {} does not exist", name, ref.snapshot_id));
    }
  }
  if (!metadata.current_snapshot_id) {
    if (metadata.refs.contains(kMainBranch)) return Wrong("main without a current snapshot");
    return {};
  }
  const auto main = metadata.refs.find(kMainBranch);
  if (main == metadata.refs.end() || main->second.snapshot_id != *metadata.current_snapshot_id ||
      main->second.type != SnapshotRefType::kBranch) {
    return Wrong("the current snapshot is not the head of branch main");
  }
  return {};
}

}  // namespace

Status CheckTableMetadata(const TableMetadata& metadata) {
  if (metadata.format_version < 1 || metadata.format_version > kFormatVersionMax) {
    return Wrong(fmt::format("format version {}", metadata.format_version));
  }
  if (metadata.table_uuid.empty() && metadata.format_version >= 2) return Wrong("no table-uuid");
  if (metadata.location.empty()) return Wrong("no location");
  CRANNOG_RETURN_IF_ERROR(CheckSchemas(metadata));
  CRANNOG_RETURN_IF_ERROR(CheckSpecs(metadata));
  if (metadata.SortOrderById(metadata.default_sort_order_id) == nullptr) {
    return Wrong(
        fmt::format("default sort order {} does not exist", metadata.default_sort_order_id));
  }
  CRANNOG_RETURN_IF_ERROR(CheckSortOrder(*metadata.DefaultSortOrder(), *metadata.CurrentSchema()));
  return CheckSnapshots(metadata);
}

}  // namespace crannog::table::iceberg
