// Files of many formats as one SQL source: what `load` asks the engine to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace crannog::cli {

struct LoadSource {
  std::vector<std::string> files;
  uint64_t size_bytes = 0;
};

// Expands globs and sizes the files, in order, each once.
//   kNotFound  a name that fits no file
Result<LoadSource> FindFiles(const std::vector<std::string>& patterns);

// `table` as typed (bronze.orders, "odd name".t) as an SQL name with every part quoted. Its schema
// is the part before the last, quoted too; empty when there is none.
struct LoadTarget {
  std::string table;
  std::string schema;
  static Result<LoadTarget> Parse(const std::string& text);
};

// A SELECT over all the files, by their extensions: .csv .tsv .txt, .json .jsonl .ndjson (each also
// with .gz or .zst), .parquet. Files of one kind are read together and columns matched by name.
// `options` are "name=value" for the readers of CSV and JSON.
//   kInvalid  an extension that is none of these, or an option without '='
Result<std::string> SelectFrom(const std::vector<std::string>& files,
                               const std::vector<std::string>& options);

// 'text' with its quotes.
std::string SqlString(std::string_view text);

}  // namespace crannog::cli
