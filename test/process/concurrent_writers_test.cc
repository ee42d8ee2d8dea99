// Sixteen connections of one lake write at once: what was acknowledged is there exactly once, what
// failed left nothing, and the only failure is a conflict.
//
// Each writer changes rows of its own in tables that all share, so each knows what its rows must
// be in the end. CRANNOG_SEED repeats the statements (not their order), CRANNOG_SECONDS lengthens.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sql/database.h"

namespace crannog::sql {
namespace {

constexpr int kWriters = 15;  // and one reader
constexpr int kTables = 3;
constexpr int64_t kIdsPerWriter = 1'000'000;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

// All rows of an answer, the cells of each joined by a blank.
Result<std::vector<std::string>> Ask(Connection& connection, const std::string& statement) {
  CRANNOG_ASSIGN(const std::unique_ptr<Rows> rows, connection.Execute(statement));
  std::vector<std::string> lines;
  RowBatch batch;
  while (true) {
    CRANNOG_ASSIGN(const bool more, rows->Next(batch));
    if (!more) return lines;
    for (const auto& row : batch.rows) {
      std::string line;
      for (const auto& cell : row) line += (line.empty() ? "" : " ") + cell.value_or("NULL");
      lines.push_back(std::move(line));
    }
  }
}

using TableRows = std::map<int64_t, int64_t>;  // id -> v
using AllRows = std::vector<TableRows>;        // by table

// One connection and what its rows are by all that was acknowledged to it.
class Writer {
 public:
  Writer(int number, std::unique_ptr<Connection> connection, uint64_t seed)
      : number_(number),
        connection_(std::move(connection)),
        random_(seed + static_cast<uint64_t>(number)),
        next_id_(number * kIdsPerWriter),
        rows_(kTables) {}

  void Step() {
    const size_t dice = Below(100);
    if (dice < 45) return Insert();
    if (dice < 58) return Delete();
    if (dice < 71) return Update();
    if (dice < 78) return MergeRows();
    if (dice < 86) return Pair();
    if (dice < 94) return Count();
    return Branch();
  }

  void Disconnect() { connection_.reset(); }

  const AllRows& rows() const { return rows_; }
  int64_t counted() const { return counted_; }
  int64_t pairs() const { return pairs_; }
  int64_t merged() const { return merged_; }
  int64_t done() const { return done_; }
  int64_t conflicts() const { return conflicts_; }
  const std::string& failure() const { return failure_; }

 private:
  size_t Below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }

  // Runs the statements; true when all were acknowledged. Only a conflict may be the reason else.
  bool Do(const std::vector<std::string>& statements, bool transaction = false) {
    for (const std::string& statement : statements) {
      const auto ran = Ask(*connection_, statement);
      if (ran) continue;
      if (ran.error().code() == Code::kConflict) {
        ++conflicts_;
      } else {
        failure_ = ran.error().ToString() + "\n  of: " + statement;
      }
      // A commit that failed has ended its transaction; a statement within one has not.
      if (transaction) (void)Ask(*connection_, "ROLLBACK");
      return false;
    }
    ++done_;
    return true;
  }

  std::string Table(size_t table) const { return fmt::format("s.t{}", table); }

  void Insert() {
    const size_t table = Below(kTables);
    TableRows made;
    std::string values;
    for (size_t i = 0, count = 1 + Below(5); i < count; ++i) {
      const int64_t id = next_id_++;
      made[id] = static_cast<int64_t>(Below(1000));
      values += fmt::format("{}({}, {})", values.empty() ? "" : ", ", id, made[id]);
    }
    if (Do({fmt::format("INSERT INTO {} VALUES {}", Table(table), values)})) {
      rows_[table].merge(made);
    }
  }

  // One of the writer's own rows of `table`, or false.
  bool Pick(size_t table, int64_t& id) {
    if (rows_[table].empty()) return false;
    id = std::next(rows_[table].begin(), static_cast<ptrdiff_t>(Below(rows_[table].size())))->first;
    return true;
  }

  void Delete() {
    const size_t table = Below(kTables);
    int64_t id = 0;
    if (!Pick(table, id)) return;
    if (Do({fmt::format("DELETE FROM {} WHERE id = {}", Table(table), id)})) rows_[table].erase(id);
  }

  void Update() {
    const size_t table = Below(kTables);
    int64_t id = 0;
    if (!Pick(table, id)) return;
    if (Do({fmt::format("UPDATE {} SET v = v + 1 WHERE id = {}", Table(table), id)}))
      ++rows_[table][id];
  }

  void MergeRows() {
    const size_t table = Below(kTables);
    int64_t old = 0;
    if (!Pick(table, old)) return;
    const int64_t made = next_id_++;
    if (!Do({fmt::format("MERGE INTO {} t USING (VALUES ({}, 1), ({}, 2)) u(id, v) ON t.id = u.id "
                         "WHEN MATCHED THEN UPDATE SET v = t.v + u.v "
                         "WHEN NOT MATCHED THEN INSERT VALUES (u.id, u.v)",
                         Table(table), old, made)})) {
      return;
    }
    rows_[table][old] += 1;
    rows_[table][made] = 2;
  }

  // The same row into both ledgers, or into none.
  void Pair() {
    const int64_t id = next_id_++;
    if (Do({"BEGIN", fmt::format("INSERT INTO s.ledger_a VALUES ({})", id),
            fmt::format("INSERT INTO s.ledger_b VALUES ({})", id), "COMMIT"},
           true)) {
      ++pairs_;
    }
  }

  // One row that everybody counts up: an update lost would show.
  void Count() {
    if (Do({"UPDATE s.counter SET n = n + 1"})) ++counted_;
  }

  // A branch with a row in the writer's own table and often one in a table of all.
  void Branch() {
    const std::string name = fmt::format("b{}", number_);
    if (!Do({"CREATE BRANCH " + name + " FROM main"})) return;
    const int64_t id = next_id_++;
    const bool shared = Below(2) == 0;
    bool merged =
        Do({fmt::format("INSERT INTO \"lake@{}\".s.own{} VALUES ({})", name, number_, id)});
    if (shared && merged)
      merged = Do({fmt::format("INSERT INTO \"lake@{}\".s.t0 VALUES ({}, 3)", name, id)});
    merged = merged && Do({"MERGE BRANCH " + name + " INTO main"});
    if (merged) {
      ++merged_;
      if (shared) rows_[0][id] = 3;
    }
    if (failure_.empty()) (void)Do({"DROP BRANCH " + name});
  }

  int number_;
  std::unique_ptr<Connection> connection_;
  std::mt19937_64 random_;
  int64_t next_id_;
  AllRows rows_;
  int64_t counted_ = 0;
  int64_t pairs_ = 0;
  int64_t merged_ = 0;
  int64_t done_ = 0;
  int64_t conflicts_ = 0;
  std::string failure_;
};

class ConcurrentWriters : public ::testing::Test {
 protected:
  ConcurrentWriters() {
    std::string path = (std::filesystem::temp_directory_path() / "crannog-writers-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    Open();
  }
  ~ConcurrentWriters() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    DatabaseOptions options;
    options.lake = folder_ / "lake";
    auto opened = Database::Open(options);
    if (!opened) FAIL() << opened.error().ToString();
    database_ = *std::move(opened);
  }

  std::unique_ptr<Connection> Connect() { return database_->Connect().value(); }

  void MakeTables() {
    const auto connection = Connect();
    std::vector<std::string> statements = {"CREATE SCHEMA s", "CREATE TABLE s.ledger_a (id BIGINT)",
                                           "CREATE TABLE s.ledger_b (id BIGINT)",
                                           "CREATE TABLE s.counter AS SELECT 0::BIGINT AS n"};
    for (int i = 0; i < kTables; ++i)
      statements.push_back(fmt::format("CREATE TABLE s.t{} (id BIGINT, v BIGINT)", i));
    for (int i = 0; i < kWriters; ++i)
      statements.push_back(fmt::format("CREATE TABLE s.own{} (id BIGINT)", i));
    for (const std::string& statement : statements) {
      const auto ran = Ask(*connection, statement);
      ASSERT_TRUE(ran) << ran.error().ToString();
    }
  }

  // What the lake holds against what was acknowledged.
  void Compare(const std::vector<std::unique_ptr<Writer>>& writers) {
    const auto connection = Connect();
    for (size_t table = 0; table < kTables; ++table) {
      std::map<int64_t, int64_t> expected;
      for (const auto& writer : writers)
        expected.insert(writer->rows()[table].begin(), writer->rows()[table].end());
      std::vector<std::string> lines;
      for (const auto& [id, v] : expected) lines.push_back(fmt::format("{} {}", id, v));
      const auto got = Ask(*connection, fmt::format("SELECT id, v FROM s.t{} ORDER BY id", table));
      ASSERT_TRUE(got) << got.error().ToString();
      EXPECT_EQ(*got, lines) << "table t" << table;
    }
    int64_t counted = 0;
    int64_t pairs = 0;
    for (size_t i = 0; i < writers.size(); ++i) {
      counted += writers[i]->counted();
      pairs += writers[i]->pairs();
      EXPECT_EQ(One(*connection, fmt::format("SELECT count(DISTINCT id) FROM s.own{}", i)),
                std::to_string(writers[i]->merged()));
    }
    EXPECT_EQ(One(*connection, "SELECT n FROM s.counter"), std::to_string(counted));
    EXPECT_EQ(One(*connection, "SELECT count(*) FROM s.ledger_a"), std::to_string(pairs));
    EXPECT_EQ(One(*connection, "SELECT count(DISTINCT id) FROM s.ledger_b"), std::to_string(pairs));
  }

  static std::string One(Connection& connection, const std::string& query) {
    const auto rows = Ask(connection, query);
    if (!rows) return rows.error().ToString();
    return rows->size() == 1 ? rows->front() : fmt::format("{} rows", rows->size());
  }

  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(ConcurrentWriters, AcknowledgedOnceAndOnlyConflicts) {
  const uint64_t seed = FromEnvironment("CRANNOG_SEED", std::random_device()());
  std::cout << "seed " << seed << "\n";
  MakeTables();
  std::vector<std::unique_ptr<Writer>> writers;
  for (int i = 0; i < kWriters; ++i)
    writers.push_back(std::make_unique<Writer>(i, Connect(), seed));

  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(FromEnvironment("CRANNOG_SECONDS", 10));
  std::atomic<bool> stop = false;
  std::string torn;  // of the reader alone, until it has ended
  int64_t reads = 0;
  std::thread reader([&, connection = Connect()] {
    for (; !stop && torn.empty(); ++reads) {
      const std::string difference =
          One(*connection,
              "SELECT (SELECT count(*) FROM s.ledger_a) - (SELECT count(*) FROM s.ledger_b)");
      if (difference != "0") torn = difference;
    }
  });
  std::vector<std::thread> threads;
  for (const auto& writer : writers) {
    threads.emplace_back([&writer, end] {
      while (std::chrono::steady_clock::now() < end && writer->failure().empty()) writer->Step();
    });
  }
  for (std::thread& thread : threads) thread.join();
  stop = true;
  reader.join();

  int64_t done = 0;
  int64_t conflicts = 0;
  for (const auto& writer : writers) {
    EXPECT_EQ(writer->failure(), "");
    EXPECT_GT(writer->done(), 0) << "starved";
    done += writer->done();
    conflicts += writer->conflicts();
  }
  std::cout << done << " acknowledged, " << conflicts << " conflicts, " << reads << " reads\n";
  EXPECT_EQ(torn, "") << "a reader saw half of a transaction";
  Compare(writers);
  for (const auto& writer : writers) writer->Disconnect();
  database_.reset();
  Open();
  Compare(writers);
}

// Columns come and go while rows are inserted: each row acknowledged is there once, whatever the
// schema was when its file was written.
TEST_F(ConcurrentWriters, ColumnsChangeUnderInserts) {
  MakeTables();
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(FromEnvironment("CRANNOG_SECONDS", 10) / 3 + 1);
  std::atomic<int64_t> next_id = 0;
  std::atomic<int64_t> changes = 0;
  std::mutex mutex;  // guards inserted and failures
  std::set<int64_t> inserted;
  std::vector<std::string> failures;
  const auto attempt = [&](Connection& connection, const std::string& statement) {
    const auto ran = Ask(connection, statement);
    if (!ran && ran.error().code() != Code::kConflict) {
      std::lock_guard guard(mutex);
      failures.push_back(ran.error().ToString() + "\n  of: " + statement);
    }
    return ran.has_value();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, connection = Connect()] {
      while (std::chrono::steady_clock::now() < end) {
        const int64_t id = next_id++;
        if (!attempt(*connection, fmt::format("INSERT INTO s.t0 (id, v) VALUES ({}, 1)", id)))
          continue;
        std::lock_guard guard(mutex);
        inserted.insert(id);
      }
    });
  }
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i, connection = Connect()] {
      for (int n = 0; std::chrono::steady_clock::now() < end; ++n) {
        const std::string column = fmt::format("c{}_{}", i, n);
        const std::string alter = "ALTER TABLE s.t0 ";
        if (!attempt(*connection, alter + "ADD COLUMN " + column + " BIGINT")) continue;
        ++changes;
        // The other one may have changed the table: its own column must go in the end.
        while (!attempt(*connection, alter + "DROP COLUMN " + column)) {
          std::lock_guard guard(mutex);
          if (!failures.empty()) return;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, std::vector<std::string>());
  std::cout << inserted.size() << " inserted, " << changes << " columns came and went\n";
  EXPECT_GT(changes, 0);
  const auto connection = Connect();
  std::vector<std::string> lines;
  for (const int64_t id : inserted) lines.push_back(fmt::format("{} 1", id));
  // SELECT *: nothing but the two columns is left.
  const auto got = Ask(*connection, "SELECT * FROM s.t0 ORDER BY id");
  ASSERT_TRUE(got) << got.error().ToString();
  EXPECT_EQ(*got, lines);
}

}  // namespace
}  // namespace crannog::sql
