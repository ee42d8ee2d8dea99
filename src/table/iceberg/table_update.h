// The updates and requirements of the Iceberg REST specification (TableUpdate, TableRequirement):
// the one vocabulary in which a table's metadata changes, whoever asks.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/format/sort_order.h"
#include "table/iceberg/format/statistics_file.h"
#include "table/iceberg/format/table_metadata.h"

namespace crannog::table::iceberg {

// "-1" where an id is wanted: the one that the same list of updates added last.
inline constexpr int32_t kLastAdded = -1;

struct AssignUuid {
  std::string uuid;
};
struct UpgradeFormatVersion {
  int format_version = 2;
};
struct AddSchema {
  SchemaPtr schema;  // its schema id is a proposal: an equal schema or the next free id wins
};
struct SetCurrentSchema {
  int32_t schema_id = kLastAdded;
};
struct AddSpec {
  PartitionSpec spec;  // field ids of 0 are assigned; an equal spec or the next free id wins
};
struct SetDefaultSpec {
  int32_t spec_id = kLastAdded;
};
struct AddSortOrder {
  SortOrder sort_order;
};
struct SetDefaultSortOrder {
  int32_t sort_order_id = kLastAdded;
};
struct AddSnapshot {
  Snapshot snapshot;
};
struct SetSnapshotRef {
  std::string ref_name;
  SnapshotRef ref;
};
struct RemoveSnapshots {
  std::vector<int64_t> snapshot_ids;
};
struct RemoveSnapshotRef {
  std::string ref_name;
};
struct SetLocation {
  std::string location;
};
struct SetProperties {
  std::map<std::string, std::string> updates;
};
struct RemoveProperties {
  std::vector<std::string> removals;
};
struct SetStatistics {
  StatisticsFile statistics;
};
struct RemoveStatistics {
  int64_t snapshot_id = 0;
};
struct SetPartitionStatistics {
  PartitionStatisticsFile partition_statistics;
};
struct RemovePartitionStatistics {
  int64_t snapshot_id = 0;
};
struct RemovePartitionSpecs {
  std::vector<int32_t> spec_ids;
};
struct RemoveSchemas {
  std::vector<int32_t> schema_ids;
};
struct AddEncryptionKey {
  EncryptedKey encryption_key;
};
struct RemoveEncryptionKey {
  std::string key_id;
};

using TableUpdate =
    std::variant<AssignUuid, UpgradeFormatVersion, AddSchema, SetCurrentSchema, AddSpec,
                 SetDefaultSpec, AddSortOrder, SetDefaultSortOrder, AddSnapshot, SetSnapshotRef,
                 RemoveSnapshots, RemoveSnapshotRef, SetLocation, SetProperties, RemoveProperties,
                 SetStatistics, RemoveStatistics, SetPartitionStatistics, RemovePartitionStatistics,
                 RemovePartitionSpecs, RemoveSchemas, AddEncryptionKey, RemoveEncryptionKey>;

struct AssertCreate {};
struct AssertTableUuid {
  std::string uuid;
};
struct AssertRefSnapshotId {
  std::string ref;
  std::optional<int64_t> snapshot_id;  // nullopt: the ref must not exist
};
struct AssertLastAssignedFieldId {
  int32_t last_assigned_field_id = 0;
};
struct AssertCurrentSchemaId {
  int32_t current_schema_id = 0;
};
struct AssertLastAssignedPartitionId {
  int32_t last_assigned_partition_id = 0;
};
struct AssertDefaultSpecId {
  int32_t default_spec_id = 0;
};
struct AssertDefaultSortOrderId {
  int32_t default_sort_order_id = 0;
};

using TableRequirement =
    std::variant<AssertCreate, AssertTableUuid, AssertRefSnapshotId, AssertLastAssignedFieldId,
                 AssertCurrentSchemaId, AssertLastAssignedPartitionId, AssertDefaultSpecId,
                 AssertDefaultSortOrderId>;

// "add-snapshot", "assert-table-uuid": the specification's `action` and `type`.
std::string_view ActionName(const TableUpdate& update);
std::string_view TypeName(const TableRequirement& requirement);

// Whether the table (null: there is none yet) is as the caller assumed.
//   kConflict  it is not; the message says what was expected and what is there
Status CheckRequirement(const TableRequirement& requirement, const TableMetadata* table);

// JSON as the REST specification has it.
//   kCorrupt      names the JSON path
//   kUnsupported  an action or type that is not in the lists above
codec::Json TableUpdateToJson(const TableUpdate& update);
Result<TableUpdate> TableUpdateFromJson(const codec::JsonAt& at);
codec::Json TableRequirementToJson(const TableRequirement& requirement);
Result<TableRequirement> TableRequirementFromJson(const codec::JsonAt& at);

// The body of a commit: {"requirements": [...], "updates": [...]}, other members ignored.
struct TableCommit {
  std::vector<TableRequirement> requirements;
  std::vector<TableUpdate> updates;
};
//   kTooLarge  beyond limits.h
Result<TableCommit> ParseTableCommit(std::string_view json_text);
std::string WriteTableCommit(const TableCommit& commit);

}  // namespace crannog::table::iceberg
