#include "table/iceberg/metadata_builder.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_set>
#include <utility>

#include "base/check.h"

namespace crannog::table::iceberg {

namespace {

constexpr std::string_view kFormatVersionProperty = "format-version";
constexpr std::string_view kPreviousVersionsMax = "write.metadata.previous-versions-max";
constexpr int64_t kPreviousVersionsMaxDefault = 100;
// Clocks of several writers may disagree by this much.
constexpr int64_t kClockSkewMs = 60'000;

std::unexpected<Error> Invalid(std::string message) {
  return Fail(Code::kInvalid, "update table: " + std::move(message));
}

std::unexpected<Error> Missing(std::string message) {
  return Fail(Code::kNotFound, "update table: " + std::move(message));
}

template <typename Pointers, typename IdOf>
int32_t NextId(const Pointers& items, const IdOf& id_of, int32_t first) {
  int32_t next = first;
  for (const auto& item : items) next = std::max(next, id_of(*item) + 1);
  return next;
}

}  // namespace

MetadataBuilder::MetadataBuilder(const TableMetadata& base, std::string base_location)
    : table_(base),
      base_location_(std::move(base_location)),
      base_updated_ms_(base.last_updated_ms),
      base_current_snapshot_(base.current_snapshot_id) {}

MetadataBuilder::MetadataBuilder() = default;

Status MetadataBuilder::Apply(const TableUpdate& update) {
  return std::visit([this](const auto& u) { return ApplyOne(u); }, update);
}

Status MetadataBuilder::ApplyAll(std::span<const TableUpdate> updates) {
  for (const TableUpdate& update : updates) {
    auto status = Apply(update);
    if (!status) return std::unexpected(std::move(status.error()).Within(ActionName(update)));
  }
  return {};
}

Status MetadataBuilder::ApplyOne(const AssignUuid& update) {
  if (update.uuid.empty()) return Invalid("an empty uuid");
  if (table_.table_uuid == update.uuid) return {};
  if (!table_.table_uuid.empty()) {
    return Invalid("the table has uuid " + table_.table_uuid + ", it cannot become " + update.uuid);
  }
  table_.table_uuid = update.uuid;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const UpgradeFormatVersion& update) {
  if (update.format_version == table_.format_version) return {};
  if (update.format_version > kFormatVersionMax || update.format_version < table_.format_version) {
    return Fail(Code::kUnsupported, "upgrade a table of format version " +
                                        std::to_string(table_.format_version) + " to " +
                                        std::to_string(update.format_version));
  }
  table_.format_version = update.format_version;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const AddSchema& update) {
  CRANNOG_CHECK(update.schema != nullptr);
  if (update.schema->format_version_min() > table_.format_version) {
    return Invalid("the schema has types that format version " +
                   std::to_string(table_.format_version) + " lacks");
  }
  for (const SchemaPtr& schema : table_.schemas) {
    if (schema->SameFields(*update.schema)) {
      last_added_schema_ = schema->schema_id();
      return {};
    }
  }
  const int32_t id = NextId(
      table_.schemas, [](const Schema& schema) { return schema.schema_id(); }, 0);
  table_.schemas.push_back(update.schema->schema_id() == id ? update.schema
                                                            : update.schema->WithId(id));
  table_.last_column_id = std::max(table_.last_column_id, update.schema->highest_field_id());
  last_added_schema_ = id;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const SetCurrentSchema& update) {
  int32_t id = update.schema_id;
  if (id == kLastAdded) {
    if (!last_added_schema_) return Invalid("no schema was added before it is set");
    id = *last_added_schema_;
  }
  if (table_.SchemaById(id) == nullptr) return Missing("no schema " + std::to_string(id));
  if (table_.current_schema_id == id) return {};
  table_.current_schema_id = id;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const AddSpec& update) {
  const SchemaPtr schema = table_.SchemaById(table_.current_schema_id);
  if (schema == nullptr) return Invalid("a partition spec before there is a schema");
  CRANNOG_RETURN_IF_ERROR(CheckPartitionSpec(update.spec, *schema));
  for (const PartitionSpecPtr& known : table_.partition_specs) {
    if (known->SameFields(update.spec)) {
      last_added_spec_ = known->spec_id;
      return {};
    }
  }
  PartitionSpec spec = update.spec;
  std::set<int32_t> taken;
  for (PartitionField& field : spec.fields) {
    for (const PartitionSpecPtr& known : table_.partition_specs) {
      for (const PartitionField& old : known->fields) {
        if (field.field_id == 0 && old.source_id == field.source_id &&
            old.transform == field.transform) {
          field.field_id = old.field_id;
        }
      }
    }
    if (field.field_id == 0) field.field_id = ++table_.last_partition_id;
    if (!taken.insert(field.field_id).second) {
      return Invalid("partition field id " + std::to_string(field.field_id) + " twice");
    }
    table_.last_partition_id = std::max(table_.last_partition_id, field.field_id);
  }
  spec.spec_id = NextId(
      table_.partition_specs, [](const PartitionSpec& known) { return known.spec_id; }, 0);
  last_added_spec_ = spec.spec_id;
  table_.partition_specs.push_back(std::make_shared<const PartitionSpec>(std::move(spec)));
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const SetDefaultSpec& update) {
  int32_t id = update.spec_id;
  if (id == kLastAdded) {
    if (!last_added_spec_) return Invalid("no partition spec was added before it is set");
    id = *last_added_spec_;
  }
  if (table_.SpecById(id) == nullptr) return Missing("no partition spec " + std::to_string(id));
  if (table_.default_spec_id == id) return {};
  table_.default_spec_id = id;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const AddSortOrder& update) {
  const SchemaPtr schema = table_.SchemaById(table_.current_schema_id);
  if (schema == nullptr) return Invalid("a sort order before there is a schema");
  CRANNOG_RETURN_IF_ERROR(CheckSortOrder(update.sort_order, *schema));
  for (const SortOrderPtr& order : table_.sort_orders) {
    if (order->fields == update.sort_order.fields) {
      last_added_order_ = order->order_id;
      return {};
    }
  }
  SortOrder order = update.sort_order;
  // 0 is the empty order's.
  order.order_id =
      order.is_unsorted()
          ? 0
          : NextId(
                table_.sort_orders, [](const SortOrder& known) { return known.order_id; }, 1);
  last_added_order_ = order.order_id;
  table_.sort_orders.push_back(std::make_shared<const SortOrder>(std::move(order)));
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const SetDefaultSortOrder& update) {
  int32_t id = update.sort_order_id;
  if (id == kLastAdded) {
    if (!last_added_order_) return Invalid("no sort order was added before it is set");
    id = *last_added_order_;
  }
  if (table_.SortOrderById(id) == nullptr) return Missing("no sort order " + std::to_string(id));
  if (table_.default_sort_order_id == id) return {};
  table_.default_sort_order_id = id;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const AddSnapshot& update) {
  const Snapshot& snapshot = update.snapshot;
  const std::string name = "snapshot " + std::to_string(snapshot.snapshot_id);
  if (table_.SnapshotById(snapshot.snapshot_id) != nullptr) return Invalid(name + " exists");
  if (snapshot.schema_id && table_.SchemaById(*snapshot.schema_id) == nullptr) {
    return Missing(name + " has schema " + std::to_string(*snapshot.schema_id) +
                   ", which the table has not");
  }
  if (table_.format_version >= 2) {
    if (snapshot.sequence_number <= table_.last_sequence_number) {
      return Fail(Code::kConflict, "update table: " + name + " has sequence number " +
                                       std::to_string(snapshot.sequence_number) +
                                       ", the table is at " +
                                       std::to_string(table_.last_sequence_number) + " already");
    }
    if (snapshot.manifest_list.empty()) return Invalid(name + " has no manifest list");
    table_.last_sequence_number = snapshot.sequence_number;
  }
  if (base_updated_ms_ && snapshot.timestamp_ms < *base_updated_ms_ - kClockSkewMs) {
    return Invalid(name + " is of " + std::to_string(snapshot.timestamp_ms) +
                   " ms, before the table's last update at " + std::to_string(*base_updated_ms_));
  }
  if (table_.format_version >= 3) {
    if (!snapshot.first_row_id || !snapshot.added_rows || *snapshot.added_rows < 0) {
      return Invalid(name + " has no first-row-id or added-rows");
    }
    if (*snapshot.first_row_id < table_.next_row_id) {
      return Fail(Code::kConflict, "update table: " + name + " starts at row id " +
                                       std::to_string(*snapshot.first_row_id) +
                                       ", the table is at " + std::to_string(table_.next_row_id));
    }
    table_.next_row_id = *snapshot.first_row_id + *snapshot.added_rows;
  }
  table_.last_updated_ms = std::max(table_.last_updated_ms, snapshot.timestamp_ms);
  table_.snapshots.push_back(std::make_shared<const Snapshot>(snapshot));
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const SetSnapshotRef& update) {
  const SnapshotRef& ref = update.ref;
  if (update.ref_name.empty()) return Invalid("a reference without a name");
  if (table_.SnapshotById(ref.snapshot_id) == nullptr) {
    return Missing("ref " + update.ref_name + " to snapshot " + std::to_string(ref.snapshot_id) +
                   ", which the table has not");
  }
  const bool main = update.ref_name == kMainBranch;
  if (main && ref.type != SnapshotRefType::kBranch) return Invalid("main must be a branch");
  if (main && ref.max_ref_age_ms) return Invalid("main never expires");
  if (ref.type == SnapshotRefType::kTag && (ref.min_snapshots_to_keep || ref.max_snapshot_age_ms)) {
    return Invalid("tag " + update.ref_name + " cannot keep snapshots by number or age");
  }
  if (ref.min_snapshots_to_keep.value_or(1) <= 0 || ref.max_snapshot_age_ms.value_or(1) <= 0 ||
      ref.max_ref_age_ms.value_or(1) <= 0) {
    return Invalid("ref " + update.ref_name + ": retention must be positive");
  }
  const auto it = table_.refs.find(update.ref_name);
  if (it != table_.refs.end() && it->second.type != ref.type) {
    return Invalid("ref " + update.ref_name + " cannot change between branch and tag");
  }
  if (it != table_.refs.end() && it->second == ref) return {};
  table_.refs.insert_or_assign(update.ref_name, ref);
  if (main) table_.current_snapshot_id = ref.snapshot_id;
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const RemoveSnapshots& update) {
  const std::unordered_set<int64_t> ids(update.snapshot_ids.begin(), update.snapshot_ids.end());
  const auto gone = [&](int64_t id) { return ids.contains(id); };
  const auto count = std::erase_if(
      table_.snapshots, [&](const SnapshotPtr& snapshot) { return gone(snapshot->snapshot_id); });
  if (count == 0) return {};
  std::erase_if(table_.refs, [&](const auto& ref) { return gone(ref.second.snapshot_id); });
  if (table_.current_snapshot_id && gone(*table_.current_snapshot_id)) {
    table_.current_snapshot_id.reset();
  }
  std::erase_if(table_.statistics, [&](const auto& file) { return gone(file.snapshot_id); });
  std::erase_if(table_.partition_statistics,
                [&](const auto& file) { return gone(file.snapshot_id); });
  // History before an expired snapshot would be a history with holes.
  const auto last_gone = std::find_if(table_.snapshot_log.rbegin(), table_.snapshot_log.rend(),
                                      [&](const auto& entry) { return gone(entry.snapshot_id); });
  table_.snapshot_log.erase(table_.snapshot_log.begin(), last_gone.base());
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const RemoveSnapshotRef& update) {
  if (update.ref_name == kMainBranch) table_.current_snapshot_id.reset();
  const auto it = table_.refs.find(update.ref_name);
  if (it == table_.refs.end()) return {};
  table_.refs.erase(it);
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const SetLocation& update) {
  std::string location = update.location;
  while (location.ends_with('/')) location.pop_back();
  if (location.empty()) return Invalid("an empty location");
  changed_ |= location != table_.location;
  table_.location = std::move(location);
  return {};
}

Status MetadataBuilder::ApplyOne(const SetProperties& update) {
  for (const auto& [key, value] : update.updates) {
    if (key == kFormatVersionProperty) {
      int version = 0;
      const char* end = value.data() + value.size();
      if (std::from_chars(value.data(), end, version).ptr != end) {
        return Invalid("format-version is no number: " + value);
      }
      CRANNOG_RETURN_IF_ERROR(ApplyOne(UpgradeFormatVersion{version}));
      continue;
    }
    const auto it = table_.properties.find(key);
    if (it != table_.properties.end() && it->second == value) continue;
    table_.properties.insert_or_assign(key, value);
    changed_ = true;
  }
  return {};
}

Status MetadataBuilder::ApplyOne(const RemoveProperties& update) {
  for (const std::string& key : update.removals) {
    if (table_.properties.erase(key) > 0) changed_ = true;
  }
  return {};
}

Status MetadataBuilder::ApplyOne(const SetStatistics& update) {
  const StatisticsFile& file = update.statistics;
  if (table_.SnapshotById(file.snapshot_id) == nullptr) {
    return Missing("statistics of snapshot " + std::to_string(file.snapshot_id));
  }
  std::erase_if(table_.statistics,
                [&](const StatisticsFile& old) { return old.snapshot_id == file.snapshot_id; });
  table_.statistics.push_back(file);
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const RemoveStatistics& update) {
  const auto count = std::erase_if(table_.statistics, [&](const StatisticsFile& old) {
    return old.snapshot_id == update.snapshot_id;
  });
  changed_ |= count > 0;
  return {};
}

Status MetadataBuilder::ApplyOne(const SetPartitionStatistics& update) {
  const PartitionStatisticsFile& file = update.partition_statistics;
  if (table_.SnapshotById(file.snapshot_id) == nullptr) {
    return Missing("partition statistics of snapshot " + std::to_string(file.snapshot_id));
  }
  std::erase_if(table_.partition_statistics, [&](const PartitionStatisticsFile& old) {
    return old.snapshot_id == file.snapshot_id;
  });
  table_.partition_statistics.push_back(file);
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const RemovePartitionStatistics& update) {
  const auto count = std::erase_if(
      table_.partition_statistics,
      [&](const PartitionStatisticsFile& old) { return old.snapshot_id == update.snapshot_id; });
  changed_ |= count > 0;
  return {};
}

Status MetadataBuilder::ApplyOne(const RemovePartitionSpecs& update) {
  for (const int32_t id : update.spec_ids) {
    if (id == table_.default_spec_id) {
      return Invalid("partition spec " + std::to_string(id) + " is the default");
    }
    const auto count = std::erase_if(
        table_.partition_specs, [&](const PartitionSpecPtr& spec) { return spec->spec_id == id; });
    changed_ |= count > 0;
  }
  return {};
}

Status MetadataBuilder::ApplyOne(const RemoveSchemas& update) {
  for (const int32_t id : update.schema_ids) {
    if (id == table_.current_schema_id) {
      return Invalid("schema " + std::to_string(id) + " is the current one");
    }
    const auto count = std::erase_if(
        table_.schemas, [&](const SchemaPtr& schema) { return schema->schema_id() == id; });
    changed_ |= count > 0;
  }
  return {};
}

Status MetadataBuilder::ApplyOne(const AddEncryptionKey& update) {
  for (const EncryptedKey& key : table_.encryption_keys) {
    if (key.key_id == update.encryption_key.key_id) return {};
  }
  table_.encryption_keys.push_back(update.encryption_key);
  changed_ = true;
  return {};
}

Status MetadataBuilder::ApplyOne(const RemoveEncryptionKey& update) {
  const auto count = std::erase_if(
      table_.encryption_keys, [&](const EncryptedKey& key) { return key.key_id == update.key_id; });
  changed_ |= count > 0;
  return {};
}

Result<TableMetadata> MetadataBuilder::Build(int64_t now_ms) && {
  if (table_.schemas.empty()) return Invalid("the table has no schema");
  if (table_.partition_specs.empty()) {
    table_.partition_specs.push_back(std::make_shared<const PartitionSpec>());
    table_.default_spec_id = 0;
  }
  if (table_.sort_orders.empty()) {
    table_.sort_orders.push_back(std::make_shared<const SortOrder>());
    table_.default_sort_order_id = 0;
  }
  // Time does not go back, whatever the clock says.
  table_.last_updated_ms = std::max(table_.last_updated_ms, now_ms);
  if (table_.current_snapshot_id && table_.current_snapshot_id != base_current_snapshot_) {
    table_.snapshot_log.push_back({table_.last_updated_ms, *table_.current_snapshot_id});
  }
  if (!base_location_.empty()) {
    table_.metadata_log.push_back({base_updated_ms_.value_or(now_ms), base_location_});
    const int64_t most = std::max<int64_t>(
        1, table_.PropertyNumber(kPreviousVersionsMax, kPreviousVersionsMaxDefault));
    const auto size = static_cast<int64_t>(table_.metadata_log.size());
    if (size > most) {
      table_.metadata_log.erase(table_.metadata_log.begin(),
                                table_.metadata_log.begin() + (size - most));
    }
  }
  CRANNOG_RETURN_IF_ERROR(CheckTableMetadata(table_));
  return std::move(table_);
}

}  // namespace crannog::table::iceberg
