// TableUpdate and TableRequirement as JSON: rest-catalog-open-api.yaml, the schemas of those names.
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema_json.h"
#include "table/iceberg/format/snapshot.h"
#include "table/iceberg/format/sort_order.h"
#include "table/iceberg/format/statistics_file.h"
#include "table/iceberg/limits.h"
#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

using codec::Json;
using codec::JsonAt;

namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};

template <typename T>
Json NumbersToJson(const std::vector<T>& numbers) {
  Json array = Json::NewArray();
  for (const T number : numbers) array.Append(Json(number));
  return array;
}

Json StringsToJson(const std::vector<std::string>& strings) {
  Json array = Json::NewArray();
  for (const std::string& text : strings) array.Append(Json(text));
  return array;
}

Json MapToJson(const std::map<std::string, std::string>& map) {
  Json object = Json::NewObject();
  for (const auto& [key, value] : map) object.Set(key, Json(value));
  return object;
}

// Snapshots travel in the newest form that loses nothing; readers ignore what they do not know.
constexpr int kWireFormatVersion = kFormatVersionMax;
constexpr int kWireFormatVersionWithoutRowIds = 2;

void PutSnapshot(Json& json, const Snapshot& snapshot) {
  const int version = snapshot.first_row_id ? kWireFormatVersion : kWireFormatVersionWithoutRowIds;
  json.Set("snapshot", SnapshotToJson(snapshot, version));
}

void PutRef(Json& json, const SetSnapshotRef& update) {
  json.Set("ref-name", Json(update.ref_name));
  const Json ref = SnapshotRefToJson(update.ref);
  for (const Json::Member& member : ref.object()) json.Set(member.first, member.second);
}

void PutUpdate(Json& json, const TableUpdate& update) {
  std::visit(
      Overloaded{
          [&](const AssignUuid& u) { json.Set("uuid", Json(u.uuid)); },
          [&](const UpgradeFormatVersion& u) {
            json.Set("format-version", Json(int64_t{u.format_version}));
          },
          [&](const AddSchema& u) { json.Set("schema", SchemaToJson(*u.schema)); },
          [&](const SetCurrentSchema& u) { json.Set("schema-id", Json(u.schema_id)); },
          [&](const AddSpec& u) { json.Set("spec", PartitionSpecToJson(u.spec)); },
          [&](const SetDefaultSpec& u) { json.Set("spec-id", Json(u.spec_id)); },
          [&](const AddSortOrder& u) { json.Set("sort-order", SortOrderToJson(u.sort_order)); },
          [&](const SetDefaultSortOrder& u) { json.Set("sort-order-id", Json(u.sort_order_id)); },
          [&](const AddSnapshot& u) { PutSnapshot(json, u.snapshot); },
          [&](const SetSnapshotRef& u) { PutRef(json, u); },
          [&](const RemoveSnapshots& u) {
            json.Set("snapshot-ids", NumbersToJson(u.snapshot_ids));
          },
          [&](const RemoveSnapshotRef& u) { json.Set("ref-name", Json(u.ref_name)); },
          [&](const SetLocation& u) { json.Set("location", Json(u.location)); },
          [&](const SetProperties& u) { json.Set("updates", MapToJson(u.updates)); },
          [&](const RemoveProperties& u) { json.Set("removals", StringsToJson(u.removals)); },
          [&](const SetStatistics& u) {
            json.Set("snapshot-id", Json(u.statistics.snapshot_id));
            json.Set("statistics", StatisticsFileToJson(u.statistics));
          },
          [&](const RemoveStatistics& u) { json.Set("snapshot-id", Json(u.snapshot_id)); },
          [&](const SetPartitionStatistics& u) {
            json.Set("partition-statistics", PartitionStatisticsFileToJson(u.partition_statistics));
          },
          [&](const RemovePartitionStatistics& u) { json.Set("snapshot-id", Json(u.snapshot_id)); },
          [&](const RemovePartitionSpecs& u) { json.Set("spec-ids", NumbersToJson(u.spec_ids)); },
          [&](const RemoveSchemas& u) { json.Set("schema-ids", NumbersToJson(u.schema_ids)); },
          [&](const AddEncryptionKey& u) {
            json.Set("encryption-key", EncryptedKeyToJson(u.encryption_key));
          },
          [&](const RemoveEncryptionKey& u) { json.Set("key-id", Json(u.key_id)); },
      },
      update);
}

Result<std::vector<int64_t>> LongsAt(const JsonAt& at, std::string_view key) {
  CRANNOG_ASSIGN(const JsonAt list, at.Member(key));
  CRANNOG_ASSIGN(const size_t size, list.ArraySize());
  std::vector<int64_t> longs;
  for (size_t i = 0; i < size; ++i) {
    const JsonAt item = list.At(i);
    CRANNOG_ASSIGN(const int64_t value, item.AsLong());
    longs.push_back(value);
  }
  return longs;
}

Result<std::vector<int32_t>> IntsAt(const JsonAt& at, std::string_view key) {
  CRANNOG_ASSIGN(const JsonAt list, at.Member(key));
  return list.AsInts();
}

using Reader = Result<TableUpdate> (*)(const JsonAt& at);

Result<TableUpdate> ReadSchema(const JsonAt& at) {
  CRANNOG_ASSIGN(const JsonAt member, at.Member("schema"));
  CRANNOG_ASSIGN(SchemaPtr schema, SchemaFromJson(member));
  return AddSchema{std::move(schema)};
}

Result<TableUpdate> ReadSpec(const JsonAt& at) {
  CRANNOG_ASSIGN(const JsonAt member, at.Member("spec"));
  // A client may leave the id to the server.
  if (!member.MemberIfAny("spec-id")) {
    CRANNOG_ASSIGN(const JsonAt fields, member.Member("fields"));
    CRANNOG_ASSIGN(PartitionSpec spec, PartitionFieldsFromJson(fields, 0));
    return AddSpec{std::move(spec)};
  }
  CRANNOG_ASSIGN(PartitionSpec spec, PartitionSpecFromJson(member));
  return AddSpec{std::move(spec)};
}

Result<TableUpdate> ReadSnapshot(const JsonAt& at) {
  CRANNOG_ASSIGN(const JsonAt member, at.Member("snapshot"));
  const bool has_row_ids = member.MemberIfAny("first-row-id").has_value();
  CRANNOG_ASSIGN(
      Snapshot snapshot,
      SnapshotFromJson(member, has_row_ids ? kWireFormatVersion : kWireFormatVersionWithoutRowIds));
  return AddSnapshot{std::move(snapshot)};
}

Result<TableUpdate> ReadRef(const JsonAt& at) {
  CRANNOG_ASSIGN(std::string name, at.String("ref-name"));
  CRANNOG_ASSIGN(const SnapshotRef ref, SnapshotRefFromJson(at));
  return SetSnapshotRef{std::move(name), ref};
}

Result<TableUpdate> ReadStatistics(const JsonAt& at) {
  CRANNOG_ASSIGN(const JsonAt member, at.Member("statistics"));
  CRANNOG_ASSIGN(StatisticsFile file, StatisticsFileFromJson(member));
  return SetStatistics{std::move(file)};
}

template <typename U, auto kMember>
Result<TableUpdate> ReadInt(const JsonAt& at, std::string_view key) {
  CRANNOG_ASSIGN(const int32_t value, at.Int(key));
  U update;
  update.*kMember = value;
  return update;
}

template <typename U, auto kMember>
Result<TableUpdate> ReadLong(const JsonAt& at, std::string_view key) {
  CRANNOG_ASSIGN(const int64_t value, at.Long(key));
  U update;
  update.*kMember = value;
  return update;
}

template <typename U, auto kMember>
Result<TableUpdate> ReadString(const JsonAt& at, std::string_view key) {
  CRANNOG_ASSIGN(std::string value, at.String(key));
  U update;
  update.*kMember = std::move(value);
  return update;
}

struct UpdateReader {
  std::string_view action;
  Reader read;
};

constexpr UpdateReader kUpdateReaders[] = {
    {"assign-uuid",
     [](const JsonAt& at) { return ReadString<AssignUuid, &AssignUuid::uuid>(at, "uuid"); }},
    {"upgrade-format-version",
     [](const JsonAt& at) {
       return ReadInt<UpgradeFormatVersion, &UpgradeFormatVersion::format_version>(
           at, "format-version");
     }},
    {"add-schema", ReadSchema},
    {"set-current-schema",
     [](const JsonAt& at) {
       return ReadInt<SetCurrentSchema, &SetCurrentSchema::schema_id>(at, "schema-id");
     }},
    {"add-spec", ReadSpec},
    {"set-default-spec",
     [](const JsonAt& at) {
       return ReadInt<SetDefaultSpec, &SetDefaultSpec::spec_id>(at, "spec-id");
     }},
    {"add-sort-order",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(const JsonAt member, at.Member("sort-order"));
       CRANNOG_ASSIGN(SortOrder order, SortOrderFromJson(member));
       return AddSortOrder{std::move(order)};
     }},
    {"set-default-sort-order",
     [](const JsonAt& at) {
       return ReadInt<SetDefaultSortOrder, &SetDefaultSortOrder::sort_order_id>(at,
                                                                                "sort-order-id");
     }},
    {"add-snapshot", ReadSnapshot},
    {"set-snapshot-ref", ReadRef},
    {"remove-snapshots",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(std::vector<int64_t> ids, LongsAt(at, "snapshot-ids"));
       return RemoveSnapshots{std::move(ids)};
     }},
    {"remove-snapshot-ref",
     [](const JsonAt& at) {
       return ReadString<RemoveSnapshotRef, &RemoveSnapshotRef::ref_name>(at, "ref-name");
     }},
    {"set-location",
     [](const JsonAt& at) {
       return ReadString<SetLocation, &SetLocation::location>(at, "location");
     }},
    {"set-properties",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(const JsonAt member, at.Member("updates"));
       CRANNOG_ASSIGN(auto updates, member.AsStringMap());
       return SetProperties{std::move(updates)};
     }},
    {"remove-properties",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(const JsonAt member, at.Member("removals"));
       CRANNOG_ASSIGN(auto removals, member.AsStrings());
       return RemoveProperties{std::move(removals)};
     }},
    {"set-statistics", ReadStatistics},
    {"remove-statistics",
     [](const JsonAt& at) {
       return ReadLong<RemoveStatistics, &RemoveStatistics::snapshot_id>(at, "snapshot-id");
     }},
    {"set-partition-statistics",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(const JsonAt member, at.Member("partition-statistics"));
       CRANNOG_ASSIGN(auto file, PartitionStatisticsFileFromJson(member));
       return SetPartitionStatistics{std::move(file)};
     }},
    {"remove-partition-statistics",
     [](const JsonAt& at) {
       return ReadLong<RemovePartitionStatistics, &RemovePartitionStatistics::snapshot_id>(
           at, "snapshot-id");
     }},
    {"remove-partition-specs",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(std::vector<int32_t> ids, IntsAt(at, "spec-ids"));
       return RemovePartitionSpecs{std::move(ids)};
     }},
    {"remove-schemas",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(std::vector<int32_t> ids, IntsAt(at, "schema-ids"));
       return RemoveSchemas{std::move(ids)};
     }},
    {"add-encryption-key",
     [](const JsonAt& at) -> Result<TableUpdate> {
       CRANNOG_ASSIGN(const JsonAt member, at.Member("encryption-key"));
       CRANNOG_ASSIGN(EncryptedKey key, EncryptedKeyFromJson(member));
       return AddEncryptionKey{std::move(key)};
     }},
    {"remove-encryption-key",
     [](const JsonAt& at) {
       return ReadString<RemoveEncryptionKey, &RemoveEncryptionKey::key_id>(at, "key-id");
     }},
};
static_assert(std::size(kUpdateReaders) == std::variant_size_v<TableUpdate>);

}  // namespace

Json TableUpdateToJson(const TableUpdate& update) {
  Json json = Json::NewObject();
  json.Set("action", Json(ActionName(update)));
  PutUpdate(json, update);
  return json;
}

Result<TableUpdate> TableUpdateFromJson(const JsonAt& at) {
  CRANNOG_ASSIGN(const std::string action, at.String("action"));
  for (const UpdateReader& reader : kUpdateReaders) {
    if (reader.action == action) return reader.read(at);
  }
  return Fail(Code::kUnsupported, at.Path() + ": unknown table update " + action);
}

Json TableRequirementToJson(const TableRequirement& requirement) {
  Json json = Json::NewObject();
  json.Set("type", Json(TypeName(requirement)));
  std::visit(Overloaded{
                 [](const AssertCreate&) {},
                 [&](const AssertTableUuid& r) { json.Set("uuid", Json(r.uuid)); },
                 [&](const AssertRefSnapshotId& r) {
                   json.Set("ref", Json(r.ref));
                   json.Set("snapshot-id", r.snapshot_id ? Json(*r.snapshot_id) : Json());
                 },
                 [&](const AssertLastAssignedFieldId& r) {
                   json.Set("last-assigned-field-id", Json(r.last_assigned_field_id));
                 },
                 [&](const AssertCurrentSchemaId& r) {
                   json.Set("current-schema-id", Json(r.current_schema_id));
                 },
                 [&](const AssertLastAssignedPartitionId& r) {
                   json.Set("last-assigned-partition-id", Json(r.last_assigned_partition_id));
                 },
                 [&](const AssertDefaultSpecId& r) {
                   json.Set("default-spec-id", Json(r.default_spec_id));
                 },
                 [&](const AssertDefaultSortOrderId& r) {
                   json.Set("default-sort-order-id", Json(r.default_sort_order_id));
                 },
             },
             requirement);
  return json;
}

Result<TableRequirement> TableRequirementFromJson(const JsonAt& at) {
  CRANNOG_ASSIGN(const std::string type, at.String("type"));
  if (type == "assert-create") return AssertCreate{};
  if (type == "assert-table-uuid") {
    CRANNOG_ASSIGN(std::string uuid, at.String("uuid"));
    return AssertTableUuid{std::move(uuid)};
  }
  if (type == "assert-ref-snapshot-id") {
    CRANNOG_ASSIGN(std::string ref, at.String("ref"));
    CRANNOG_ASSIGN(const std::optional<int64_t> id, at.LongIfAny("snapshot-id"));
    return AssertRefSnapshotId{std::move(ref), id};
  }
  if (type == "assert-last-assigned-field-id") {
    CRANNOG_ASSIGN(const int32_t id, at.Int("last-assigned-field-id"));
    return AssertLastAssignedFieldId{id};
  }
  if (type == "assert-current-schema-id") {
    CRANNOG_ASSIGN(const int32_t id, at.Int("current-schema-id"));
    return AssertCurrentSchemaId{id};
  }
  if (type == "assert-last-assigned-partition-id") {
    CRANNOG_ASSIGN(const int32_t id, at.Int("last-assigned-partition-id"));
    return AssertLastAssignedPartitionId{id};
  }
  if (type == "assert-default-spec-id") {
    CRANNOG_ASSIGN(const int32_t id, at.Int("default-spec-id"));
    return AssertDefaultSpecId{id};
  }
  if (type == "assert-default-sort-order-id") {
    CRANNOG_ASSIGN(const int32_t id, at.Int("default-sort-order-id"));
    return AssertDefaultSortOrderId{id};
  }
  return Fail(Code::kUnsupported, at.Path() + ": unknown table requirement " + type);
}

Result<TableCommit> ParseTableCommit(std::string_view json_text) {
  codec::JsonLimits limits;
  limits.size_bytes_max = kUpdatesBytesMax;
  CRANNOG_ASSIGN(const Json json, codec::ParseJson(json_text, limits));
  const JsonAt root(json);
  CRANNOG_RETURN_IF_ERROR(root.ExpectObject());
  TableCommit commit;
  CRANNOG_ASSIGN(const JsonAt requirements, root.Member("requirements"));
  CRANNOG_ASSIGN(const size_t requirement_count, requirements.ArraySize());
  CRANNOG_ASSIGN(const JsonAt updates, root.Member("updates"));
  CRANNOG_ASSIGN(const size_t update_count, updates.ArraySize());
  if (requirement_count > kUpdatesMax || update_count > kUpdatesMax) {
    return Fail(Code::kTooLarge, "table commit: more than " + std::to_string(kUpdatesMax) +
                                     " updates or requirements");
  }
  for (size_t i = 0; i < requirement_count; ++i) {
    CRANNOG_ASSIGN(TableRequirement requirement, TableRequirementFromJson(requirements.At(i)));
    commit.requirements.push_back(std::move(requirement));
  }
  for (size_t i = 0; i < update_count; ++i) {
    CRANNOG_ASSIGN(TableUpdate update, TableUpdateFromJson(updates.At(i)));
    commit.updates.push_back(std::move(update));
  }
  return commit;
}

std::string WriteTableCommit(const TableCommit& commit) {
  Json requirements = Json::NewArray();
  for (const TableRequirement& requirement : commit.requirements) {
    requirements.Append(TableRequirementToJson(requirement));
  }
  Json updates = Json::NewArray();
  for (const TableUpdate& update : commit.updates) updates.Append(TableUpdateToJson(update));
  Json json = Json::NewObject();
  json.Set("requirements", std::move(requirements));
  json.Set("updates", std::move(updates));
  return codec::WriteJson(json);
}

}  // namespace crannog::table::iceberg
