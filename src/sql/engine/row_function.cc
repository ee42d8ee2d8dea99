#include "sql/engine/row_function.h"

#include <algorithm>
#include <utility>

#include "sql/engine/lake/errors.h"

namespace crannog::sql::engine {
namespace {

struct RowBindData : public duckdb::TableFunctionData {
  explicit RowBindData(std::shared_ptr<const RowSource> row_source)
      : source(std::move(row_source)) {}
  std::shared_ptr<const RowSource> source;
};

struct RowScanState : public duckdb::GlobalTableFunctionState {
  EngineRows rows;
  size_t next = 0;
  duckdb::vector<duckdb::column_t> column_ids;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> StartScan(
    duckdb::ClientContext&, duckdb::TableFunctionInitInput& input) {
  auto state = duckdb::make_uniq<RowScanState>();
  state->rows = Unwrap(input.bind_data->Cast<RowBindData>().source->rows());
  state->column_ids = input.column_ids;
  return state;
}

void Scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& state = input.global_state->Cast<RowScanState>();
  const size_t count = std::min<size_t>(state.rows.size() - state.next, STANDARD_VECTOR_SIZE);
  for (size_t i = 0; i < count; ++i) {
    const auto& row = state.rows[state.next + i];
    for (size_t c = 0; c < state.column_ids.size(); ++c)
      if (state.column_ids[c] < row.size()) output.SetValue(c, i, row[state.column_ids[c]]);
  }
  state.next += count;
  output.SetCardinality(count);
}

}  // namespace

duckdb::TableFunction MakeRowFunction(const std::string& name,
                                      std::shared_ptr<const RowSource> source,
                                      duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  duckdb::TableFunction function(name, {}, Scan, nullptr, StartScan);
  function.projection_pushdown = true;
  bind_data = duckdb::make_uniq<RowBindData>(std::move(source));
  return function;
}

}  // namespace crannog::sql::engine
