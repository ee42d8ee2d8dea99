// A table function over rows made in memory when the scan starts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "duckdb/function/table_function.hpp"

namespace crannog::sql::engine {

struct RowColumn {
  std::string name;
  duckdb::LogicalType type;
};

using EngineRows = std::vector<std::vector<duckdb::Value>>;

struct RowSource {
  std::vector<RowColumn> columns;
  std::function<Result<EngineRows>()> rows;  // called once a scan, from any thread
};

duckdb::TableFunction MakeRowFunction(const std::string& name,
                                      std::shared_ptr<const RowSource> source,
                                      duckdb::unique_ptr<duckdb::FunctionData>& bind_data);

}  // namespace crannog::sql::engine
