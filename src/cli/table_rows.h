// How many rows a table has, by what its metadata says.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "catalog/content.h"
#include "object/files.h"

namespace crannog::cli {

// Of the current snapshot; 0 for a table without one. Nothing when it is no table or its writer
// kept no total. Costs one small file.
Result<std::optional<int64_t>> TableRows(object::Files& files, const catalog::Content& content);

}  // namespace crannog::cli
