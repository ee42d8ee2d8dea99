// How fast a selective query finds its files in tables of 100,000 and 1,000,000 data files, with
// the manifests on hand decoded (warm) and not (cold), and what a file costs in memory.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "table/iceberg/commit.h"
#include "table/iceberg/new_table.h"
#include "table/iceberg/scan/memory_files.h"
#include "table/iceberg/scan/scan_plan.h"

namespace {

using namespace crannog;                  // NOLINT: a program, not a header
using namespace crannog::table::iceberg;  // NOLINT

constexpr int32_t kIdColumn = 1;
constexpr int32_t kTimeColumn = 2;
constexpr int32_t kNameColumn = 3;
constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr int64_t kDays = 365;
constexpr int kWarmRuns = 15;
// The file that the selective queries look for; it is in both tables.
constexpr int64_t kWanted = 12'345;

int64_t FirstId(int64_t file) { return file * 7919 % 1'000'003 * 1000; }

double Now() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Figure {
  std::string metric;
  double value;
  std::string unit;
  double spread = 0;
  double target = 0;  // 0: none
};

void Print(const Figure& figure, bool json) {
  const bool met = figure.target == 0 || figure.value < figure.target;
  if (json) {
    std::printf(
        "{\"bench\":\"planning\",\"metric\":\"%s\",\"value\":%.3f,\"unit\":\"%s\","
        "\"peer\":null,\"peer_value\":null,\"ratio\":null,\"spread\":%.3f,\"target\":%s,"
        "\"met\":%s}\n",
        figure.metric.c_str(), figure.value, figure.unit.c_str(), figure.spread,
        figure.target == 0 ? "null" : std::to_string(figure.target).c_str(),
        met ? "true" : "false");
    return;
  }
  std::printf("%-44s %12.3f %-8s", figure.metric.c_str(), figure.value, figure.unit.c_str());
  if (figure.target != 0) std::printf(" target %.0f %s", figure.target, met ? "met" : "MISSED");
  std::printf("\n");
}

[[noreturn]] void Stop(const Error& error) {
  std::fprintf(stderr, "planning: %s\n", error.ToString().c_str());
  std::exit(1);
}

template <typename T>
T Must(Result<T> result) {
  if (!result) Stop(result.error());
  return std::move(*result);
}

// File i of n: a slice of ids; days in turn, as if each commit wrote all days.
AddedFile MakeFile(int64_t i, io::Random& random) {
  const int64_t day = i % kDays;
  AddedFile added;
  DataFile& file = added.file;
  char name[160];
  std::snprintf(name, sizeof(name),
                "s3://lake/bench/events/data/ts_day=2026-%03d/%05d-%d-%016llx%016llx-00001.parquet",
                static_cast<int>(day), static_cast<int>(i % 100'000), static_cast<int>(i % 97),
                static_cast<unsigned long long>(random.Next64()),
                static_cast<unsigned long long>(random.Next64()));
  file.file_path = name;
  file.partition = {Value::Date(static_cast<int32_t>(20'000 + day))};
  file.record_count = 100'000 + i % 1000;
  file.file_size_in_bytes = 30'000'000 + i * 7 % 1'000'000;
  const int64_t low = FirstId(i);
  const int64_t time = (20'000 + day) * kMicrosPerDay;
  const std::string text = "customer_" + std::to_string(low);
  for (int32_t id = 1; id <= 3; ++id) {
    file.column_sizes.push_back({id, 1'000'000});
    file.value_counts.push_back({id, file.record_count});
    file.null_value_counts.push_back({id, 0});
  }
  file.lower_bounds = {{kIdColumn, EncodeBinary(Value::Long(low))},
                       {kTimeColumn, EncodeBinary(Value::TimestampTz(time))},
                       {kNameColumn, text}};
  file.upper_bounds = {{kIdColumn, EncodeBinary(Value::Long(low + 999))},
                       {kTimeColumn, EncodeBinary(Value::TimestampTz(time + kMicrosPerDay - 1))},
                       {kNameColumn, text + "9"}};
  file.split_offsets = {4};
  file.sort_order_id = 0;
  return added;
}

struct Bench {
  MemoryFiles files;
  PlanningCache planning{{uint64_t{4} << 30, 0}};
  MetadataCache metadata;
  io::SystemClock clock;
  io::SeededRandom random{42};
  TableEnvironment environment{&files, &planning, &metadata, &clock, &random, "bench", ""};
  TableBase base;

  void Build(int64_t file_count) {
    NewTableOptions options;
    options.fields = {{0, "id", TypeId::kLong, false, {}, {}, {}},
                      {0, "ts", TypeId::kTimestampTz, false, {}, {}, {}},
                      {0, "name", TypeId::kString, false, {}, {}, {}}};
    options.partitioned_by = {{"ts", Transform::Day(), ""}};
    options.location = "s3://lake/bench/events";
    Commit(TableChange::Create(Must(CreateTableUpdates(options, random))));
    constexpr int64_t kPerCommit = 50'000;
    for (int64_t i = 0; i < file_count;) {
      TableChange change = TableChange::On(*base.table);
      for (int64_t k = 0; k < kPerCommit && i < file_count; ++k, ++i) {
        change.added.push_back(MakeFile(i, random));
      }
      Commit(change);
    }
  }
  void Commit(const TableChange& change) {
    PreparedTable prepared = Must(Prepare(environment, base, change));
    base = {prepared.table, prepared.metadata_location};
  }
  ScanPlan Plan(const Predicate& predicate) {
    return Must(
        PlanScan(files, planning, *base.table, base.table->CurrentSnapshot().get(), predicate));
  }
};

void Measure(Bench& bench, const std::string& name, const Predicate& predicate, double target,
             bool json) {
  std::vector<double> times;
  uint64_t selected = 0;
  for (int run = 0; run < kWarmRuns; ++run) {
    const double start = Now();
    selected = bench.Plan(predicate).files.size();
    times.push_back(Now() - start);
  }
  std::sort(times.begin(), times.end());
  Print({name, times[times.size() / 2], "ms", times.back() - times.front(), target}, json);
  if (!json) std::printf("    %llu files selected\n", static_cast<unsigned long long>(selected));
}

void MeasureAppend(Bench& bench, const std::string& prefix, bool json) {
  std::vector<double> times;
  for (int run = 0; run < 200; ++run) {
    TableChange change = TableChange::On(*bench.base.table);
    change.added.push_back(MakeFile(run, bench.random));
    const double start = Now();
    bench.Commit(change);
    times.push_back(Now() - start);
  }
  std::sort(times.begin(), times.end());
  Print({prefix + "append of one file, median", times[times.size() / 2], "ms",
         times[times.size() * 9 / 10] - times.front(), 1},
        json);
  Print({prefix + "append of one file, slowest of 200", times.back(), "ms", 0, 0}, json);
}

double MemoryBytesPerMs() {
  std::vector<uint64_t> memory(size_t{1} << 25, 1);
  double best = 0;
  for (int run = 0; run < 3; ++run) {
    const double start = Now();
    uint64_t sum = 0;
    for (const uint64_t word : memory) sum += word;
    const double took = Now() - start;
    memory[0] = sum;
    best = std::max(best, static_cast<double>(memory.size() * sizeof(uint64_t)) / took);
  }
  return best;
}

void Run(int64_t file_count, double warm_target, double cold_target, bool json) {
  const std::string prefix = std::to_string(file_count) + " files: ";
  Bench bench;
  bench.Build(file_count);
  const Predicate by_id =
      Predicate::Compare(PredicateOp::kEqual, kIdColumn, Value::Long(FirstId(kWanted) + 5));
  const Predicate by_day = Predicate::And(
      {Predicate::Compare(PredicateOp::kGreaterOrEqual, kTimeColumn,
                          Value::TimestampTz((20'000 + kWanted % kDays) * kMicrosPerDay)),
       Predicate::Compare(PredicateOp::kLess, kTimeColumn,
                          Value::TimestampTz((20'001 + kWanted % kDays) * kMicrosPerDay)),
       by_id});
  const Predicate by_name =
      Predicate::Compare(PredicateOp::kEqual, kNameColumn,
                         Value::String("customer_" + std::to_string(FirstId(kWanted))));
  bench.planning.Clear();
  const double start = Now();
  bench.Plan(by_id);
  Print({prefix + "cold", Now() - start, "ms", 0, cold_target}, json);
  const uint64_t bytes = bench.planning.counters().bytes;
  Print({prefix + "memory", static_cast<double>(bytes) / static_cast<double>(file_count), "B/file",
         0, 0},
        json);
  Measure(bench, prefix + "warm, id = x", by_id, warm_target, json);
  Measure(bench, prefix + "warm, one day and id = x", by_day, warm_target, json);
  Measure(bench, prefix + "warm, name = x", by_name, warm_target, json);
  Measure(bench, prefix + "warm, everything", Predicate::True(), 0, json);
  // An equality on id reads both bound arrays once.
  Print({prefix + "limit: memory bandwidth for two bounds",
         static_cast<double>(file_count) * 16 / MemoryBytesPerMs(), "ms", 0, 0},
        json);
  MeasureAppend(bench, prefix, json);
}

}  // namespace

int main(int argc, char** argv) {
  bool json = false;
  bool small = false;
  for (int i = 1; i < argc; ++i) {
    json |= std::strcmp(argv[i], "--json") == 0;
    small |= std::strcmp(argv[i], "--small") == 0;
  }
  Run(100'000, 10, 1000, json);
  if (!small) Run(1'000'000, 50, 8000, json);
  return 0;
}
