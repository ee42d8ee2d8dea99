#include "table/iceberg/schema_update.h"

#include <gtest/gtest.h>

#include "io/random.h"
#include "table/iceberg/metadata_builder.h"
#include "table/iceberg/new_table.h"
#include "table/iceberg/spec_update.h"

namespace crannog::table::iceberg {
namespace {

TableMetadata MakeTable(const std::string& version = "2") {
  io::SeededRandom random(1);
  NewTableOptions options;
  NestedField street{0, "street", TypeId::kString, false, {}, {}, {}};
  NestedField zip{0, "zip", TypeId::kInt, false, {}, {}, {}};
  options.fields = {{0, "id", TypeId::kInt, true, {}, {}, {}},
                    {0, "ts", TypeId::kTimestamp, false, {}, {}, {}},
                    {0, "price", Type::Decimal(5, 2), false, {}, {}, {}},
                    {0, "day", TypeId::kDate, false, {}, {}, {}},
                    {0, "address", Type::Struct({street, zip}), false, {}, {}, {}}};
  options.identifier_columns = {"id"};
  options.partitioned_by = {{"ts", Transform::Day(), ""}, {"day", Transform::Month(), ""}};
  options.location = "s3://t/";
  options.properties = {{"format-version", version}};
  auto table = NewTable(options, 1000, random);
  EXPECT_TRUE(table) << table.error().ToString();
  return *table;
}

TableMetadata Applied(const TableMetadata& table, const std::vector<TableUpdate>& updates) {
  MetadataBuilder builder(table, "s3://t/metadata/0.metadata.json");
  EXPECT_TRUE(builder.ApplyAll(updates));
  auto built = std::move(builder).Build(2000);
  EXPECT_TRUE(built) << built.error().ToString();
  return *built;
}

TEST(SchemaUpdateTest, AddsDropsRenamesAndMovesById) {
  const TableMetadata table = MakeTable();
  EXPECT_EQ(table.location, "s3://t");
  EXPECT_EQ(table.last_column_id, 7);
  SchemaUpdate update(table);
  ASSERT_TRUE(update.AddColumn({"", "note", TypeId::kString, false, "n", {}, {}}));
  ASSERT_TRUE(update.AddColumn(
      {"address", "city", TypeId::kString, false, {}, {}, {ColumnPosition::Place::kFirst, ""}}));
  ASSERT_TRUE(update.RenameColumn("address.zip", "postcode"));
  ASSERT_TRUE(update.DropColumn("price"));
  ASSERT_TRUE(update.MoveColumn("note", {ColumnPosition::Place::kAfter, "id"}));
  ASSERT_TRUE(update.PromoteColumn("id", TypeId::kLong));
  const TableMetadata next = Applied(table, update.Updates());
  const SchemaPtr schema = next.CurrentSchema();
  EXPECT_EQ(schema->schema_id(), 1);
  EXPECT_EQ(next.schemas.size(), 2u);
  EXPECT_EQ(schema->fields()[1].name, "note");
  EXPECT_EQ(schema->fields()[1].id, 8);
  EXPECT_EQ(schema->FindByName("address.city")->id, 9);
  EXPECT_EQ(schema->FindByName("address.postcode")->id,
            table.CurrentSchema()->FindByName("address.zip")->id);
  EXPECT_EQ(schema->FindByName("id")->type, Type(TypeId::kLong));
  EXPECT_EQ(schema->FindByName("price"), nullptr);
  EXPECT_EQ(next.last_column_id, 9);
  EXPECT_EQ(schema->FindByName("address")->type.fields()[0].name, "city");
}

TEST(SchemaUpdateTest, RefusesWhatTheSpecificationRefuses) {
  const TableMetadata table = MakeTable();
  SchemaUpdate update(table);
  const auto code = [](const Status& status) { return status.error().code(); };
  EXPECT_EQ(code(update.DropColumn("ts")), Code::kInvalid) << "a partition source";
  EXPECT_EQ(code(update.DropColumn("id")), Code::kInvalid) << "an identifier";
  EXPECT_EQ(code(update.DropColumn("nope")), Code::kNotFound);
  EXPECT_EQ(code(update.AddColumn({"", "ts", TypeId::kInt, false, {}, {}, {}})), Code::kExists);
  EXPECT_EQ(code(update.AddColumn({"", "n", TypeId::kTimestampNs, false, {}, {}, {}})),
            Code::kInvalid);
  EXPECT_EQ(code(update.AddColumn({"", "n", TypeId::kInt, false, {}, Value::Int(1), {}})),
            Code::kInvalid)
      << "defaults are of version 3";
  EXPECT_EQ(code(update.AddColumn({"price", "n", TypeId::kInt, false, {}, {}, {}})),
            Code::kInvalid);
  EXPECT_EQ(code(update.RenameColumn("ts", "id")), Code::kExists);
  EXPECT_EQ(code(update.PromoteColumn("price", Type::Decimal(4, 2))), Code::kInvalid);
  EXPECT_EQ(code(update.PromoteColumn("ts", TypeId::kLong)), Code::kInvalid);
  EXPECT_EQ(code(update.MakeOptional("id")), Code::kInvalid);
  EXPECT_EQ(code(update.MakeRequired("day", false)), Code::kInvalid);
  EXPECT_EQ(code(update.MoveColumn("day", {ColumnPosition::Place::kAfter, "x"})), Code::kNotFound);
  EXPECT_FALSE(update.changed());
  EXPECT_TRUE(update.Updates().empty());
  const TableMetadata v3 = MakeTable("3");
  SchemaUpdate third(v3);
  EXPECT_EQ(code(third.PromoteColumn("day", TypeId::kTimestamp)), Code::kInvalid)
      << "its partitions would change";
  ASSERT_TRUE(third.AddColumn({"", "n", TypeId::kLong, true, {}, Value::Int(1), {}}));
  EXPECT_EQ(third.schema()->FindByName("n")->initial_default, Value::Long(1));
}

TEST(SpecUpdateTest, FieldsKeepTheirIds) {
  const TableMetadata table = MakeTable();
  SpecUpdate update(table);
  EXPECT_EQ(update.AddField({"ts", Transform::Day(), ""}).error().code(), Code::kExists);
  EXPECT_EQ(update.AddField({"nope", Transform::Day(), ""}).error().code(), Code::kNotFound);
  ASSERT_TRUE(update.RemoveField("ts_day"));
  ASSERT_TRUE(update.AddField({"id", Transform::Bucket(8), ""}));
  const TableMetadata next = Applied(table, update.Updates());
  EXPECT_EQ(next.DefaultSpec()->spec_id, 1);
  ASSERT_EQ(next.DefaultSpec()->fields.size(), 2u);
  EXPECT_EQ(next.DefaultSpec()->fields[0].field_id, 1001);
  EXPECT_EQ(next.DefaultSpec()->fields[1].field_id, 1002);
  SpecUpdate back(next);
  ASSERT_TRUE(back.Replace({{"ts", Transform::Day(), ""}, {"day", Transform::Month(), ""}}));
  const TableMetadata again = Applied(next, back.Updates());
  EXPECT_EQ(again.default_spec_id, 0) << "an equal spec is not made twice";
  EXPECT_EQ(again.last_partition_id, 1002);
}

TEST(MetadataBuilderTest, KeepsTheRules) {
  const TableMetadata table = MakeTable();
  const auto code = [&](const TableUpdate& update) {
    MetadataBuilder builder(table, "x");
    const Status status = builder.Apply(update);
    return status ? Code::kInternal : status.error().code();
  };
  EXPECT_EQ(code(AssignUuid{"another"}), Code::kInvalid);
  EXPECT_EQ(code(UpgradeFormatVersion{1}), Code::kUnsupported);
  EXPECT_EQ(code(UpgradeFormatVersion{4}), Code::kUnsupported);
  EXPECT_EQ(code(SetCurrentSchema{kLastAdded}), Code::kInvalid);
  EXPECT_EQ(code(SetCurrentSchema{5}), Code::kNotFound);
  EXPECT_EQ(code(SetDefaultSpec{5}), Code::kNotFound);
  EXPECT_EQ(code(RemoveSchemas{{0}}), Code::kInvalid);
  EXPECT_EQ(code(RemovePartitionSpecs{{0}}), Code::kInvalid);
  EXPECT_EQ(code(SetSnapshotRef{"main", {}}), Code::kNotFound);
  Snapshot snapshot;
  snapshot.snapshot_id = 5;
  snapshot.sequence_number = 0;
  snapshot.manifest_list = "l";
  snapshot.timestamp_ms = 1500;
  EXPECT_EQ(code(AddSnapshot{snapshot}), Code::kConflict) << "its sequence number is old";
}

TEST(MetadataBuilderTest, HistoryIsLoggedAndExpired) {
  TableMetadata table = MakeTable();
  for (int i = 1; i <= 4; ++i) {
    Snapshot snapshot;
    snapshot.snapshot_id = i;
    snapshot.sequence_number = i;
    snapshot.manifest_list = "l";
    snapshot.timestamp_ms = 1000 + i;
    MetadataBuilder builder(table, "m" + std::to_string(i));
    ASSERT_TRUE(builder.ApplyAll(std::vector<TableUpdate>{
        AddSnapshot{snapshot}, SetSnapshotRef{"main", {i, SnapshotRefType::kBranch, {}, {}, {}}},
        SetProperties{{{"write.metadata.previous-versions-max", "2"}}}}));
    table = *std::move(builder).Build(1000 + i);
  }
  EXPECT_EQ(table.snapshot_log.size(), 4u);
  ASSERT_EQ(table.metadata_log.size(), 2u);
  EXPECT_EQ(table.metadata_log[1].metadata_file, "m4");
  table = Applied(table, {RemoveSnapshots{{2}}});
  EXPECT_EQ(table.snapshots.size(), 3u);
  EXPECT_EQ(table.snapshot_log.size(), 2u) << "history before an expired snapshot goes";
  EXPECT_EQ(table.current_snapshot_id, 4);
  table = Applied(table, {RemoveSnapshotRef{"main"}});
  EXPECT_FALSE(table.current_snapshot_id);
}

}  // namespace
}  // namespace crannog::table::iceberg
