// The catalog on a disk that dies at every sync point: what was acknowledged is there after the
// crash, what was not is there whole or not at all, and every invariant holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "catalog/test_repository.h"

namespace crannog::catalog {
namespace {

struct Acknowledged {
  std::vector<std::string> tables;  // created on main, in order
  std::vector<std::string> branches;
};

// A workload that moves references in every way, until something fails.
Status Work(Repository& repository, Acknowledged& done) {
  const auto commit = [&](const std::string& branch, Operation operation) -> Status {
    CRANNOG_ASSIGN(const CommitOutcome outcome,
                   repository.Commit({branch, std::nullopt, {std::move(operation)}, {}}));
    CRANNOG_CHECK(outcome.ok());
    return {};
  };
  CRANNOG_RETURN_IF_ERROR(commit("main", Operation::Create(Key("ns"), Namespace())));
  for (int i = 0; i < 70; ++i) {  // past kTreeLagMax: trees are written too
    const std::string table = "ns.t" + std::to_string(i);
    CRANNOG_RETURN_IF_ERROR(
        commit("main", Operation::Create(Key(table), TableAt("s3://" + table))));
    done.tables.push_back(table);
    if (i % 20 != 0) continue;
    const std::string branch = "branch" + std::to_string(i);
    CRANNOG_ASSIGN(const Reference main, repository.GetReference("main"));
    CRANNOG_RETURN_IF_ERROR(repository.CreateReference(branch, ReferenceKind::kBranch, main.head));
    done.branches.push_back(branch);
    const std::string merged = "ns.m" + std::to_string(i);
    CRANNOG_RETURN_IF_ERROR(
        commit(branch, Operation::Create(Key(merged), TableAt("s3://" + merged))));
    CRANNOG_ASSIGN(const Reference head, repository.GetReference(branch));
    CRANNOG_ASSIGN(const MergeOutcome outcome, repository.Merge({"main", head.head, branch, {}}));
    CRANNOG_CHECK(outcome.applied);
    done.tables.push_back(merged);
    if (i == 40) CRANNOG_RETURN_IF_ERROR(repository.Collect({}));
  }
  return {};
}

void Check(TestRepository& lake, const Acknowledged& done) {
  const auto report = lake->Verify({});
  ASSERT_TRUE(report) << report.error().ToString();
  for (const Problem& problem : report->problems) {
    ADD_FAILURE() << problem.what << ": " << problem.problem;
  }
  const CommitId head = lake->GetReference("main")->head;
  for (const std::string& table : done.tables) {
    const auto content = lake->Get(head, Key(table));
    ASSERT_TRUE(content) << content.error().ToString();
    EXPECT_TRUE(content->has_value()) << table << " was acknowledged and is gone";
  }
  for (const std::string& branch : done.branches) EXPECT_TRUE(lake->GetReference(branch)) << branch;
}

TEST(CatalogFault, KillAtEverySyncPoint) {
  uint64_t first = 0;
  uint64_t last = 0;
  {
    TestRepository lake;
    first = lake.disk().sync_count();
    Acknowledged done;
    ASSERT_TRUE(Work(*lake, done));
    last = lake.disk().sync_count();
    EXPECT_EQ(done.tables.size(), 74u);
    Check(lake, done);
  }
  ASSERT_GT(last, first + 70);
  for (uint64_t point = first; point < last; ++point) {
    SCOPED_TRACE("killed at sync point " + std::to_string(point));
    TestRepository lake;
    lake.disk().KillAtSync(point);
    Acknowledged done;
    EXPECT_FALSE(Work(*lake, done) && lake.disk().killed());
    lake.disk().Crash(point);
    ASSERT_TRUE(lake.Reopen());
    Check(lake, done);
    // And it goes on working.
    const auto outcome =
        lake->Commit({"main", std::nullopt, {Operation::Create(Key("after"), Namespace())}, {}});
    ASSERT_TRUE(outcome && outcome->ok());
    if (HasFailure()) return;
  }
}

TEST(CatalogFault, KillAmongManyWriters) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestRepository lake(seed);
    lake.disk().KillAtSync(lake.disk().sync_count() + 3 + seed * 2);
    std::vector<Acknowledged> done(8);
    std::vector<std::thread> threads;
    for (size_t writer = 0; writer < done.size(); ++writer) {
      threads.emplace_back([&, writer] {
        for (int i = 0; i < 200; ++i) {
          const std::string table = "w" + std::to_string(writer) + "_" + std::to_string(i);
          const auto outcome =
              lake->Commit({"main",
                            std::nullopt,
                            {Operation::Create(Key(table), TableAt("s3://" + table))},
                            {}});
          if (!outcome) return;
          done[writer].tables.push_back(table);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    lake.disk().Crash(seed);
    ASSERT_TRUE(lake.Reopen());
    for (const Acknowledged& of_one : done) Check(lake, of_one);
    if (HasFailure()) return;
  }
}

// A sync that fails while the process lives: the caller is told that the commit may be there. What
// the disk holds is no longer known, so nothing else is acknowledged until the lake is opened again
// (state/store.h); reads go on.
TEST(CatalogFault, FailedSyncIsAnswered) {
  for (const bool loses_all : {false, true}) {
    TestRepository lake;
    const auto commit = [&](const std::string& name) {
      return lake->Commit({"main", std::nullopt, {Operation::Create(Key(name), Namespace())}, {}});
    };
    ASSERT_TRUE(commit("a"));
    const CommitId before = lake->GetReference("main")->head;
    lake.disk().FailAtSync(lake.disk().sync_count());
    const auto failed = commit("b");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), Code::kUnknown) << failed.error().ToString();
    lake.disk().ClearFaults();
    const auto next = commit("c");
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code(), Code::kIo) << next.error().ToString();
    EXPECT_EQ(lake->GetReference("main")->head, before);
    EXPECT_TRUE(*lake->Get(before, Key("a")));

    if (loses_all) lake.disk().CrashLosingAll();
    ASSERT_TRUE(lake.Reopen());
    const auto again = commit("c");
    ASSERT_TRUE(again) << again.error().ToString();
    ASSERT_TRUE(again->ok());
    Acknowledged done;
    done.tables = {"a", "c"};
    Check(lake, done);
  }
}

// A full disk changes nothing, and once there is room the catalog goes on without being opened
// again.
TEST(CatalogFault, FullDiskRefusesAndRecovers) {
  TestRepository lake;
  Acknowledged done;
  const auto commit = [&](const std::string& name) {
    return lake->Commit({"main", std::nullopt, {Operation::Create(Key(name), Namespace())}, {}});
  };
  ASSERT_TRUE(commit("first"));
  done.tables.push_back("first");
  lake.disk().SetCapacity(lake.disk().used_bytes() + 4'000);
  std::optional<Error> refused;
  for (int i = 0; i < 100 && !refused; ++i) {
    const std::string name = "n" + std::to_string(i);
    const auto outcome = commit(name);
    if (outcome) {
      done.tables.push_back(name);
    } else {
      refused = outcome.error();
    }
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), Code::kExhausted) << refused->ToString();
  Check(lake, done);
  lake.disk().SetCapacity(UINT64_MAX);
  const auto after = commit("after");
  ASSERT_TRUE(after) << after.error().ToString();
  ASSERT_TRUE(after->ok());
  done.tables.push_back("after");
  Check(lake, done);
  lake.disk().CrashLosingAll();
  ASSERT_TRUE(lake.Reopen());
  Check(lake, done);
}

}  // namespace
}  // namespace crannog::catalog
