// TPC-H on tables of the lake, beside the same library on bare Parquet files in the same process:
// the 22 queries by turns on both sides, and loading into the lake against COPY to Parquet.
//
//   bench_tpch [--scale 1] [--rounds 5] [--load-rounds 3] [--data DIR] [--directory DIR] [--json]
//
// The bare files are those that tpchgen-cli wrote and the lake's tables were loaded from. A second
// peer, without a target, is the files that the library's own COPY wrote: it tells what our way to
// a table costs from what the layout of the files does.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench/figure.h"
#include "sql/database.h"

namespace crannog::bench {
namespace {

constexpr const char* kTables[] = {"region", "nation",   "supplier", "customer",
                                   "part",   "partsupp", "orders",   "lineitem"};
constexpr int kQueries = 22;

struct Settings {
  std::string scale = "1";
  int rounds = 5;
  int load_rounds = 3;
  std::string data;
  std::string directory = "/tmp/crannog_bench_tpch";
  bool json = false;
};

using Answer = std::vector<std::vector<std::optional<std::string>>>;

// One way to the tables: a connection on which the queries' names mean one kind of table.
struct Side {
  std::string name;
  std::unique_ptr<sql::Connection> connection;
  std::vector<std::vector<double>> seconds = std::vector<std::vector<double>>(kQueries);  // rounds
};

Answer Run(sql::Connection& connection, const std::string& statement) {
  auto rows = connection.Execute(statement);
  if (!rows) Stop(std::move(rows.error()).Within(statement));
  Answer answer;
  sql::RowBatch batch;
  while (Must((*rows)->Next(batch)))
    answer.insert(answer.end(), std::make_move_iterator(batch.rows.begin()),
                  std::make_move_iterator(batch.rows.end()));
  return answer;
}

double TimeOf(sql::Connection& connection, const std::string& statement) {
  const double begin = Seconds();
  Run(connection, statement);
  return Seconds() - begin;
}

// Averages are floating point and may differ in their last digits with the order of the threads.
bool SameCell(const std::optional<std::string>& left, const std::optional<std::string>& right) {
  if (left == right) return true;
  if (!left || !right) return false;
  char* left_end = nullptr;
  char* right_end = nullptr;
  const double a = std::strtod(left->c_str(), &left_end);
  const double b = std::strtod(right->c_str(), &right_end);
  return left_end != left->c_str() && *left_end == 0 && *right_end == 0 &&
         std::abs(a - b) <= 1e-9 * std::abs(a);
}

bool SameAnswer(const Answer& left, const Answer& right) {
  return std::ranges::equal(
      left, right, [](const auto& a, const auto& b) { return std::ranges::equal(a, b, SameCell); });
}

std::string QueryText(int number) {
  std::ifstream file(fmt::format("{}/tpch/q{:02}.sql", CRANNOG_BENCH_DIRECTORY, number));
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.empty()) Stop(Error(Code::kNotFound, fmt::format("query {}: no text", number)));
  return text;
}

// Made once and kept beside the other downloads.
void MakeData(const Settings& settings) {
  if (std::filesystem::exists(settings.data + "/lineitem.parquet")) return;
  const char* dependencies = std::getenv("CRANNOG_DEPS");
  const std::string tools =
      dependencies ? dependencies : std::string(std::getenv("HOME")) + "/.cache/crannog";
  const std::string part = settings.data + ".part";
  const std::string command =
      fmt::format("'{}/tools/tpchgen-cli' parquet -s {} --output-dir='{}' >&2 && mv '{}' '{}'",
                  tools, settings.scale, part, part, settings.data);
  std::filesystem::remove_all(part);
  std::filesystem::create_directories(part);
  if (std::system(command.c_str()) != 0)
    Stop(Error(Code::kIo, "tpchgen-cli failed; ./dev setup installs it"));
}

class Bench {
 public:
  Bench(const Settings& settings, sql::Database& database)
      : settings_(settings), database_(database), main_(Must(database.Connect())) {
    Run(*main_, "CREATE SCHEMA lake.tpch");
  }

  void Load() {
    std::vector<double> ours, copies, ratios, zstd_ratios;
    for (int round = 0; round < settings_.load_rounds; ++round) {
      for (const char* table : kTables)
        Run(*main_, fmt::format("DROP TABLE IF EXISTS lake.tpch.{}", table));
      ours.push_back(Sum([&](const char* table) {
        return fmt::format("CREATE TABLE lake.tpch.{} AS FROM '{}/{}.parquet'", table,
                           settings_.data, table);
      }));
      copies.push_back(Sum([&](const char* table) { return Copy(table, "copy", ""); }));
      ratios.push_back(ours.back() / copies.back());
      const double zstd =
          Sum([&](const char* table) { return Copy(table, "zstd", ", COMPRESSION zstd"); });
      zstd_ratios.push_back(ours.back() / zstd);
    }
    const double value = Median(ours);
    Print({.bench = "tpch",
           .metric = "load",
           .value = value,
           .unit = "s",
           .peer = "COPY to Parquet",
           .peer_value = Median(copies),
           .ratio = Median(ratios),
           .spread = Spread(ratios),
           .target = Target::RatioAtMost(1.3)},
          settings_.json);
    Print({.bench = "tpch",
           .metric = "load_same_codec",
           .value = value,
           .unit = "s",
           .peer = "COPY to Parquet with zstd",
           .peer_value = value / Median(zstd_ratios),
           .ratio = Median(zstd_ratios),
           .spread = Spread(zstd_ratios)},
          settings_.json);
  }

  void Queries() {
    sides_.push_back({"lake", Must(database_.Connect())});
    Run(*sides_[0].connection, "USE lake.tpch");
    AddBare("bare", settings_.data);
    AddBare("copied", settings_.directory + "/zstd");
    for (int query = 0; query < kQueries; ++query) Measure(query);
    Report(1, true);
    Report(2, false);
  }

 private:
  template <typename StatementOf>
  double Sum(const StatementOf& statement_of) {
    double seconds = 0;
    for (const char* table : kTables) seconds += TimeOf(*main_, statement_of(table));
    return seconds;
  }

  std::string Copy(const char* table, const char* folder, const char* options) {
    const std::string target = settings_.directory + "/" + folder;
    std::filesystem::create_directories(target);
    return fmt::format("COPY (FROM '{}/{}.parquet') TO '{}/{}.parquet' (FORMAT parquet{})",
                       settings_.data, table, target, table, options);
  }

  void AddBare(const std::string& name, const std::string& folder) {
    Run(*main_, "CREATE SCHEMA memory." + name);
    for (const char* table : kTables)
      Run(*main_, fmt::format("CREATE VIEW memory.{}.{} AS FROM read_parquet('{}/{}.parquet')",
                              name, table, folder, table));
    sides_.push_back({name, Must(database_.Connect())});
    Run(*sides_.back().connection, "USE memory." + name);
  }

  // The first round warms up and compares the answers; each further one begins with another side.
  void Measure(int query) {
    const std::string text = QueryText(query + 1);
    const Answer expected = Run(*sides_[1].connection, text);
    for (Side& side : sides_)
      if (!SameAnswer(Run(*side.connection, text), expected))
        Stop(Error(Code::kInternal,
                   fmt::format("query {}: {} and bare differ", query + 1, side.name)));
    for (size_t round = 0; round < static_cast<size_t>(settings_.rounds); ++round)
      for (size_t i = 0; i < sides_.size(); ++i) {
        Side& side = sides_[(round + i) % sides_.size()];
        side.seconds[static_cast<size_t>(query)].push_back(TimeOf(*side.connection, text));
      }
  }

  void Report(size_t peer_index, bool target) const {
    const Side& lake = sides_[0];
    const Side& peer = sides_[peer_index];
    const std::string suffix = target ? "" : "_" + peer.name;
    const std::string peer_name = target ? "bare Parquet" : "bare Parquet of COPY with zstd";
    double total = 0, peer_total = 0, logarithms = 0, peer_logarithms = 0;
    for (size_t query = 0; query < kQueries; ++query) {
      const double ours = Median(lake.seconds[query]), theirs = Median(peer.seconds[query]);
      total += ours;
      peer_total += theirs;
      logarithms += std::log(ours);
      peer_logarithms += std::log(theirs);
      std::vector<double> ratios;
      for (size_t round = 0; round < lake.seconds[query].size(); ++round)
        ratios.push_back(lake.seconds[query][round] / peer.seconds[query][round]);
      Print({.bench = "tpch",
             .metric = fmt::format("q{:02}{}", query + 1, suffix),
             .value = ours * 1000,
             .unit = "ms",
             .peer = peer_name,
             .peer_value = theirs * 1000,
             .ratio = ours / theirs,
             .spread = Spread(ratios)},
            settings_.json);
    }
    const auto bound = target ? std::optional(Target::RatioAtMost(1.05)) : std::nullopt;
    Print({.bench = "tpch",
           .metric = "total" + suffix,
           .value = total,
           .unit = "s",
           .peer = peer_name,
           .peer_value = peer_total,
           .ratio = total / peer_total,
           .spread = RoundSpread(lake, peer, false),
           .target = bound},
          settings_.json);
    const double mean = std::exp(logarithms / kQueries);
    const double peer_mean = std::exp(peer_logarithms / kQueries);
    Print({.bench = "tpch",
           .metric = "geometric_mean" + suffix,
           .value = mean * 1000,
           .unit = "ms",
           .peer = peer_name,
           .peer_value = peer_mean * 1000,
           .ratio = mean / peer_mean,
           .spread = RoundSpread(lake, peer, true),
           .target = bound},
          settings_.json);
  }

  // Of the ratio of whole rounds: how far they lie apart.
  static double RoundSpread(const Side& lake, const Side& peer, bool geometric) {
    std::vector<double> ratios;
    for (size_t round = 0; round < lake.seconds[0].size(); ++round) {
      double ours = 0, theirs = 0;
      for (size_t query = 0; query < kQueries; ++query) {
        const double a = lake.seconds[query][round], b = peer.seconds[query][round];
        ours += geometric ? std::log(a) / kQueries : a;
        theirs += geometric ? std::log(b) / kQueries : b;
      }
      ratios.push_back(geometric ? std::exp(ours - theirs) : ours / theirs);
    }
    return Spread(ratios);
  }

  Settings settings_;
  sql::Database& database_;
  std::unique_ptr<sql::Connection> main_;
  std::vector<Side> sides_;  // the lake first, then the peers
};

void RunAll(Settings settings) {
  if (settings.data.empty()) {
    const char* dependencies = std::getenv("CRANNOG_DEPS");
    settings.data =
        dependencies ? dependencies : std::string(std::getenv("HOME")) + "/.cache/crannog";
    settings.data += "/tpch/sf" + settings.scale;
  }
  MakeData(settings);
  std::filesystem::remove_all(settings.directory);
  std::filesystem::create_directories(settings.directory);
  if (!settings.json)
    fmt::print("limit: the same DuckDB library in this process on bare Parquet files\n");
  sql::DatabaseOptions options;
  options.lake = settings.directory + "/lake";
  {
    const auto database = Must(sql::Database::Open(options));
    Bench bench(settings, *database);
    bench.Load();
    bench.Queries();
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
    if (flag == "--scale")
      settings.scale = value;
    else if (flag == "--rounds")
      settings.rounds = std::max(1, std::atoi(value));
    else if (flag == "--load-rounds")
      settings.load_rounds = std::max(1, std::atoi(value));
    else if (flag == "--data")
      settings.data = value;
    else if (flag == "--directory")
      settings.directory = value;
    else
      return fmt::print(stderr, "unknown flag {}\n", flag), 2;
  }
  crannog::bench::RunAll(settings);
  return 0;
}
