// Iceberg types and values to the engine's and back.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "duckdb/common/types.hpp"
#include "duckdb/common/types/value.hpp"
#include "duckdb/parser/column_definition.hpp"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"

namespace crannog::sql::engine {

namespace iceberg = table::iceberg;

// Every Iceberg type has one. unknown reads as INTEGER (all its values are NULL), fixed and
// geography as BLOB, timestamptz_ns as TIMESTAMP WITH TIME ZONE (microseconds).
duckdb::LogicalType ToEngineType(const iceberg::Type& type);

// The type of a new column. Small integers widen to int, UBIGINT to decimal(20,0), HUGEINT to
// decimal(38,0), enums become strings, arrays lists. Field ids are all 0: iceberg::AssignFreshIds
// gives them.
//   kUnsupported  INTERVAL, BIT, UNION, TIME WITH TIME ZONE, and what format version 2 lacks
Result<iceberg::Type> ToIcebergType(const duckdb::LogicalType& type);

// A primitive value. Null for NULL.
duckdb::Value ToEngineValue(const iceberg::Value& value, const iceberg::Type& type);

// `value` cast to `type` first.
//   kInvalid      it does not fit      kUnsupported  a nested type
Result<iceberg::Value> ToIcebergValue(const duckdb::Value& value, const iceberg::Type& type);

}  // namespace crannog::sql::engine
