// Carries out statements about branches and tags on the catalog.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "catalog/repository.h"
#include "sql/connection.h"
#include "sql/engine/lake/branch_statement.h"

namespace crannog::sql::engine {

// `current` is the reference the connection looks at. kUse is the connection's own business and
// only checked here.
//   kNotFound, kExists, kConflict, kInvalid  as the catalog says
Result<std::unique_ptr<Rows>> RunBranchStatement(catalog::Repository& repository,
                                                 const BranchStatement& statement,
                                                 const std::string& current);

// Rows that are ready, for answers that need no engine.
std::unique_ptr<Rows> MakeRows(AnswerKind kind, std::vector<Column> columns, RowBatch rows);

}  // namespace crannog::sql::engine
