// A scan in key order that rolls keys up at a delimiter. For object/ only.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "state/reader.h"

namespace crannog::object {

struct RolledScan {
  state::Table table = state::Table::kObjects;
  std::string prefix;
  std::string delimiter;  // empty: no rolling up
  size_t count_max = 0;
  std::string begin;  // first row
  std::string end;    // first row beyond, empty for none
  // The object key within a row, nothing for rows to pass over.
  std::function<Result<std::optional<std::string_view>>(std::string_view row)> key_of_row;
  // The first part of every row whose object key starts with `key_prefix`.
  std::function<std::string(std::string_view key_prefix)> row_prefix;
  std::function<Status(std::string_view row, std::string_view value)> on_row;
  std::function<void(std::string_view common_prefix)> on_common_prefix;
};

// Whether there is more than count_max, which counts rows and common prefixes together.
Result<bool> Run(const RolledScan& scan, const state::Reader& state);

// The common prefix that `key` is rolled up into; empty if it is not.
std::string_view CommonPrefixOf(std::string_view key, std::string_view prefix,
                                std::string_view delimiter);

// The first row after every row of `key`, or of everything under it when it is a common prefix.
std::string RowAfter(const RolledScan& scan, std::string_view key);

}  // namespace crannog::object
