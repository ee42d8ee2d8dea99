#include "table/iceberg/manifest/manifest.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "table/iceberg/format/table_metadata_json.h"

namespace crannog::table::iceberg {
namespace {

std::string Golden(const std::string& name) {
  std::ifstream file(std::string(CRANNOG_SOURCE_DIR) + "/test/golden/pyiceberg_format/" + name,
                     std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

NestedField Column(int32_t id, const std::string& name, const Type& type) {
  NestedField field;
  field.id = id;
  field.name = name;
  field.type = type;
  return field;
}

struct Table {
  SchemaPtr schema;
  PartitionSpecPtr spec;
};

// Every primitive type of v2 as an identity partition field, with a name Avro would not take.
Table AllTypes() {
  const std::vector<Type> types = {
      TypeId::kBoolean, TypeId::kInt,         TypeId::kLong,        TypeId::kFloat,
      TypeId::kDouble,  TypeId::kDate,        TypeId::kTime,        TypeId::kTimestamp,
      TypeId::kString,  TypeId::kTimestampTz, TypeId::kUuid,        TypeId::kBinary,
      Type::Fixed(3),   Type::Decimal(9, 2),  Type::Decimal(38, 3), TypeId::kUuid};
  std::vector<NestedField> columns;
  PartitionSpec spec;
  for (size_t i = 0; i < types.size(); ++i) {
    const auto id = static_cast<int32_t>(i + 1);
    columns.push_back(Column(id, std::to_string(i) + " col/" + std::to_string(i), types[i]));
    spec.fields.push_back({id, {}, 1000 + id, columns.back().name, Transform::Identity()});
  }
  return {*Schema::Make(0, columns), std::make_shared<const PartitionSpec>(spec)};
}

std::vector<Value> AllValues(int32_t n) {
  return {Value::Boolean(n % 2 == 0),
          Value::Int(-n),
          Value::Long(int64_t{n} << 40),
          Value::Float(static_cast<float>(n) + 0.5F),
          Value::Double(-n),
          Value::Date(n),
          Value::Time(n),
          Value::Timestamp(-n),
          Value::String("text " + std::to_string(n)),
          Value::TimestampTz(n),
          Value::Uuid("0123456789abcdef"),
          Value::Binary(std::string(2, '\0')),
          Value::Fixed("abc"),
          Value::Decimal(-n, 9, 2),
          Value::Decimal(static_cast<Int128>(n) << 80, 38, 3),
          Value()};
}

DataFile MakeFile(int32_t n) {
  DataFile file;
  file.file_path = "s3://bucket/data/" + std::to_string(n) + ".parquet";
  file.partition = AllValues(n);
  file.record_count = 100 + n;
  file.file_size_in_bytes = 5000 + n;
  file.column_sizes = {{1, 10}, {2, 20}};
  file.value_counts = {{1, 100}};
  file.null_value_counts = {{1, 3}};
  file.nan_value_counts = {{4, 1}};
  file.lower_bounds = {{2, EncodeBinary(Value::Int(n))}, {9, "a"}};
  file.upper_bounds = {{2, EncodeBinary(Value::Int(n + 5))}};
  file.split_offsets = {4, 1000};
  file.sort_order_id = 0;
  return file;
}

ManifestWriter::Finished WriteManifest(int version, int count, codec::AvroCodec codec) {
  const Table table = AllTypes();
  auto writer =
      *ManifestWriter::Make({version, ManifestContent::kData, table.schema, table.spec, 77, codec});
  for (int i = 0; i < count; ++i) {
    auto added = writer->AddNew(MakeFile(i));
    EXPECT_TRUE(added.has_value()) << added.error().ToString();
  }
  return *writer->Finish();
}

TEST(Manifest, RoundTripsEveryPartitionType) {
  for (const int version : {2, 3}) {
    const auto written = WriteManifest(version, 3000, codec::AvroCodec::kDeflate);
    EXPECT_EQ(written.file.added_files_count, 3000);
    EXPECT_EQ(written.file.sequence_number, kUnassignedSequenceNumber);
    auto entries = ReadManifest(written.bytes, "m",
                                {.snapshot_id = 77, .sequence_number = 5, .first_row_id = 1000});
    ASSERT_TRUE(entries.has_value()) << entries.error().ToString();
    ASSERT_EQ(entries->size(), 3000U);
    int64_t row_id = 1000;
    for (int i = 0; i < 3000; ++i) {
      const ManifestEntry& entry = (*entries)[static_cast<size_t>(i)];
      DataFile expected = MakeFile(i);
      expected.first_row_id = row_id;
      row_id += expected.record_count;
      ASSERT_EQ(entry.data_file, expected) << i;
      EXPECT_EQ(entry.sequence_number, 5);
      EXPECT_EQ(entry.file_sequence_number, 5);
      EXPECT_EQ(entry.snapshot_id, 77);
    }
  }
}

TEST(Manifest, SummarizesPartitions) {
  const auto written = WriteManifest(2, 10, codec::AvroCodec::kNull);
  ASSERT_TRUE(written.file.partitions.has_value());
  const FieldSummary& ints = (*written.file.partitions)[1];
  EXPECT_EQ(*DecodeBinary(TypeId::kInt, *ints.lower_bound), Value::Int(-9));
  EXPECT_EQ(*DecodeBinary(TypeId::kInt, *ints.upper_bound), Value::Int(0));
  EXPECT_FALSE(ints.contains_null);
  const FieldSummary& nulls = written.file.partitions->back();
  EXPECT_TRUE(nulls.contains_null);
  EXPECT_FALSE(nulls.lower_bound.has_value());
}

TEST(Manifest, ExistingEntriesKeepTheirNumbers) {
  const Table table = AllTypes();
  auto writer =
      *ManifestWriter::Make({.schema = table.schema, .spec = table.spec, .snapshot_id = 9});
  ManifestEntry entry{EntryStatus::kAdded, 3, 4, 5, MakeFile(1)};
  ASSERT_TRUE(writer->AddExisting(entry).has_value());
  ASSERT_TRUE(writer->AddDeleted(entry).has_value());
  ASSERT_TRUE(writer->AddNew(MakeFile(2), 2).has_value());
  entry.sequence_number.reset();
  EXPECT_EQ(writer->AddExisting(entry).error().code(), Code::kInvalid);
  entry.data_file.partition.pop_back();
  EXPECT_EQ(writer->AddNew(entry.data_file).error().code(), Code::kInvalid);
  const auto written = *writer->Finish();
  EXPECT_EQ(written.file.min_sequence_number, 2);
  const auto entries = *ReadManifest(written.bytes, "m", {9, 8, {}});
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].snapshot_id, 3);
  EXPECT_EQ(entries[0].sequence_number, 4);
  EXPECT_EQ(entries[1].snapshot_id, 9);
  EXPECT_EQ(entries[1].file_sequence_number, 5);
  EXPECT_EQ(entries[2].sequence_number, 2);
  EXPECT_EQ(entries[2].file_sequence_number, 8);
  EXPECT_EQ(ReadManifest(written.bytes, "m", {9, 8, {}}, {.live_only = true})->size(), 2U);
}

TEST(Manifest, ReadsWhatPyIcebergWrote) {
  const auto metadata = ParseTableMetadata(Golden("table.metadata.json"), "golden");
  ASSERT_TRUE(metadata.has_value()) << metadata.error().ToString();
  EXPECT_TRUE(CheckTableMetadata(*metadata).has_value());
  const auto list = ReadManifestList(Golden("manifest_list.avro"), "golden");
  ASSERT_TRUE(list.has_value()) << list.error().ToString();
  ASSERT_EQ(list->size(), 3U);
  const ManifestFile& existing = (*list)[1];
  EXPECT_EQ(existing.existing_files_count, 3);
  const auto entries =
      ReadManifest(Golden("manifest.avro"), "golden", ManifestInheritance::Of(existing));
  ASSERT_TRUE(entries.has_value()) << entries.error().ToString();
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].sequence_number, 2);
  EXPECT_EQ(PartitionPath(*metadata->DefaultSpec(), (*entries)[0].data_file.partition),
            "ts_day=2026-01-14/id_bucket=0/name_trunc=null/amount=3.05/d_year=1969");
  const FieldBound* bound = FindBound((*entries)[0].data_file.lower_bounds, 1);
  ASSERT_NE(bound, nullptr);
  EXPECT_EQ(*DecodeBinary(TypeId::kLong, bound->value), Value::Long(100));
}

TEST(Manifest, DamageIsCorruptNeverACrash) {
  for (const auto codec : {codec::AvroCodec::kNull, codec::AvroCodec::kDeflate}) {
    const std::string whole = WriteManifest(3, 3, codec).bytes;
    for (size_t size = 0; size < whole.size(); size += 7) {
      auto read = ReadManifest(whole.substr(0, size), "m", {});
      EXPECT_TRUE(!read.has_value() || read->empty()) << size;  // a header alone is a manifest
    }
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
      std::string flipped = whole;
      flipped[random() % whole.size()] ^= static_cast<char>(1 << random() % 8);
      auto read = ReadManifest(flipped, "m", {});
      EXPECT_TRUE(read.has_value() || read.error().code() != Code::kInternal);
    }
  }
}

TEST(ManifestList, AssignsNumbersAndRoundTrips) {
  ManifestFile added = WriteManifest(3, 4, codec::AvroCodec::kNull).file;
  added.manifest_path = "s3://b/m1.avro";
  ManifestFile old = added;
  old.manifest_path = "s3://b/m0.avro";
  old.sequence_number = 2;
  old.min_sequence_number = 1;
  old.added_snapshot_id = 5;
  old.first_row_id = 0;
  ManifestFile deletes = old;
  deletes.content = ManifestContent::kDeletes;
  deletes.first_row_id.reset();
  auto written = WriteManifestList(
      {added, old, deletes},
      {.format_version = 3, .snapshot_id = 77, .sequence_number = 6, .first_row_id = 1000});
  ASSERT_TRUE(written.has_value()) << written.error().ToString();
  EXPECT_EQ(written->manifests[0].sequence_number, 6);
  EXPECT_EQ(written->manifests[0].min_sequence_number, 6);
  EXPECT_EQ(written->manifests[0].first_row_id, 1000);
  EXPECT_EQ(written->manifests[1].first_row_id, 0);
  EXPECT_EQ(written->next_row_id, 1000 + *added.added_rows_count);
  const auto read = ReadManifestList(written->bytes, "l");
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(*read, written->manifests);

  old.sequence_number = kUnassignedSequenceNumber;
  EXPECT_EQ(WriteManifestList({old}, {.snapshot_id = 77}).error().code(), Code::kInvalid);
  std::mt19937 random(3);
  for (int i = 0; i < 3000; ++i) {
    std::string flipped = written->bytes;
    flipped[random() % flipped.size()] ^= static_cast<char>(1 << random() % 8);
    (void)ReadManifestList(flipped, "l");
    (void)ReadManifestList(written->bytes.substr(0, random() % flipped.size()), "l");
  }
}

}  // namespace
}  // namespace crannog::table::iceberg
