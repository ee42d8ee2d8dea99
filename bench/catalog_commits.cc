// The catalog under load: a lake of many tables and commits, then the price of a commit, a lookup
// and a diff of neighbours, and durable commits per second from one writer and from 64.
//
//   bench_catalog_commits [--tables 100000] [--commits 1000000] [--seconds 5] [--directory DIR]
//                         [--json]
//
// The physical limit, one append and fdatasync after the other, is measured in the same run.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "base/check.h"
#include "catalog/repository.h"

namespace crannog::catalog {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Settings {
  size_t tables = 100'000;
  size_t commits = 1'000'000;
  double seconds = 5;
  std::string directory = "/tmp/crannog_bench_catalog";
  bool json = false;
};

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// What all threads of this process burnt so far.
double CpuSeconds() {
  rusage used;
  CRANNOG_CHECK(::getrusage(RUSAGE_SELF, &used) == 0);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Row {
  std::string metric;
  double value;
  std::string unit;
  double target;
  bool smaller_is_better;
  double spread = 0;
};

// `peer_value` is the raw fdatasync rate where rates are compared, 0 elsewhere.
void Print(const Settings& settings, const Row& row, double peer_value) {
  const bool met = row.smaller_is_better ? row.value <= row.target : row.value >= row.target;
  const double ratio = peer_value > 0 ? row.value / peer_value : 0;
  if (settings.json) {
    fmt::print(
        "{{\"bench\":\"commits\",\"metric\":\"{}\",\"value\":{:.4f},\"unit\":\"{}\","
        "\"peer\":\"fdatasync\",\"peer_value\":{:.1f},\"ratio\":{:.3f},\"spread\":{:.3f},"
        "\"target\":{},\"met\":{}}}\n",
        row.metric, row.value, row.unit, peer_value, ratio, row.spread, row.target, met);
  } else {
    fmt::print("{:<34} {:>12.3f} {:<4} target {:>8} {} {}\n", row.metric, row.value, row.unit,
               row.target, met ? "met   " : "MISSED",
               peer_value > 0 ? fmt::format("{:.2f} x fdatasync rate {:.0f}/s", ratio, peer_value)
                              : std::string());
  }
  std::fflush(stdout);
}

// Appends of a commit's size, each synced: what one writer alone cannot beat.
double MeasureFdatasync(const Settings& settings) {
  const std::string path = settings.directory + "/fdatasync";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  CRANNOG_CHECK(file >= 0);
  const std::string block(600, 'x');
  const auto begin = SteadyClock::now();
  size_t count = 0;
  for (; SecondsSince(begin) < 2; ++count) {
    CRANNOG_CHECK(::write(file, block.data(), block.size()) == 600);
    CRANNOG_CHECK(::fdatasync(file) == 0);
  }
  const double rate = static_cast<double>(count) / SecondsSince(begin);
  ::close(file);
  ::unlink(path.c_str());
  return rate;
}

ContentKey TableKey(size_t table) {
  return *ContentKey::Of({fmt::format("ns{:03}", table / 1000), fmt::format("table_{:06}", table)});
}

Content NextContent(const ContentId& id, size_t table, uint64_t snapshot) {
  IcebergTable body;
  body.metadata_location = fmt::format(
      "s3://warehouse/ns{:03}/table_{:06}/metadata/{:05}-1b4e28ba-2fa1-11d2-883f-0016d3cca427"
      ".metadata.json",
      table / 1000, table, snapshot % 100'000);
  body.snapshot_id = static_cast<int64_t>(snapshot);
  body.schema_id = body.spec_id = body.sort_order_id = 0;
  return {id, body};
}

class Bench {
 public:
  Bench(const Settings& settings, state::Store& store, Repository& repository)
      : settings_(settings), store_(&store), repository_(&repository), ids_(settings.tables) {}

  void CreateTables() {
    CommitRequest spaces{"main", std::nullopt, {}, {}};
    for (size_t i = 0; i <= settings_.tables / 1000; ++i) {
      spaces.operations.push_back(
          Operation::Create(*ContentKey::Of({fmt::format("ns{:03}", i)}), Namespace()));
    }
    CRANNOG_CHECK(repository_->Commit(spaces)->ok());
    for (size_t begin = 0; begin < settings_.tables; begin += 5000) {
      CommitRequest request{"main", std::nullopt, {}, {}};
      const size_t end = std::min(begin + 5000, settings_.tables);
      for (size_t table = begin; table < end; ++table) {
        request.operations.push_back(
            Operation::Put(TableKey(table), NextContent(ContentId(), table, 1)));
      }
      const auto outcome = repository_->Commit(request);
      CRANNOG_CHECK(outcome && outcome->ok());
      for (size_t i = 0; i < outcome->created.size(); ++i) {
        ids_[begin + i] = outcome->created[i].second;
      }
    }
  }

  // Moves one table, as an engine does: on top of what it saw.
  void CommitOne(std::mt19937_64& random, CommitId& base) {
    const size_t table = random() % settings_.tables;
    CommitRequest request{"main", base, {}, {}};
    request.operations.push_back(
        Operation::Put(TableKey(table), NextContent(ids_[table], table, snapshot_.fetch_add(1))));
    request.meta.message = "append to a table";
    const auto outcome = repository_->Commit(request);
    CRANNOG_CHECK(outcome.has_value());
    base = outcome->id;  // after a conflict: the head to see next
    if (outcome->ok()) done_.fetch_add(1);
  }

  // Until `stop`; the commits per second.
  double Write(size_t writers, const std::function<bool()>& stop) {
    done_ = 0;
    const auto begin = SteadyClock::now();
    std::vector<std::thread> threads;
    for (size_t i = 0; i < writers; ++i) {
      threads.emplace_back([this, i, &stop] {
        std::mt19937_64 random(1000 + i + snapshot_.load());
        CommitId base = repository_->GetReference("main")->head;
        while (!stop()) CommitOne(random, base);
      });
    }
    for (std::thread& thread : threads) thread.join();
    return static_cast<double>(done_.load()) / SecondsSince(begin);
  }

  double WriteCommits(size_t writers, size_t commits) {
    return Write(writers, [&, commits] { return done_.load() >= commits; });
  }

  // The median of five rounds, and how far they lie apart relative to it. Beside it the CPU time of
  // a commit, background work included, and syncs: what is left when the machine is busy.
  void Rate(size_t writers, double target, double raw) {
    std::vector<double> rounds;
    const double cpu_before = CpuSeconds();
    const uint64_t syncs_before = store_->stats().sync_count;
    const uint64_t commits_before = snapshot_.load();
    for (int i = 0; i < 5; ++i) {
      const auto begin = SteadyClock::now();
      rounds.push_back(Write(writers, [&] { return SecondsSince(begin) > settings_.seconds / 5; }));
    }
    std::sort(rounds.begin(), rounds.end());
    const auto name = [&](const char* what) { return fmt::format("{}_{}_writers", what, writers); };
    const double spread = (rounds[4] - rounds[0]) / rounds[2];
    Print(settings_, {name("durable_commits"), rounds[2], "1/s", target, false, spread}, raw);
    const auto commits = static_cast<double>(snapshot_.load() - commits_before);
    const auto syncs = static_cast<double>(store_->stats().sync_count - syncs_before);
    const double cpu_us = (CpuSeconds() - cpu_before) * 1e6 / commits;
    Print(settings_, {name("cpu_of_commit"), cpu_us, "us", 80, true}, 0);
    Print(settings_, {name("syncs_of_commit"), syncs / commits, "1", 1, true}, 0);
  }

  void Latency(const std::string& name, double target_ms, const std::function<void()>& prepare,
               const std::function<void()>& run) {
    std::vector<double> millis;
    for (int i = 0; i < 3000; ++i) {
      prepare();
      const auto begin = SteadyClock::now();
      run();
      millis.push_back(SecondsSince(begin) * 1000);
    }
    std::sort(millis.begin(), millis.end());
    const double median = millis[millis.size() / 2];
    const double spread = (millis[millis.size() * 3 / 4] - millis[millis.size() / 4]) / median;
    Print(settings_, {name + "_median", median, "ms", target_ms, true, spread}, 0);
    Print(settings_, {name + "_p99", millis[millis.size() * 99 / 100], "ms", target_ms * 10, true},
          0);
  }

  void Latencies() {
    std::mt19937_64 random(7);
    CommitId head = repository_->GetReference("main")->head;
    const uint64_t length = repository_->GetCommit(head)->sequence;
    CommitId base = head;
    Latency(
        "commit", 1, [] {}, [&] { CommitOne(random, base); });
    head = repository_->GetReference("main")->head;
    Latency(
        "lookup_at_head", 1, [] {},
        [&] {
          CRANNOG_CHECK(
              (*repository_->Get(head, TableKey(random() % settings_.tables))).has_value());
        });
    CommitId old;
    const auto pick = [&] {
      old = repository_->Resolve(fmt::format("main~{}", random() % (length - 30)))->commit;
    };
    Latency(
        "resolve_old_commit", 1, [] {}, pick);
    Latency("lookup_at_old_commit", 1, pick, [&] {
      CRANNOG_CHECK(repository_->Get(old, TableKey(random() % settings_.tables)).has_value());
    });
    Latency("diff_of_neighbours", 1, pick, [&] {
      const CommitId parent = repository_->GetCommit(old)->parent();
      CRANNOG_CHECK(repository_->Diff(parent, old, {}).has_value());
    });
  }

 private:
  Settings settings_;
  state::Store* store_;     // not null
  Repository* repository_;  // not null
  std::vector<ContentId> ids_;
  std::atomic<uint64_t> snapshot_ = 2;
  std::atomic<size_t> done_ = 0;
};

void Run(const Settings& settings) {
  std::filesystem::remove_all(settings.directory);
  std::filesystem::create_directories(settings.directory);
  const double raw = MeasureFdatasync(settings);
  Print(settings, {"raw_fdatasync", raw, "1/s", 0, false}, raw);
  io::SystemClock clock;
  io::SystemRandom random;
  state::StoreOptions options;
  options.directory = settings.directory + "/state";
  auto store = state::Store::Open(options);
  CRANNOG_CHECK(store.has_value());
  {
    auto repository = Repository::Open(**store, clock, random, {});
    CRANNOG_CHECK(repository.has_value());
    Bench bench(settings, **store, **repository);
    auto begin = SteadyClock::now();
    bench.CreateTables();
    if (!settings.json) fmt::print("{} tables in {:.1f} s\n", settings.tables, SecondsSince(begin));
    begin = SteadyClock::now();
    const double cpu_before = CpuSeconds();
    const double built = bench.WriteCommits(64, settings.commits);
    const uint64_t disk = (*store)->stats().disk_bytes;
    if (!settings.json) {
      fmt::print("{} commits in {:.1f} s ({:.0f}/s, {:.0f} us CPU each), {:.0f} MB on disk\n",
                 settings.commits, SecondsSince(begin), built,
                 (CpuSeconds() - cpu_before) * 1e6 / static_cast<double>(settings.commits),
                 static_cast<double>(disk) / 1e6);
      std::fflush(stdout);
    }
    bench.Latencies();
    bench.Rate(1, 2000, raw);
    bench.Rate(64, 20'000, raw);
  }
  store->reset();
  std::filesystem::remove_all(settings.directory);
}

}  // namespace
}  // namespace crannog::catalog

int main(int argc, char** argv) {
  crannog::catalog::Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (flag == "--json") {
      settings.json = true;
      continue;
    }
    if (flag == "--tables")
      settings.tables = std::strtoull(value, nullptr, 10);
    else if (flag == "--commits")
      settings.commits = std::strtoull(value, nullptr, 10);
    else if (flag == "--seconds")
      settings.seconds = std::strtod(value, nullptr);
    else if (flag == "--directory")
      settings.directory = value;
    else
      return fmt::print(stderr, "unknown flag {}\n", flag), 2;
    ++i;
  }
  crannog::catalog::Run(settings);
  return 0;
}
