#include "table/iceberg/format/table_metadata.h"

#include <gtest/gtest.h>

#include <random>

#include "table/iceberg/format/name_mapping.h"
#include "table/iceberg/format/schema_json.h"
#include "table/iceberg/format/table_metadata_json.h"
#include "table/iceberg/format/view_metadata.h"

namespace crannog::table::iceberg {
namespace {

// The form of the specification's v1: one schema, one spec without field ids, -1 for no snapshot.
constexpr std::string_view kV1 = R"json({"format-version":1,
  "table-uuid":"d20125c8-7284-442c-9aea-15fee620737c","location":"s3://bucket/test/location/",
  "last-updated-ms":1602638573874,"last-column-id":3,"unknown-member":{"a":[1]},
  "schema":{"type":"struct","fields":[{"id":1,"name":"x","required":true,"type":"long"},
    {"id":2,"name":"y","required":true,"type":"long","doc":"comment"},
    {"id":3,"name":"z","required":true,"type":"long"}]},
  "partition-spec":[{"name":"x","transform":"identity","source-id":1}],
  "properties":{"n":1},"current-snapshot-id":-1,
  "snapshots":[{"snapshot-id":1,"timestamp-ms":5,"manifests":["a","b"]}]})json";

constexpr std::string_view kV3 = R"json({"format-version":3,
  "table-uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1","location":"s3://b/l",
  "last-sequence-number":34,"last-updated-ms":1602638573590,"last-column-id":5,
  "current-schema-id":1,"schemas":[{"type":"struct","schema-id":0,"fields":[]},
    {"type":"struct","schema-id":1,"identifier-field-ids":[1],"fields":[
    {"id":1,"name":"id","required":true,"type":"uuid",
     "initial-default":"0db3e2a8-9d1d-42b9-aa7b-74ebe558dceb",
     "write-default":"ec5911be-b0a7-458c-8438-c9a3e53cffae"},
    {"id":2,"name":"ts","required":false,"type":"timestamp_ns"},
    {"id":3,"name":"l","required":false,"type":{"type":"list","element-id":4,
      "element":"decimal( 9 ,2)","element-required":false}},
    {"id":5,"name":"g","required":false,"type":"geography(srid:4326, spherical)"}]}],
  "default-spec-id":1,"partition-specs":[{"spec-id":0,"fields":[]},{"spec-id":1,"fields":[
    {"name":"ts_day","transform":"day","source-id":2,"field-id":1000},
    {"name":"many","transform":"zorder","source-ids":[1,2],"field-id":1001}]}],
  "last-partition-id":1001,"default-sort-order-id":3,"sort-orders":[{"order-id":3,"fields":[
    {"transform":"identity","source-id":1,"direction":"asc","null-order":"nulls-first"},
    {"transform":"bucket[4]","source-id":1,"direction":"desc","null-order":"nulls-last"}]}],
  "properties":{"read.split.target.size":"134217728"},"current-snapshot-id":3055729675574597004,
  "snapshots":[{"snapshot-id":3051729675574597004,"timestamp-ms":1515100955770,
     "sequence-number":0,"summary":{"operation":"append"},"manifest-list":"s3://a/b/1.avro"},
    {"snapshot-id":3055729675574597004,"parent-snapshot-id":3051729675574597004,
     "timestamp-ms":1555100955770,"sequence-number":1,"summary":{"operation":"append"},
     "manifest-list":"s3://a/b/2.avro","schema-id":1,"first-row-id":0,"added-rows":7}],
  "snapshot-log":[{"snapshot-id":3051729675574597004,"timestamp-ms":1515100955770},
    {"snapshot-id":3055729675574597004,"timestamp-ms":1555100955770}],
  "metadata-log":[{"metadata-file":"s3://bucket/.../v1.json","timestamp-ms":1515100}],
  "refs":{"test":{"snapshot-id":3051729675574597004,"type":"tag","max-ref-age-ms":10000000}},
  "statistics":[{"snapshot-id":3055729675574597004,"statistics-path":"s3://a/b/stats.puffin",
    "file-size-in-bytes":413,"file-footer-size-in-bytes":42,"blob-metadata":[{"type":"ndv",
    "snapshot-id":3055729675574597004,"sequence-number":1,"fields":[1],"properties":{"a":"b"}}]}],
  "partition-statistics":[{"snapshot-id":3055729675574597004,"statistics-path":"s3://a/p.parquet",
    "file-size-in-bytes":43}],
  "next-row-id":7,"encryption-keys":[{"key-id":"5f819b","encrypted-key-metadata":"aWNlYmVyZwo="}]})json";

TEST(TableMetadata, ReadsV1) {
  auto metadata = ParseTableMetadata(kV1, "v1.json");
  ASSERT_TRUE(metadata.has_value()) << metadata.error().ToString();
  EXPECT_EQ(metadata->location, "s3://bucket/test/location");
  EXPECT_EQ(metadata->DefaultSpec()->fields[0].field_id, 1000);
  EXPECT_EQ(metadata->last_partition_id, 1000);
  EXPECT_EQ(metadata->CurrentSnapshot(), nullptr);
  EXPECT_EQ(metadata->snapshots[0]->manifests.size(), 2U);
  EXPECT_EQ(metadata->Property("n", ""), "1");
  EXPECT_TRUE(metadata->DefaultSortOrder()->is_unsorted());
  metadata->format_version = 2;  // the upgrade
  EXPECT_TRUE(CheckTableMetadata(*metadata).has_value());
  auto again = ParseTableMetadata(WriteTableMetadata(*metadata), "v2");
  ASSERT_TRUE(again.has_value()) << again.error().ToString();
  EXPECT_EQ(again->CurrentSchema()->ToString(), metadata->CurrentSchema()->ToString());
}

TEST(TableMetadata, V3RoundTrips) {
  auto metadata = ParseTableMetadata(kV3, "v3.json");
  ASSERT_TRUE(metadata.has_value()) << metadata.error().ToString();
  EXPECT_EQ(metadata->SnapshotByRef("main")->snapshot_id, 3055729675574597004);
  EXPECT_EQ(metadata->SnapshotByRef("test")->snapshot_id, 3051729675574597004);
  EXPECT_EQ(metadata->SnapshotByRef("none"), nullptr);
  EXPECT_EQ(metadata->SnapshotAsOf(1515100955770)->snapshot_id, 3051729675574597004);
  EXPECT_EQ(metadata->SnapshotAsOf(1), nullptr);
  EXPECT_EQ(metadata->DefaultSpec()->fields[1].source_ids, (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(metadata->CurrentSchema()->FindByName("l.element")->type, Type::Decimal(9, 2));
  EXPECT_EQ(metadata->CurrentSnapshot()->added_rows, 7);
  const std::string text = WriteTableMetadata(*metadata);
  auto again = ParseTableMetadata(*WriteTableMetadataGzip(*metadata), "v3.gz.metadata.json");
  ASSERT_TRUE(again.has_value()) << again.error().ToString();
  EXPECT_EQ(WriteTableMetadata(*again), text);
  EXPECT_EQ(again->encryption_keys, metadata->encryption_keys);
  EXPECT_EQ(again->statistics, metadata->statistics);
  EXPECT_TRUE(again->CurrentSchema()->SameFields(*metadata->CurrentSchema()));
}

// DuckDB's COPY (FORMAT iceberg) leaves the list empty and starts partition ids at 0.
TEST(TableMetadata, SortOrdersMayBeMissing) {
  auto metadata = ParseTableMetadata(R"json({"format-version":2,
    "table-uuid":"72e8b566-be8f-4689-9c8e-d1697b99329d","location":"/tmp/copied",
    "last-sequence-number":0,"last-updated-ms":1795243401570,"last-column-id":1,
    "schemas":[{"type":"struct","schema-id":0,
      "fields":[{"name":"id","id":1,"type":"long","required":false}]}],"current-schema-id":0,
    "partition-specs":[{"spec-id":0,"fields":[]}],"default-spec-id":0,"last-partition-id":0,
    "sort-orders":[],"default-sort-order-id":0})json",
                                     "v2.json");
  ASSERT_TRUE(metadata.has_value()) << metadata.error().ToString();
  EXPECT_TRUE(metadata->DefaultSortOrder()->is_unsorted());
  EXPECT_EQ(metadata->last_partition_id, kPartitionFieldIdFirst - 1);
  EXPECT_TRUE(CheckTableMetadata(*metadata).has_value());
}

// DuckDB's COPY (FORMAT iceberg) leaves the member out.
TEST(TableMetadata, LastSequenceNumberMayBeMissing) {
  std::string without(kV3);
  const std::string_view member = "\"last-sequence-number\":34,";
  without.erase(without.find(member), member.size());
  auto metadata = ParseTableMetadata(without, "v3.json");
  ASSERT_TRUE(metadata.has_value()) << metadata.error().ToString();
  EXPECT_EQ(metadata->last_sequence_number, 1) << "that of the newest snapshot";
  EXPECT_EQ(ParseTableMetadata(kV3, "v3.json")->last_sequence_number, 34);
  metadata->snapshots.clear();
  metadata->refs.clear();
  metadata->current_snapshot_id.reset();
  std::string empty = WriteTableMetadata(*metadata);
  empty.erase(empty.find("\"last-sequence-number\":1,"), 25);
  EXPECT_EQ(ParseTableMetadata(empty, "v3.json")->last_sequence_number, 0);
}

TEST(TableMetadata, ErrorsNameFileAndPath) {
  std::string broken(kV3);
  broken.replace(broken.find("\"timestamp-ms\":1555100955770"), 28, "\"timestamp-ms\":\"a\"");
  auto metadata = ParseTableMetadata(broken, "s3://b/v3.json");
  ASSERT_FALSE(metadata.has_value());
  EXPECT_EQ(metadata.error().code(), Code::kCorrupt);
  EXPECT_NE(metadata.error().message().find("s3://b/v3.json"), std::string::npos);
  EXPECT_NE(metadata.error().message().find("$.snapshots[1].timestamp-ms"), std::string::npos);
  std::string later(kV3);
  later.replace(later.find("\"format-version\":3"), 18, "\"format-version\":4");
  EXPECT_EQ(ParseTableMetadata(later, "x").error().code(), Code::kUnsupported);
}

TEST(TableMetadata, DamageNeverCrashes) {
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) {
    std::string flipped(kV3);
    flipped[random() % flipped.size()] ^= static_cast<char>(1 << random() % 7);
    (void)ParseTableMetadata(flipped, "f");
    EXPECT_FALSE(ParseTableMetadata(kV3.substr(0, random() % kV3.size()), "f").has_value());
  }
}

SchemaPtr NestedSchema() {
  return *ParseSchema(R"({"type":"struct","schema-id":2,"fields":[
    {"id":1,"name":"Id","required":true,"type":"long"},
    {"id":2,"name":"a","required":false,"type":{"type":"list","element-id":3,
      "element-required":false,"element":{"type":"struct","fields":[
        {"id":4,"name":"b","required":false,"type":"string"}]}}},
    {"id":5,"name":"ts","required":false,"type":"timestamptz"}]})");
}

TEST(Schema, FindsByName) {
  const SchemaPtr schema = NestedSchema();
  EXPECT_EQ(schema->FindByName("a.element.b")->id, 4);
  EXPECT_EQ(schema->FindByName("a.b")->id, 4);
  EXPECT_EQ(schema->FindByName("id"), nullptr);
  EXPECT_EQ(schema->FindByNameCaseless("ID")->id, 1);
  EXPECT_EQ(schema->NameOf(4), "a.element.b");
  EXPECT_EQ(schema->ParentOf(4), 3);
  EXPECT_TRUE(schema->IsInsideListOrMap(4));
  EXPECT_EQ(schema->highest_field_id(), 5);
  const std::vector<int32_t> ids = {4};
  EXPECT_EQ(schema->Select(ids)->fields().size(), 1U);
  int32_t next = 10;
  const auto fresh = AssignFreshIds(schema->fields(), next);
  EXPECT_EQ(fresh[2].id, 12);
  EXPECT_EQ(fresh[1].type.element().id, 13);
  EXPECT_EQ(next, 15);
  EXPECT_EQ(ParseNameMapping(WriteNameMapping(MakeNameMapping(*schema)))->fields,
            MakeNameMapping(*schema).fields);
}

TEST(Schema, RefusesWhatCannotBe) {
  auto twice = ParseSchema(R"({"type":"struct","fields":[{"id":1,"name":"a","required":true,
    "type":"int"},{"id":1,"name":"b","required":true,"type":"int"}]})");
  EXPECT_EQ(twice.error().code(), Code::kCorrupt);
  EXPECT_EQ(Schema::Make(0, NestedSchema()->fields(), {5}).error().code(), Code::kInvalid);
  EXPECT_TRUE(Schema::Make(0, NestedSchema()->fields(), {1}).has_value());
  EXPECT_TRUE(CanPromote(TypeId::kInt, TypeId::kLong, 2));
  EXPECT_FALSE(CanPromote(TypeId::kDate, TypeId::kTimestamp, 2));
  EXPECT_FALSE(CanPromote(TypeId::kLong, TypeId::kInt, 3));
}

TEST(PartitionSpec, EvolutionKeepsFieldIds) {
  const SchemaPtr schema = NestedSchema();
  const std::vector<UnboundPartitionField> day = {{"ts", Transform::Day(), ""},
                                                  {"Id", Transform::Bucket(16), ""}};
  const auto first = std::make_shared<const PartitionSpec>(*BindPartitionSpec(*schema, day, {}));
  EXPECT_EQ(first->spec_id, 0);
  EXPECT_EQ(first->fields[1].name, "Id_bucket");
  EXPECT_EQ(first->fields[1].field_id, 1001);
  const std::vector<PartitionSpecPtr> specs = {first};
  const std::vector<UnboundPartitionField> other = {{"Id", Transform::Bucket(16), ""},
                                                    {"ts", Transform::Hour(), ""}};
  const auto second = BindPartitionSpec(*schema, other, {2, specs, 1001});
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->spec_id, 1);
  EXPECT_EQ(second->fields[0].field_id, 1001);
  EXPECT_EQ(second->fields[1].field_id, 1002);
  EXPECT_EQ(BindPartitionSpec(*schema, day, {2, specs, 1001})->spec_id, 0);
  const std::vector<UnboundPartitionField> wrong = {{"a.element.b", Transform::Identity(), ""}};
  EXPECT_EQ(BindPartitionSpec(*schema, wrong, {}).error().code(), Code::kInvalid);
  const std::vector<Value> values = {Value::Date(20467), Value::Int(3)};
  EXPECT_EQ(PartitionPath(*first, values), "ts_day=2026-01-14/Id_bucket=3");
  PartitionSpec text;
  text.fields.push_back({1, {}, 1000, "a b", Transform::Identity()});
  const std::vector<Value> blank = {Value::String("x/y é=1")};
  EXPECT_EQ(PartitionPath(text, blank), "a+b=x%2Fy+%C3%A9%3D1");
}

TEST(ViewMetadata, VersionsRoundTrip) {
  ViewMetadata view;
  view.view_uuid = "fa6506c3-7681-40c8-86dc-e36561f83385";
  view.location = "s3://b/v";
  view.properties["version.history.num-entries"] = "2";
  ViewVersion version;
  version.timestamp_ms = 1573518431292;
  version.default_namespace = {"default"};
  version.representations = {{"sql", "SELECT\n 1", "spark"}};
  EXPECT_EQ(SetViewVersion(view, version, NestedSchema()), 1);
  EXPECT_EQ(SetViewVersion(view, version, NestedSchema()), 1);
  for (int i = 2; i < 5; ++i) {
    version.representations[0].sql = "SELECT " + std::to_string(i);
    EXPECT_EQ(SetViewVersion(view, version, NestedSchema()), i);
  }
  EXPECT_EQ(view.versions.size(), 2U);
  EXPECT_EQ(view.schemas.size(), 1U);
  const auto back = ParseViewMetadata(WriteViewMetadata(view), "v");
  ASSERT_TRUE(back.has_value()) << back.error().ToString();
  EXPECT_EQ(back->versions, view.versions);
  EXPECT_EQ(back->CurrentVersion().FindDialect("SPARK")->sql, "SELECT 4");
  EXPECT_EQ(WriteViewMetadata(*back), WriteViewMetadata(view));
  EXPECT_EQ(ParseViewMetadata("{}", "v").error().code(), Code::kCorrupt);
}

}  // namespace
}  // namespace crannog::table::iceberg
