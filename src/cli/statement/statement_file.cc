#include "cli/statement/statement_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace crannog::cli {
namespace {

Result<std::string> Drain(std::FILE* file, const std::string& name) {
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const size_t got = std::fread(buffer, 1, sizeof buffer, file);
    text.append(buffer, got);
    if (text.size() > kStatementBytesMax) {
      return Fail(Code::kTooLarge, fmt::format("read statements from {}: more than {} bytes; load "
                                               "data with `crannog load` or COPY",
                                               name, kStatementBytesMax));
    }
    if (got == sizeof buffer) continue;
    if (std::ferror(file) != 0) {
      return Fail(Code::kIo, fmt::format("read {}: {}", name, std::strerror(errno)));
    }
    return text;
  }
}

}  // namespace

Result<std::string> ReadStatements(const std::string& path) {
  if (path == "-") return Drain(stdin, "standard input");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"),
                                                             &std::fclose);
  if (!file) {
    const Code code = errno == ENOENT ? Code::kNotFound : Code::kIo;
    return Fail(code, fmt::format("read statements from {}: {}", path, std::strerror(errno)));
  }
  return Drain(file.get(), path);
}

Status RunFile(const std::string& path, StatementRunner& runner) {
  CRANNOG_ASSIGN(const std::string text, ReadStatements(path));
  Status status = runner.RunAll(text);
  if (!status) return std::unexpected(std::move(status).error().Within(path));
  return {};
}

}  // namespace crannog::cli
