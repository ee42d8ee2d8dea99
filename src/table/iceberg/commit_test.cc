#include "table/iceberg/commit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "table/iceberg/metadata_tables.h"
#include "table/iceberg/new_table.h"
#include "table/iceberg/scan/memory_files.h"
#include "table/iceberg/scan/scan_plan.h"

namespace crannog::table::iceberg {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kId = 1;

// A table in memory whose "catalog" is one variable.
class CommitTest : public ::testing::Test {
 protected:
  CommitTest() {
    environment_.files = &files_;
    environment_.planning = &planning_;
    environment_.metadata = &metadata_;
    environment_.clock = &clock_;
    environment_.random = &random_;
  }

  void CreateTable(std::map<std::string, std::string> properties = {}) {
    NewTableOptions options;
    options.fields = {{0, "id", TypeId::kLong, false, {}, {}, {}},
                      {0, "day", TypeId::kDate, false, {}, {}, {}}};
    options.partitioned_by = {{"day", Transform::Day(), ""}};
    options.location = "s3://lake/t";
    options.properties = std::move(properties);
    auto updates = CreateTableUpdates(options, random_);
    ASSERT_TRUE(updates) << updates.error().ToString();
    Commit(TableChange::Create(*updates));
  }

  static AddedFile File(const std::string& name, int64_t low, int64_t high, int32_t day = 1) {
    AddedFile added;
    added.file.file_path = "s3://lake/t/data/" + name;
    added.file.partition = {Value::Date(day)};
    added.file.record_count = high - low + 1;
    added.file.file_size_in_bytes = 1000;
    added.file.value_counts = {{kId, high - low + 1}};
    added.file.null_value_counts = {{kId, 0}};
    added.file.lower_bounds = {{kId, EncodeBinary(Value::Long(low))}};
    added.file.upper_bounds = {{kId, EncodeBinary(Value::Long(high))}};
    return added;
  }

  TableChange Change() { return TableChange::On(*base_.table); }
  TableChange Append(std::vector<AddedFile> files) {
    TableChange change = Change();
    change.added = std::move(files);
    return change;
  }
  TableChange Remove(const std::string& name) {
    TableChange change = Change();
    change.removed = {{"s3://lake/t/data/" + name, "", ""}};
    return change;
  }

  Code Try(const TableChange& change) {
    clock_.Advance(1000);
    auto prepared = Prepare(environment_, base_, change);
    if (!prepared) {
      last_error_ = prepared.error().ToString();
      return prepared.error().code();
    }
    base_ = {prepared->table, prepared->metadata_location};
    return Code::kInternal;  // stands for success
  }
  void Commit(const TableChange& change) { ASSERT_EQ(Try(change), Code::kInternal) << last_error_; }

  std::set<std::string> Live(const Predicate& predicate = Predicate::True()) {
    PlanningCache cold;  // what was written must read back the same as what was remembered
    std::set<std::string> names[2];
    int i = 0;
    for (PlanningCache* cache : {&planning_, &cold}) {
      auto plan =
          PlanScan(files_, *cache, *base_.table, base_.table->CurrentSnapshot().get(), predicate);
      EXPECT_TRUE(plan) << plan.error().ToString();
      if (!plan) return {};
      for (const FileScan& scan : plan->files) {
        const std::string path = scan.file.path();
        names[i].insert(path.substr(path.rfind('/') + 1));
      }
      ++i;
    }
    EXPECT_EQ(names[0], names[1]);
    return names[0];
  }

  using Names = std::set<std::string>;
  MemoryFiles files_;
  PlanningCache planning_;
  MetadataCache metadata_;
  io::ManualClock clock_;
  io::SeededRandom random_{7};
  TableEnvironment environment_;
  TableBase base_;
  std::string last_error_;
};

TEST_F(CommitTest, AppendsAndPrunes) {
  CreateTable();
  Commit(Append({File("a", 1, 10), File("b", 11, 20)}));
  Commit(Append({File("c", 21, 30, 2)}));
  EXPECT_EQ(Live(), (Names{"a", "b", "c"}));
  EXPECT_EQ(Live(Predicate::Compare(PredicateOp::kGreater, kId, Value::Long(15))),
            (Names{"b", "c"}));
  EXPECT_EQ(Live(Predicate::Compare(PredicateOp::kEqual, 2, Value::Date(2))), (Names{"c"}));
  const SnapshotPtr snapshot = base_.table->CurrentSnapshot();
  EXPECT_EQ(snapshot->summary.at("operation"), "append");
  EXPECT_EQ(snapshot->summary.at("added-records"), "10");
  EXPECT_EQ(snapshot->summary.at("total-records"), "30");
  EXPECT_EQ(snapshot->summary.at("total-data-files"), "3");
  EXPECT_THAT(base_.location, HasSubstr("/metadata/00002-"));
  MetadataCache cold;
  auto read = cold.Load(files_, base_.location);
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ((*read)->snapshots.size(), 2u);
  EXPECT_EQ((*read)->current_snapshot_id, base_.table->current_snapshot_id);
  EXPECT_EQ((*read)->metadata_log.size(), 2u);
}

TEST_F(CommitTest, AppendsRebaseOnAnything) {
  CreateTable();
  const TableChange first = Append({File("a", 1, 10)});
  const TableChange second = Append({File("b", 1, 10)});
  Commit(first);
  Commit(second);
  EXPECT_EQ(Live(), (Names{"a", "b"}));
  const TableChange late = Append({File("c", 1, 10)});
  TableChange truncate = Change();
  truncate.delete_all = true;
  Commit(truncate);
  EXPECT_EQ(Live(), Names{});
  EXPECT_EQ(base_.table->CurrentSnapshot()->summary.at("operation"), "delete");
  EXPECT_EQ(base_.table->CurrentSnapshot()->summary.at("total-records"), "0");
  Commit(late);
  EXPECT_EQ(Live(), (Names{"c"}));
}

TEST_F(CommitTest, RemovingAFileTwiceConflicts) {
  CreateTable();
  Commit(Append({File("a", 1, 10), File("b", 11, 20)}));
  TableChange one = Remove("a");
  one.added = {File("a2", 1, 9)};
  const TableChange other = Remove("a");
  Commit(one);
  EXPECT_EQ(base_.table->CurrentSnapshot()->summary.at("operation"), "overwrite");
  EXPECT_EQ(Live(), (Names{"a2", "b"}));
  const size_t count = files_.count();
  EXPECT_EQ(Try(other), Code::kConflict);
  EXPECT_THAT(last_error_, HasSubstr("data/a "));
  EXPECT_EQ(files_.count(), count) << "a failed commit leaves files behind";
}

TEST_F(CommitTest, SerializableRefusesRowsItWouldHaveRead) {
  CreateTable();
  Commit(Append({File("a", 1, 10), File("b", 11, 20)}));
  TableChange remove = Remove("a");
  remove.read = Predicate::Compare(PredicateOp::kLess, kId, Value::Long(11));
  TableChange snapshot = remove;
  snapshot.isolation = Isolation::kSnapshot;
  Commit(Append({File("far", 100, 200)}));
  ASSERT_TRUE(CheckRebase(environment_, *base_.table, remove));
  Commit(Append({File("near", 5, 6)}));
  EXPECT_EQ(Try(remove), Code::kConflict);
  EXPECT_THAT(last_error_, HasSubstr("data/near"));
  Commit(snapshot);
  EXPECT_EQ(Live(), (Names{"b", "far", "near"}));
}

TEST_F(CommitTest, NewDeletesOfARewrittenFileConflict) {
  CreateTable();
  Commit(Append({File("a", 1, 10), File("b", 11, 20)}));
  TableChange rewrite = Remove("a");
  rewrite.added = {File("a2", 1, 10)};
  rewrite.rewrite = true;
  TableChange delta = Change();
  AddedFile deletes = File("d", 1, 1);
  deletes.file.content = FileContent::kPositionDeletes;
  deletes.file.referenced_data_file = "s3://lake/t/data/a";
  deletes.file.lower_bounds.clear();
  deletes.file.upper_bounds.clear();
  delta.added_deletes = {deletes};
  Commit(delta);
  EXPECT_EQ(base_.table->CurrentSnapshot()->summary.at("added-position-delete-files"), "1");
  auto plan = PlanScan(files_, planning_, *base_.table, base_.table->CurrentSnapshot().get(),
                       Predicate::True());
  ASSERT_TRUE(plan);
  for (const FileScan& scan : plan->files) {
    EXPECT_EQ(scan.deletes != nullptr, scan.file.path().ends_with("/a"));
  }
  EXPECT_EQ(Try(rewrite), Code::kConflict);
  // Removing the file takes its deletes along.
  Commit(Remove("a"));
  EXPECT_EQ(base_.table->CurrentSnapshot()->summary.at("total-delete-files"), "0");
}

TEST_F(CommitTest, WholeFileDeletes) {
  CreateTable();
  Commit(Append({File("a", 1, 10, 1), File("b", 11, 20, 1), File("c", 1, 20, 2)}));
  TableChange by_bounds = Change();
  by_bounds.delete_where = Predicate::Compare(PredicateOp::kGreater, kId, Value::Long(10));
  EXPECT_EQ(Try(by_bounds), Code::kInvalid) << "c holds both kinds of rows";
  TableChange by_partition = Change();
  by_partition.delete_where = Predicate::Compare(PredicateOp::kEqual, 2, Value::Date(1));
  Commit(by_partition);
  EXPECT_EQ(Live(), (Names{"c"}));
  TableChange replace = Append({File("c2", 1, 5, 2), File("d", 1, 5, 3)});
  replace.replace_partitions = true;
  Commit(replace);
  EXPECT_EQ(Live(), (Names{"c2", "d"}));
}

// Whatever the isolation, a rule takes the files that its writer saw and no others.
TEST_F(CommitTest, RulesLeaveFilesAddedMeanwhile) {
  const auto rule = [&](const auto& set) {
    base_ = {};
    CreateTable({{"commit.manifest.min-count-to-merge", "2"}});
    Commit(Append({File("a", 1, 10)}));
    TableChange change = Change();
    change.isolation = Isolation::kSnapshot;
    set(change);
    for (const char* name : {"b", "c", "d"}) {
      AddedFile deletes = File(std::string(name) + "-deletes", 1, 1);
      deletes.file.content = FileContent::kEqualityDeletes;
      deletes.file.equality_ids = {kId};
      TableChange meanwhile = Append({File(name, 1, 10)});
      meanwhile.added_deletes = {deletes};
      Commit(meanwhile);
    }
    Commit(change);
    const auto& summary = base_.table->CurrentSnapshot()->summary;
    EXPECT_EQ(summary.at("total-delete-files"), "3") << "they may be about the new files";
    return Live();
  };
  EXPECT_EQ(rule([](TableChange& change) { change.delete_all = true; }), (Names{"b", "c", "d"}));
  EXPECT_EQ(rule([](TableChange& change) {
              change.delete_where = Predicate::Compare(PredicateOp::kEqual, 2, Value::Date(1));
            }),
            (Names{"b", "c", "d"}));
  EXPECT_EQ(rule([](TableChange& change) {
              change.replace_partitions = true;
              change.added = {File("z", 1, 5)};
            }),
            (Names{"b", "c", "d", "z"}));
}

TEST_F(CommitTest, RulesConflictWhenWhatTheySawIsRewritten) {
  CreateTable();
  Commit(Append({File("a", 1, 10)}));
  TableChange all = Change();
  all.delete_all = true;
  all.isolation = Isolation::kSnapshot;
  TableChange compact = Remove("a");
  compact.added = {File("a2", 1, 10)};
  compact.rewrite = true;
  Commit(compact);
  EXPECT_EQ(Try(all), Code::kConflict) << "else the rows of a would survive in a2";
  EXPECT_THAT(last_error_, HasSubstr("data/a:"));
  EXPECT_EQ(Live(), (Names{"a2"}));
}

TEST_F(CommitTest, RulesOnAnEmptyTableTakeNothing) {
  CreateTable();
  TableChange all = Change();
  all.delete_all = true;
  all.added = {File("z", 1, 5)};
  all.isolation = Isolation::kSnapshot;
  Commit(Append({File("a", 1, 10)}));
  Commit(all);
  EXPECT_EQ(Live(), (Names{"a", "z"}));
}

TEST_F(CommitTest, ManyCommitsKeepFewManifests) {
  CreateTable({{"commit.manifest.min-count-to-merge", "4"}});
  Names expected;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "f" + std::to_string(i);
    expected.insert(name);
    Commit(Append({File(name, i, i)}));
  }
  EXPECT_EQ(Live(), expected);
  auto manifests =
      ManifestRows(files_, planning_, *base_.table, base_.table->CurrentSnapshot().get());
  ASSERT_TRUE(manifests);
  EXPECT_LT(manifests->size(), 24u);
  auto rows = FileRows(files_, planning_, *base_.table, base_.table->CurrentSnapshot().get());
  ASSERT_TRUE(rows);
  std::set<int64_t> sequences;
  for (const EntryRow& row : *rows) sequences.insert(row.sequence_number);
  EXPECT_EQ(sequences.size(), 200u) << "merging must keep sequence numbers";
}

TEST_F(CommitTest, GroupCommitMakesOneSnapshot) {
  CreateTable();
  std::vector<TableChange> changes;
  for (int i = 0; i < 5; ++i) changes.push_back(Append({File("g" + std::to_string(i), i, i)}));
  auto all = Combine(changes);
  ASSERT_TRUE(all);
  Commit(*all);
  EXPECT_EQ(base_.table->snapshots.size(), 1u);
  EXPECT_EQ(Live().size(), 5u);
  EXPECT_EQ(Combine({Append({}), Remove("g0")}).error().code(), Code::kInvalid);
}

TEST_F(CommitTest, ATransactionSeesItself) {
  CreateTable();
  const TableBase before = base_;
  TableChange change = Append({File("a", 1, 10), File("b", 11, 20)});
  ASSERT_TRUE(change.Extend(Remove("a")));
  EXPECT_EQ(change.added.size(), 1u);
  EXPECT_TRUE(change.removed.empty());
  Commit(change);
  EXPECT_EQ(Live(), (Names{"b"}));
}

TEST_F(CommitTest, SchemaChangesConflictWithSchemaChanges) {
  CreateTable();
  TableChange change = Change();
  change.updates = {SetProperties{{{"a", "1"}}}};
  TableChange other = Change();
  auto schema = base_.table->CurrentSchema()->WithId(1);
  std::vector<NestedField> fields = schema->fields();
  fields.push_back({3, "note", TypeId::kString, false, {}, {}, {}});
  auto wider = Schema::Make(1, fields);
  ASSERT_TRUE(wider);
  other.updates = {AddSchema{*wider}, SetCurrentSchema{kLastAdded}};
  TableChange third = other;
  Commit(change);
  Commit(other);
  EXPECT_EQ(base_.table->CurrentSchema()->fields().size(), 3u);
  EXPECT_EQ(Try(third), Code::kConflict);
  Commit(Append({File("a", 1, 2)}));
}

TEST_F(CommitTest, DamagedManifestsAreNamed) {
  CreateTable();
  Commit(Append({File("a", 1, 10)}));
  const SnapshotPtr snapshot = base_.table->CurrentSnapshot();
  auto manifests = ManifestRows(files_, planning_, *base_.table, snapshot.get());
  ASSERT_TRUE(manifests);
  for (const std::string& path : {manifests->front().path, snapshot->manifest_list}) {
    const std::string good = files_.Get(path);
    for (const size_t size : {size_t{0}, size_t{3}, good.size() / 2, good.size() - 1}) {
      files_.Put(path, good.substr(0, size));
      PlanningCache cold;
      auto plan = PlanScan(files_, cold, *base_.table, snapshot.get(), Predicate::True());
      ASSERT_FALSE(plan) << path << " cut to " << size;
      EXPECT_EQ(plan.error().code(), Code::kCorrupt) << plan.error().ToString();
      EXPECT_THAT(plan.error().message(), HasSubstr(path));
    }
    files_.Put(path, good);
  }
}

TEST_F(CommitTest, VersionThreeAssignsRowIds) {
  CreateTable({{"format-version", "3"}});
  Commit(Append({File("a", 1, 10)}));
  Commit(Append({File("b", 1, 5)}));
  EXPECT_EQ(base_.table->next_row_id, 15);
  auto plan = PlanScan(files_, planning_, *base_.table, base_.table->CurrentSnapshot().get(),
                       Predicate::True());
  ASSERT_TRUE(plan) << plan.error().ToString();
  std::set<int64_t> ids;
  for (const FileScan& scan : plan->files) ids.insert(scan.file.first_row_id().value_or(-1));
  EXPECT_EQ(ids, (std::set<int64_t>{0, 10}));
}

}  // namespace
}  // namespace crannog::table::iceberg
