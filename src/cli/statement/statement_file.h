// Files of SQL statements.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/statement/statement_runner.h"

namespace crannog::cli {

inline constexpr size_t kStatementBytesMax = size_t{256} << 20;

// The file's text; "-" is standard input.   kNotFound, kTooLarge, kIo
Result<std::string> ReadStatements(const std::string& path);

// Runs them; an error names the file.
Status RunFile(const std::string& path, StatementRunner& runner);

}  // namespace crannog::cli
