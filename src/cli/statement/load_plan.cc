#include "cli/statement/load_plan.h"

#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>

#include "catalog/content_key.h"

namespace crannog::cli {
namespace {

constexpr size_t kFilesMax = 1'000'000;

Result<std::vector<std::string>> Expand(const std::string& pattern) {
  if (pattern.find_first_of("*?[") == std::string::npos) return std::vector{pattern};
  // A file may really be called that.
  struct ::stat status {};
  if (::stat(pattern.c_str(), &status) == 0) return std::vector{pattern};
  ::glob_t found{};
  const int code = ::glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  std::vector<std::string> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (code == GLOB_NOMATCH) return Fail(Code::kNotFound, "load " + pattern + ": no file fits");
  if (code != 0) return Fail(Code::kIo, "load " + pattern + ": a folder cannot be read");
  return files;
}

std::string Quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return out + '"';
}

// The function that reads a file, by its name.
Result<std::string> ReaderOf(const std::string& file) {
  std::string name = file;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  }
  for (const std::string_view text : {".csv", ".tsv", ".txt"}) {
    if (name.ends_with(text)) return "read_csv";
  }
  for (const std::string_view json : {".json", ".jsonl", ".ndjson"}) {
    if (name.ends_with(json)) return "read_json";
  }
  if (name.ends_with(".parquet")) return "read_parquet";
  return Fail(Code::kInvalid,
              fmt::format("load {}: what format is it? Names end in .csv, .tsv, .txt, .json, "
                          ".jsonl, .ndjson (also with .gz or .zst) or .parquet",
                          file));
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<std::string> ReaderOptions(const std::vector<std::string>& options) {
  std::string out;
  for (const std::string& option : options) {
    const size_t equals = option.find('=');
    const std::string_view name = std::string_view(option).substr(0, equals);
    const bool plain = std::all_of(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    if (equals == std::string::npos || name.empty() || !plain) {
      return Fail(Code::kInvalid, fmt::format("--option {}: write it NAME=VALUE", option));
    }
    const std::string value = option.substr(equals + 1);
    out += fmt::format(", {}={}", name, IsNumber(value) ? value : SqlString(value));
  }
  return out;
}

}  // namespace

std::string SqlString(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += c;
    out += c;
  }
  return out + "'";
}

Result<LoadSource> FindFiles(const std::vector<std::string>& patterns) {
  LoadSource source;
  for (const std::string& pattern : patterns) {
    CRANNOG_ASSIGN(const std::vector<std::string> files, Expand(pattern));
    for (const std::string& file : files) {
      struct ::stat status {};
      if (::stat(file.c_str(), &status) != 0) {
        const Code code = errno == ENOENT || errno == ENOTDIR ? Code::kNotFound : Code::kIo;
        return Fail(code, fmt::format("load {}: {}", file, std::strerror(errno)));
      }
      if (!S_ISREG(status.st_mode)) {
        return Fail(Code::kInvalid, fmt::format("load {}: it is no file; for a folder's files "
                                                "write '{}/*.csv'",
                                                file, file));
      }
      source.files.push_back(file);
      source.size_bytes += static_cast<uint64_t>(status.st_size);
    }
    if (source.files.size() > kFilesMax) {
      return Fail(Code::kTooLarge, fmt::format("load more than {} files at once", kFilesMax));
    }
  }
  return source;
}

Result<LoadTarget> LoadTarget::Parse(const std::string& text) {
  CRANNOG_ASSIGN(const catalog::ContentKey key, catalog::ContentKey::Parse(text));
  LoadTarget target;
  const std::vector<std::string> elements = key.elements();
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) target.table += '.';
    if (i + 1 == elements.size()) {
      target.schema = target.table.substr(0, target.table.empty() ? 0 : target.table.size() - 1);
    }
    target.table += Quoted(elements[i]);
  }
  return target;
}

Result<std::string> SelectFrom(const std::vector<std::string>& files,
                               const std::vector<std::string>& options) {
  CRANNOG_ASSIGN(const std::string reader_options, ReaderOptions(options));
  std::map<std::string, std::string> lists;  // by reader
  for (const std::string& file : files) {
    CRANNOG_ASSIGN(const std::string reader, ReaderOf(file));
    std::string& list = lists[reader];
    list += (list.empty() ? "" : ", ") + SqlString(file);
  }
  std::string out;
  for (const auto& [reader, list] : lists) {
    if (!out.empty()) out += " UNION ALL BY NAME ";
    out += fmt::format("SELECT * FROM {}([{}], union_by_name=true{})", reader, list,
                       reader == "read_parquet" ? "" : reader_options);
  }
  return out;
}

}  // namespace crannog::cli
