// Runs a script against a fresh lake and says what came out differently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "script.h"
#include "sql/database.h"

namespace crannog::test {

struct RunnerOptions {
  std::filesystem::path directory;   // emptied first; holds the lake and the script's files
  std::filesystem::path source_dir;  // of the checkout: ${SOURCE} in scripts
  bool directory_warehouse = false;  // tables lie in a plain directory
  bool restart_often = false;        // reopen the lake between records where no transaction is open
  uint64_t memory_bytes_max = 0;
  uint32_t threads = 0;
  std::size_t failures_max = 3;  // then the script is left: what follows fails because of it
};

// Not thread-safe; runs one script once.
class Runner {
 public:
  explicit Runner(RunnerOptions options);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Returns what differed, a text each; empty when the script passed.
  Result<std::vector<std::string>> Run(const Script& script);

  // The rows each query of the script gave, by its line, for --update.
  const std::map<std::size_t, std::vector<std::string>>& answers() const { return answers_; }

 private:
  // What a statement gave, as a script writes it.
  struct Answer {
    std::vector<sql::Column> columns;
    std::vector<std::string> rows;
  };

  Status Open();
  void Close();
  Status RestartKeepingReference();
  Result<sql::Connection*> Current();
  Result<Answer> Execute(const std::string& body);
  std::string Substitute(const std::string& text) const;

  // Each returns what differed, or "".
  std::string RunRecord(const Record& record);
  std::string RunStatement(const Record& record);
  std::string RunQuery(const Record& record);
  std::string RunLet(const Record& record);
  std::string RunFile(const Record& record);

  RunnerOptions options_;
  std::unique_ptr<sql::Database> database_;
  std::map<std::string, std::unique_ptr<sql::Connection>> connections_;
  std::string current_ = "default";
  bool in_transaction_ = false;
  std::map<std::string, std::string> values_;
  std::map<std::size_t, std::vector<std::string>> answers_;
};

}  // namespace crannog::test
