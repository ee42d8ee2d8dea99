#include "table/iceberg/table_update.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/json.h"

namespace crannog::table::iceberg {
namespace {

using ::testing::HasSubstr;

// Bodies as PyIceberg and Spark send them.
constexpr std::string_view kCommit = R"({
  "identifier": {"namespace": ["a"], "name": "t"},
  "requirements": [
    {"type": "assert-create"},
    {"type": "assert-table-uuid", "uuid": "u"},
    {"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": null},
    {"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": 12},
    {"type": "assert-last-assigned-field-id", "last-assigned-field-id": 3},
    {"type": "assert-current-schema-id", "current-schema-id": 0},
    {"type": "assert-last-assigned-partition-id", "last-assigned-partition-id": 999},
    {"type": "assert-default-spec-id", "default-spec-id": 0},
    {"type": "assert-default-sort-order-id", "default-sort-order-id": 0}],
  "updates": [
    {"action": "assign-uuid", "uuid": "u"},
    {"action": "upgrade-format-version", "format-version": 2},
    {"action": "add-schema", "last-column-id": 1, "schema": {"type": "struct", "schema-id": 0,
     "fields": [{"id": 1, "name": "x", "required": false, "type": "long"}]}},
    {"action": "set-current-schema", "schema-id": -1},
    {"action": "add-spec", "spec": {"fields": []}},
    {"action": "set-default-spec", "spec-id": -1},
    {"action": "add-sort-order", "sort-order": {"order-id": 0, "fields": []}},
    {"action": "set-default-sort-order", "sort-order-id": -1},
    {"action": "add-snapshot", "snapshot": {"snapshot-id": 7, "sequence-number": 1,
     "timestamp-ms": 5, "manifest-list": "s3://l", "summary": {"operation": "append"},
     "schema-id": 0}},
    {"action": "set-snapshot-ref", "ref-name": "main", "type": "branch", "snapshot-id": 7},
    {"action": "remove-snapshots", "snapshot-ids": [1, 2]},
    {"action": "remove-snapshot-ref", "ref-name": "b"},
    {"action": "set-location", "location": "s3://x"},
    {"action": "set-properties", "updates": {"a": "b"}},
    {"action": "remove-properties", "removals": ["c"]},
    {"action": "set-statistics", "statistics": {"snapshot-id": 7, "statistics-path": "p",
     "file-size-in-bytes": 1, "file-footer-size-in-bytes": 1, "blob-metadata": []}},
    {"action": "remove-statistics", "snapshot-id": 7},
    {"action": "set-partition-statistics", "partition-statistics": {"snapshot-id": 7,
     "statistics-path": "p", "file-size-in-bytes": 1}},
    {"action": "remove-partition-statistics", "snapshot-id": 7},
    {"action": "remove-partition-specs", "spec-ids": [1]},
    {"action": "remove-schemas", "schema-ids": [1]},
    {"action": "add-encryption-key", "encryption-key": {"key-id": "k",
     "encrypted-key-metadata": "bQ=="}},
    {"action": "remove-encryption-key", "key-id": "k"}]})";

TEST(TableUpdateTest, EveryKindGoesThroughJson) {
  auto commit = ParseTableCommit(kCommit);
  ASSERT_TRUE(commit) << commit.error().ToString();
  EXPECT_EQ(commit->updates.size(), std::variant_size_v<TableUpdate>);
  EXPECT_EQ(commit->requirements.size(), std::variant_size_v<TableRequirement> + 1);
  const std::string text = WriteTableCommit(*commit);
  auto again = ParseTableCommit(text);
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(WriteTableCommit(*again), text);
  for (size_t i = 0; i < commit->updates.size(); ++i) {
    EXPECT_EQ(commit->updates[i].index(), i);
    EXPECT_THAT(text, HasSubstr(std::string(ActionName(commit->updates[i]))));
  }
  EXPECT_FALSE(std::get<AssertRefSnapshotId>(again->requirements[2]).snapshot_id);
  EXPECT_EQ(std::get<AssertRefSnapshotId>(again->requirements[3]).snapshot_id, 12);
}

TEST(TableUpdateTest, BadCommitsAreRefused) {
  const auto code = [](std::string_view text) { return ParseTableCommit(text).error().code(); };
  EXPECT_EQ(code("{"), Code::kCorrupt);
  EXPECT_EQ(code("[]"), Code::kCorrupt);
  EXPECT_EQ(code(R"({"requirements": [], "updates": [{"action": "explode"}]})"),
            Code::kUnsupported);
  EXPECT_EQ(code(R"({"requirements": [{"type": "assert-luck"}], "updates": []})"),
            Code::kUnsupported);
  EXPECT_EQ(code(R"({"requirements": [], "updates": [{"action": "set-location"}]})"),
            Code::kCorrupt);
}

TEST(TableUpdateTest, RequirementsCompareWithTheTable) {
  TableMetadata table;
  table.table_uuid = "u";
  table.last_column_id = 3;
  table.refs["main"] = {12, SnapshotRefType::kBranch, {}, {}, {}};
  const auto holds = [&](const TableRequirement& r) {
    return CheckRequirement(r, &table).has_value();
  };
  EXPECT_FALSE(holds(AssertCreate{}));
  EXPECT_TRUE(CheckRequirement(AssertCreate{}, nullptr));
  EXPECT_FALSE(CheckRequirement(AssertTableUuid{"u"}, nullptr));
  EXPECT_TRUE(holds(AssertTableUuid{"u"}));
  EXPECT_FALSE(holds(AssertTableUuid{"v"}));
  EXPECT_TRUE(holds(AssertRefSnapshotId{"main", 12}));
  EXPECT_FALSE(holds(AssertRefSnapshotId{"main", {}}));
  EXPECT_TRUE(holds(AssertRefSnapshotId{"dev", {}}));
  EXPECT_TRUE(holds(AssertLastAssignedFieldId{3}));
  EXPECT_FALSE(holds(AssertLastAssignedFieldId{4}));
}

}  // namespace
}  // namespace crannog::table::iceberg
