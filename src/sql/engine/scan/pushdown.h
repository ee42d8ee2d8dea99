// The engine's filters as predicates over a table's columns, for pruning files.
//
// A predicate made here is implied by the filter: what cannot be said is left out, and the engine
// filters the rows again itself. Pure functions.
#pragma once

#include <vector>

#include "duckdb/planner/expression.hpp"
#include "duckdb/planner/table_filter.hpp"
#include "table/iceberg/scan/expression.h"

namespace crannog::sql::engine {

namespace iceberg = table::iceberg;

// What the engine calls a scan's columns.
struct ScanColumns {
  duckdb::idx_t table_index = 0;
  // For each column the engine reads, the position of the table's column, or a virtual column.
  std::vector<duckdb::column_t> column_ids;
  iceberg::SchemaPtr schema;
};

// The part of `filter` that says something about columns; true when nothing does.
iceberg::Predicate ToPredicate(const duckdb::Expression& filter, const ScanColumns& columns);

// The same of filters on single columns, among them the ones a join finds while it runs.
iceberg::Predicate ToPredicate(const duckdb::TableFilterSet& filters, const ScanColumns& columns);

}  // namespace crannog::sql::engine
