#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string Text(std::optional<int64_t> id) { return id ? std::to_string(*id) : "none"; }

Status Expect(bool holds, std::string_view what, const std::string& expected,
              const std::string& actual) {
  if (holds) return {};
  return Fail(Code::kConflict, "requirement failed: " + std::string(what) + " is " + actual +
                                   ", expected " + expected);
}

Status ExpectId(std::string_view what, int32_t expected, int32_t actual) {
  return Expect(expected == actual, what, std::to_string(expected), std::to_string(actual));
}

Status CheckOnTable(const TableRequirement& requirement, const TableMetadata& table) {
  return std::visit(
      Overloaded{
          [](const AssertCreate&) -> Status {
            return Fail(Code::kConflict, "requirement failed: the table already exists");
          },
          [&](const AssertTableUuid& r) -> Status {
            return Expect(r.uuid == table.table_uuid, "the table's uuid", r.uuid, table.table_uuid);
          },
          [&](const AssertRefSnapshotId& r) -> Status {
            const auto it = table.refs.find(r.ref);
            std::optional<int64_t> actual;
            if (it != table.refs.end()) actual = it->second.snapshot_id;
            return Expect(actual == r.snapshot_id, "ref " + r.ref, Text(r.snapshot_id),
                          Text(actual));
          },
          [&](const AssertLastAssignedFieldId& r) -> Status {
            return ExpectId("last assigned field id", r.last_assigned_field_id,
                            table.last_column_id);
          },
          [&](const AssertCurrentSchemaId& r) -> Status {
            return ExpectId("current schema id", r.current_schema_id, table.current_schema_id);
          },
          [&](const AssertLastAssignedPartitionId& r) -> Status {
            return ExpectId("last assigned partition id", r.last_assigned_partition_id,
                            table.last_partition_id);
          },
          [&](const AssertDefaultSpecId& r) -> Status {
            return ExpectId("default spec id", r.default_spec_id, table.default_spec_id);
          },
          [&](const AssertDefaultSortOrderId& r) -> Status {
            return ExpectId("default sort order id", r.default_sort_order_id,
                            table.default_sort_order_id);
          },
      },
      requirement);
}

}  // namespace

std::string_view ActionName(const TableUpdate& update) {
  static constexpr std::string_view kNames[] = {
      "assign-uuid",
      "upgrade-format-version",
      "add-schema",
      "set-current-schema",
      "add-spec",
      "set-default-spec",
      "add-sort-order",
      "set-default-sort-order",
      "add-snapshot",
      "set-snapshot-ref",
      "remove-snapshots",
      "remove-snapshot-ref",
      "set-location",
      "set-properties",
      "remove-properties",
      "set-statistics",
      "remove-statistics",
      "set-partition-statistics",
      "remove-partition-statistics",
      "remove-partition-specs",
      "remove-schemas",
      "add-encryption-key",
      "remove-encryption-key",
  };
  static_assert(std::size(kNames) == std::variant_size_v<TableUpdate>);
  return kNames[update.index()];
}

std::string_view TypeName(const TableRequirement& requirement) {
  static constexpr std::string_view kNames[] = {
      "assert-create",
      "assert-table-uuid",
      "assert-ref-snapshot-id",
      "assert-last-assigned-field-id",
      "assert-current-schema-id",
      "assert-last-assigned-partition-id",
      "assert-default-spec-id",
      "assert-default-sort-order-id",
  };
  static_assert(std::size(kNames) == std::variant_size_v<TableRequirement>);
  return kNames[requirement.index()];
}

Status CheckRequirement(const TableRequirement& requirement, const TableMetadata* table) {
  if (table != nullptr) return CheckOnTable(requirement, *table);
  if (std::holds_alternative<AssertCreate>(requirement)) return {};
  return Fail(Code::kConflict, "requirement failed: " + std::string(TypeName(requirement)) +
                                   " of a table that does not exist");
}

}  // namespace crannog::table::iceberg
