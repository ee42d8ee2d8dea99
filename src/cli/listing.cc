#include "cli/listing.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/iso_time.h"

namespace crannog::cli {

Listing Listing::Of(std::initializer_list<const char*> names,
                    std::initializer_list<const char*> numbers) {
  Listing listing;
  for (const std::string_view name : names) {
    const bool number =
        std::any_of(numbers.begin(), numbers.end(), [&](std::string_view n) { return n == name; });
    listing.columns.push_back({std::string(name), number ? "BIGINT" : "VARCHAR",
                               number ? sql::ValueKind::kNumber : sql::ValueKind::kText});
  }
  return listing;
}

Status Print(const Listing& listing, const std::string& format, const Terminal& terminal) {
  CRANNOG_ASSIGN(const Format parsed, ParseFormat(format));
  TableStyle style;
  if (terminal.out) style = {terminal.columns, true, terminal.colour};
  const auto writer = MakeRowFormat(parsed, style);
  std::string out;
  writer->Begin(listing.columns, out);
  writer->Add({listing.rows}, out);
  writer->End(out);
  if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size() || std::fflush(stdout) != 0) {
    return Fail(Code::kIo, "write to standard output");
  }
  return {};
}

void AddFormatOption(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "How the list is printed")
      ->check(CLI::IsMember({"table", "csv", "json", "jsonl", "markdown"}))
      ->capture_default_str();
}

std::string ShownTime(int64_t time_us) {
  std::string text = FormatIsoMillis(time_us / 1000).substr(0, 19);
  if (text.size() == 19) text[10] = ' ';
  return text;
}

std::string FirstLine(const std::string& message) { return message.substr(0, message.find('\n')); }

}  // namespace crannog::cli
