// sql_runner [--update] [--warehouse] [--restart-often] [--memory BYTES] [--threads N]
//            [--dir DIRECTORY] FILE.test
#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "runner.h"
#include "script.h"

namespace {

using crannog::test::Record;
using crannog::test::Runner;
using crannog::test::Script;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Writes the script again with the rows its queries gave.
bool WriteUpdated(const std::filesystem::path& path, const Script& script, const Runner& runner) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  std::size_t line = 0;
  const auto copy_until = [&](std::size_t end) {
    for (; line < end; ++line) out << script.lines[line] << '\n';
  };
  for (const Record& record : script.records) {
    const auto answer = runner.answers().find(record.line);
    if (answer == runner.answers().end()) continue;
    copy_until(record.rows_begin);
    for (const std::string& row : answer->second) out << row << '\n';
    line = record.rows_end;
  }
  copy_until(script.lines.size());
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs one SQL test file against a fresh lake");
  std::filesystem::path file;
  crannog::test::RunnerOptions options;
  options.directory = std::filesystem::temp_directory_path() / "crannog_sql_runner";
  options.source_dir = CRANNOG_SOURCE_DIR;
  bool update = false;
  app.add_option("FILE", file, "The .test file")->required()->check(CLI::ExistingFile);
  app.add_flag("--update", update, "Rewrite the expected rows with those that came");
  app.add_flag("--warehouse", options.directory_warehouse, "Tables in a plain directory");
  app.add_flag("--restart-often", options.restart_often, "Reopen the lake between records");
  app.add_option("--memory", options.memory_bytes_max, "Memory limit of the engine, in bytes");
  app.add_option("--threads", options.threads, "Threads of the engine");
  app.add_option("--dir", options.directory, "Working directory; emptied first");
  CLI11_PARSE(app, argc, argv);

  if (update) options.failures_max = std::numeric_limits<std::size_t>::max();

  const auto script = crannog::test::ParseScript(ReadFile(file));
  if (!script) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), script.error().ToString().c_str());
    return 1;
  }
  Runner runner(options);
  const auto failures = runner.Run(*script);
  if (!failures) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), failures.error().ToString().c_str());
    return 1;
  }
  if (update && !WriteUpdated(file, *script, runner)) {
    std::fprintf(stderr, "%s: could not be written\n", file.c_str());
    return 1;
  }
  for (const std::string& failure : *failures) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), failure.c_str());
  }
  std::printf("%s: %zu records, %zu failed\n", file.c_str(), script->records.size(),
              failures->size());
  return failures->empty() ? 0 : 1;
}
