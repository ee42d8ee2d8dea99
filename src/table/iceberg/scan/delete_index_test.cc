#include "table/iceberg/scan/delete_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crannog::table::iceberg {
namespace {

// Two specs: 0 is unpartitioned, 1 is by identity of column 2.
class DeleteIndexTest : public ::testing::Test {
 protected:
  DeleteIndexTest() {
    schema_ = *Schema::Make(0, {{1, "id", TypeId::kLong, false, {}, {}, {}},
                                {2, "c", TypeId::kString, false, {}, {}, {}},
                                {3, "u", TypeId::kUuid, false, {}, {}, {}}});
    table_.schemas = {schema_};
    PartitionSpec by_c;
    by_c.spec_id = 1;
    by_c.fields = {{2, {}, 1000, "c", Transform::Identity()}};
    table_.partition_specs = {std::make_shared<const PartitionSpec>(),
                              std::make_shared<const PartitionSpec>(by_c)};
  }

  DeleteFile Make(FileContent content, int32_t spec_id, int64_t sequence) {
    DeleteFile deletes;
    deletes.file.content = content;
    deletes.file.file_path = "delete" + std::to_string(sequence);
    if (spec_id == 1) deletes.file.partition = {Value::String("x")};
    if (content == FileContent::kEqualityDeletes) deletes.file.equality_ids = {1};
    deletes.spec_id = spec_id;
    deletes.data_sequence_number = sequence;
    return deletes;
  }

  FileDeletes Find(const DeleteFile& deletes, const std::string& path, int32_t spec_id,
                   const std::string& partition, int64_t sequence) {
    DeleteIndex index(table_, *schema_);
    index.Add(deletes);
    return Find(index, path, spec_id, partition, sequence);
  }
  FileDeletes Find(const DeleteIndex& index, const std::string& path, int32_t spec_id,
                   const std::string& partition, int64_t sequence) {
    std::vector<Value> values;
    if (spec_id == 1) values.push_back(Value::String(partition));
    FileDeletes found;
    index.Find({path, spec_id, values, sequence, column_}, found);
    return found;
  }

  TableMetadata table_;
  SchemaPtr schema_;
  std::function<ColumnSummary(int32_t)> column_;
};

TEST_F(DeleteIndexTest, PositionsApplyInTheirPartitionUpToTheirSequence) {
  const DeleteFile deletes = Make(FileContent::kPositionDeletes, 1, 5);
  const auto count = [&](int32_t spec, const std::string& partition, int64_t sequence) {
    return Find(deletes, "f", spec, partition, sequence).position_deletes.size();
  };
  EXPECT_EQ(count(1, "x", 4), 1u);
  EXPECT_EQ(count(1, "x", 5), 1u) << "of the same commit";
  EXPECT_EQ(count(1, "x", 6), 0u);
  EXPECT_EQ(count(1, "y", 4), 0u);
  EXPECT_EQ(count(0, "", 4), 0u);
}

TEST_F(DeleteIndexTest, PositionsOfOneFileApplyToNoOther) {
  DeleteFile named = Make(FileContent::kPositionDeletes, 1, 5);
  named.file.referenced_data_file = "f";
  EXPECT_EQ(Find(named, "f", 1, "x", 1).position_deletes.size(), 1u);
  EXPECT_EQ(Find(named, "g", 1, "x", 1).position_deletes.size(), 0u);
  EXPECT_EQ(Find(named, "f", 1, "y", 1).position_deletes.size(), 0u);
  DeleteFile bounded = Make(FileContent::kPositionDeletes, 1, 5);
  bounded.file.lower_bounds = {{kFieldIdFilePath, "d"}};
  bounded.file.upper_bounds = {{kFieldIdFilePath, "g"}};
  EXPECT_EQ(Find(bounded, "f", 1, "x", 1).position_deletes.size(), 1u);
  EXPECT_EQ(Find(bounded, "h", 1, "x", 1).position_deletes.size(), 0u);
}

TEST_F(DeleteIndexTest, EqualitiesApplyToOlderDataAndGloballyWhenUnpartitioned) {
  const DeleteFile local = Make(FileContent::kEqualityDeletes, 1, 5);
  EXPECT_EQ(Find(local, "f", 1, "x", 4).equality_deletes.size(), 1u);
  EXPECT_EQ(Find(local, "f", 1, "x", 5).equality_deletes.size(), 0u) << "not of the same commit";
  EXPECT_EQ(Find(local, "f", 1, "y", 4).equality_deletes.size(), 0u);
  const DeleteFile global = Make(FileContent::kEqualityDeletes, 0, 5);
  EXPECT_EQ(Find(global, "f", 1, "y", 4).equality_deletes.size(), 1u);
  EXPECT_EQ(Find(global, "f", 0, "", 5).equality_deletes.size(), 0u);
}

TEST_F(DeleteIndexTest, EqualitiesOutsideTheFilesBoundsDoNotApply) {
  DeleteFile deletes = Make(FileContent::kEqualityDeletes, 0, 5);
  deletes.file.lower_bounds = {{1, EncodeBinary(Value::Long(10))}};
  deletes.file.upper_bounds = {{1, EncodeBinary(Value::Long(20))}};
  deletes.file.null_value_counts = {{1, 0}};
  const auto applies = [&](int64_t low, int64_t high) {
    column_ = [=](int32_t) {
      ColumnSummary summary;
      summary.lower = Value::Long(low);
      summary.upper = Value::Long(high);
      return summary;
    };
    return !Find(deletes, "f", 0, "", 1).equality_deletes.empty();
  };
  EXPECT_TRUE(applies(1, 10));
  EXPECT_FALSE(applies(1, 9));
  EXPECT_FALSE(applies(21, 30));
  deletes.file.null_value_counts = {{1, 1}};
  EXPECT_TRUE(applies(1, 9)) << "both may hold nulls, and null deletes null";
}

TEST_F(DeleteIndexTest, BoundsOfUuidsProveNothing) {
  DeleteFile deletes = Make(FileContent::kEqualityDeletes, 0, 5);
  deletes.file.equality_ids = {3};
  const std::string low(16, '\x80');
  const std::string high(16, '\x7f');
  deletes.file.lower_bounds = {{3, low}};  // 80.. is a negative number in Java
  deletes.file.upper_bounds = {{3, high}};
  deletes.file.null_value_counts = {{3, 0}};
  column_ = [](int32_t) {
    ColumnSummary summary;
    summary.upper = Value::Uuid(std::string(16, '\x01'));
    return summary;
  };
  EXPECT_EQ(Find(deletes, "f", 0, "", 1).equality_deletes.size(), 1u);
}

TEST_F(DeleteIndexTest, AVectorReplacesPositions) {
  DeleteIndex index(table_, *schema_);
  const DeleteFile positions = Make(FileContent::kPositionDeletes, 0, 5);
  DeleteFile vector = Make(FileContent::kPositionDeletes, 0, 6);
  vector.file.file_format = FileFormat::kPuffin;
  vector.file.referenced_data_file = "f";
  index.Add(positions);
  index.Add(vector);
  EXPECT_EQ(Find(index, "f", 0, "", 1).deletion_vector, &vector);
  EXPECT_TRUE(Find(index, "f", 0, "", 1).position_deletes.empty());
  EXPECT_EQ(Find(index, "g", 0, "", 1).position_deletes.size(), 1u);
  EXPECT_EQ(Find(index, "f", 0, "", 7).deletion_vector, nullptr);
}

}  // namespace
}  // namespace crannog::table::iceberg
