#include "cli/table_check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/statement/statement_runner.h"
#include "cli/table_rows.h"
#include "sql/database.h"

namespace crannog::cli {
namespace {

namespace fs = std::filesystem;

// A lake with one table of three commits, its files lying in a plain directory.
class TableCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("table_check_" + std::to_string(::getpid()) + "_" + info->name());
    fs::create_directories(folder_ / "warehouse");
    sql::DatabaseOptions options;
    options.lake = (folder_ / "lake").string();
    options.warehouse = "file://" + (folder_ / "warehouse").string();
    auto database = sql::Database::Open(options);
    ASSERT_TRUE(database) << database.error().ToString();
    database_ = std::move(*database);
    Run("CREATE SCHEMA s");
    Run("CREATE TABLE s.t (a INTEGER, b VARCHAR)");
    Run("INSERT INTO s.t VALUES (1, 'x'), (2, 'y')");
    Run("INSERT INTO s.t VALUES (3, 'z')");
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(folder_);
  }

  void Run(const std::string& statement) {
    auto connection = database_->Connect();
    ASSERT_TRUE(connection);
    RunnerOptions options;
    options.summary = false;
    StatementRunner runner(**connection, options);
    const Status status = runner.Run(statement);
    ASSERT_TRUE(status) << status.error().ToString();
  }

  TableCheckReport Check() {
    TableCheck check(database_->repository(), database_->files(), nullptr);
    auto report = check.Run();
    EXPECT_TRUE(report);
    return report ? *report : TableCheckReport{};
  }

  // The files of the warehouse whose name ends so, oldest first by name.
  std::vector<fs::path> Files(const std::string& end) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "warehouse")) {
      if (entry.path().string().ends_with(end)) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  static void ExpectNamed(const TableCheckReport& report, const std::string& file,
                          const std::string& problem) {
    ASSERT_FALSE(report.problems.empty());
    const std::string& text = report.problems.front();
    EXPECT_NE(text.find("table s.t on main"), std::string::npos) << text;
    EXPECT_NE(text.find(file), std::string::npos) << text;
    EXPECT_NE(text.find(problem), std::string::npos) << text;
  }

  fs::path folder_;
  std::unique_ptr<sql::Database> database_;
};

TEST_F(TableCheckTest, ASoundTable) {
  const TableCheckReport report = Check();
  EXPECT_TRUE(report.problems.empty()) << report.problems.front();
  EXPECT_EQ(report.tables, 1U);
  EXPECT_EQ(report.files, 2U);
  EXPECT_EQ(report.snapshots, 2U);
  EXPECT_GT(report.size_bytes, 0U);
}

TEST_F(TableCheckTest, ADataFileThatIsGone) {
  const fs::path file = Files(".parquet").front();
  fs::remove(file);
  ExpectNamed(Check(), file.filename().string(), "is not there");
}

TEST_F(TableCheckTest, ADataFileCutShort) {
  const fs::path file = Files(".parquet").front();
  fs::resize_file(file, fs::file_size(file) - 1);
  ExpectNamed(Check(), file.filename().string(), "its manifest says");
}

TEST_F(TableCheckTest, ADataFileOverwrittenWithOtherBytes) {
  const fs::path file = Files(".parquet").front();
  const auto size = fs::file_size(file);
  std::ofstream(file) << std::string(size, 'x');
  ExpectNamed(Check(), file.filename().string(), "Parquet");
}

TEST_F(TableCheckTest, AManifestCutShort) {
  for (const fs::path& file : Files(".avro")) fs::resize_file(file, fs::file_size(file) - 10);
  ExpectNamed(Check(), ".avro", "");
}

TEST_F(TableCheckTest, MetadataThatIsNoMetadata) {
  for (const fs::path& file : Files(".metadata.json")) std::ofstream(file) << "{}";
  ExpectNamed(Check(), ".metadata.json", "");
}

TEST_F(TableCheckTest, RowsByMetadata) {
  const auto main = database_->repository().GetReference("main");
  ASSERT_TRUE(main);
  const auto key = catalog::ContentKey::Parse("s.t");
  ASSERT_TRUE(key);
  const auto content = database_->repository().Get(main->head, *key);
  ASSERT_TRUE(content && *content);
  const auto rows = TableRows(database_->files(), **content);
  ASSERT_TRUE(rows) << rows.error().ToString();
  EXPECT_EQ(*rows, 3);
}

}  // namespace
}  // namespace crannog::cli
