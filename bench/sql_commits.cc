// Durable SQL appends: INSERTs of ten rows into one table from one connection and from 64, each
// acknowledged only when it would survive a power cut.
//
//   bench_sql_commits [--seconds 10] [--directory DIR] [--json]
//
// The physical limit is the disk's rate of one small append and fdatasync after the other, measured
// between the rounds. At the end the table must hold every acknowledged row and no other.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bench/figure.h"
#include "sql/database.h"

namespace crannog::bench {
namespace {

constexpr int kRounds = 5;
constexpr size_t kRowsPerAppend = 10;
constexpr double kSyncSeconds = 0.5;

struct Settings {
  double seconds = 10;  // of all rounds of one figure
  std::string directory = "/tmp/crannog_bench_sql_commits";
  bool json = false;
};

double MeasureFdatasync(const std::string& directory) {
  const std::string path = directory + "/fdatasync";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const std::string block(600, 'x');
  const double begin = Seconds();
  size_t count = 0;
  for (; file >= 0 && Seconds() - begin < kSyncSeconds; ++count)
    if (::write(file, block.data(), block.size()) != 600 || ::fdatasync(file) != 0)
      Stop(Error(Code::kIo, "write and fdatasync " + path));
  const double rate = static_cast<double>(count) / (Seconds() - begin);
  ::close(file);
  ::unlink(path.c_str());
  return rate;
}

// Of all threads of this process so far.
double CpuSeconds() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Status Run(sql::Connection& connection, const std::string& statement) {
  CRANNOG_ASSIGN(auto rows, connection.Execute(statement));
  sql::RowBatch batch;
  while (true) {
    CRANNOG_ASSIGN(const bool more, rows->Next(batch));
    if (!more) return {};
  }
}

std::string AppendText(size_t writer, size_t append) {
  std::string text = "INSERT INTO lake.bench.events VALUES ";
  for (size_t row = 0; row < kRowsPerAppend; ++row)
    text += fmt::format("{}({}, {}, 'event {} of writer {}')", row == 0 ? "" : ", ", writer,
                        append * kRowsPerAppend + row, append, writer);
  return text;
}

class Bench {
 public:
  Bench(const Settings& settings, sql::Database& database)
      : settings_(settings), database_(database), main_(Must(database.Connect())) {
    Must(Run(*main_, "CREATE SCHEMA lake.bench"));
  }

  void Measure(size_t writers, double target) {
    Must(Run(*main_, "DROP TABLE IF EXISTS lake.bench.events"));
    Must(Run(*main_, "CREATE TABLE lake.bench.events (writer INTEGER, number BIGINT, what TEXT)"));
    done_ = conflicts_ = 0;
    std::vector<double> rates, syncs, ratios, latencies;
    const double cpu_before = CpuSeconds();
    for (int round = 0; round < kRounds; ++round) {
      syncs.push_back(MeasureFdatasync(settings_.directory));
      rates.push_back(Round(writers, latencies));
      ratios.push_back(rates.back() / syncs.back());
    }
    const double cpu_ms = (CpuSeconds() - cpu_before) * 1000 / static_cast<double>(done_);
    CheckRows();
    Print({.bench = "commits",
           .metric = fmt::format("sql_appends_{}_connections", writers),
           .value = Median(rates),
           .unit = "1/s",
           .peer = "fdatasync",
           .peer_value = Median(syncs),
           .ratio = Median(ratios),
           .spread = Spread(rates),
           .target = Target::AtLeast(target)},
          settings_.json);
    Print({.bench = "commits",
           .metric = fmt::format("sql_append_median_{}_connections", writers),
           .value = Median(latencies) * 1000,
           .unit = "ms"},
          settings_.json);
    Print({.bench = "commits",
           .metric = fmt::format("sql_append_cpu_{}_connections", writers),
           .value = cpu_ms,
           .unit = "ms"},
          settings_.json);
    if (!settings_.json)
      fmt::print("    {} appends, {} given back as conflicts and not counted\n", done_.load(),
                 conflicts_.load());
  }

 private:
  // Appends acknowledged per second.
  double Round(size_t writers, std::vector<double>& latencies) {
    const size_t before = done_;
    const double begin = Seconds();
    std::vector<std::vector<double>> taken(writers);
    std::vector<std::thread> threads;
    for (size_t writer = 0; writer < writers; ++writer)
      threads.emplace_back([this, writer, begin, &taken] {
        const auto connection = Must(database_.Connect());
        while (Seconds() - begin < settings_.seconds / kRounds) {
          const double start = Seconds();
          if (Append(*connection, writer)) taken[writer].push_back(Seconds() - start);
        }
      });
    for (std::thread& thread : threads) thread.join();
    const double rate = static_cast<double>(done_ - before) / (Seconds() - begin);
    for (const auto& times : taken) latencies.insert(latencies.end(), times.begin(), times.end());
    return rate;
  }

  bool Append(sql::Connection& connection, size_t writer) {
    const Status status = Run(connection, AppendText(writer, next_.fetch_add(1)));
    if (!status && status.error().code() != Code::kConflict) Stop(status.error());
    (status ? done_ : conflicts_).fetch_add(1);
    return status.has_value();
  }

  void CheckRows() {
    auto rows = Must(main_->Execute("SELECT count(DISTINCT number) FROM lake.bench.events"));
    sql::RowBatch batch;
    if (!Must(rows->Next(batch)) ||
        batch.rows[0][0] != std::to_string(done_.load() * kRowsPerAppend))
      Stop(Error(Code::kInternal, fmt::format("{} rows acknowledged, {} in the table",
                                              done_.load() * kRowsPerAppend, *batch.rows[0][0])));
  }

  Settings settings_;
  sql::Database& database_;
  std::unique_ptr<sql::Connection> main_;
  std::atomic<size_t> next_ = 0;
  std::atomic<size_t> done_ = 0;
  std::atomic<size_t> conflicts_ = 0;
};

void RunAll(const Settings& settings) {
  std::filesystem::remove_all(settings.directory);
  std::filesystem::create_directories(settings.directory);
  sql::DatabaseOptions options;
  options.lake = settings.directory + "/lake";
  {
    const auto database = Must(sql::Database::Open(options));
    Bench bench(settings, *database);
    bench.Measure(1, 150);
    bench.Measure(64, 1000);
  }
  std::filesystem::remove_all(settings.directory);
}

}  // namespace
}  // namespace crannog::bench

int main(int argc, char** argv) {
  crannog::bench::Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--json") {
      settings.json = true;
      continue;
    }
    const char* value = i + 1 < argc ? argv[++i] : "";
    if (flag == "--seconds")
      settings.seconds = std::max(1.0, std::atof(value));
    else if (flag == "--directory")
      settings.directory = value;
    else if (flag != "--tables" && flag != "--commits")  // for catalog_commits, run before
      return fmt::print(stderr, "unknown flag {}\n", flag), 2;
  }
  crannog::bench::RunAll(settings);
  return 0;
}
