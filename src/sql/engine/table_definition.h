// CREATE TABLE's clauses as Iceberg has them: columns, PARTITIONED BY, SORTED BY, WITH.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "sql/engine/lake/lake.h"
#include "table/iceberg/new_table.h"

namespace crannog::sql::engine {

// `location` serves tables whose WITH clause names none.
//   kInvalid      an unknown transform or a constraint that Iceberg cannot keep
//   kUnsupported  a column type, PRIMARY KEY, UNIQUE, CHECK, FOREIGN KEY, generated columns
Result<iceberg::NewTableOptions> ReadTableDefinition(const duckdb::CreateTableInfo& info,
                                                     std::string location);

// `day(ts)`, `bucket(16, id)`, `truncate(4, name)`, `category`; bucket and truncate also take
// their arguments the other way around.
Result<std::vector<iceberg::UnboundPartitionField>> ReadPartitionFields(
    const duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>>& terms);

// The options of WITH (..) and SET (..) as Iceberg's properties, all text.
Result<std::map<std::string, std::string>> ReadProperties(
    const duckdb::case_insensitive_map_t<duckdb::unique_ptr<duckdb::ParsedExpression>>& options);

}  // namespace crannog::sql::engine
