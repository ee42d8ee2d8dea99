// ALTER TABLE, ALTER VIEW and COMMENT ON, by field id.
#pragma once

#include "base/result.h"
#include "catalog/content_key.h"
#include "duckdb/parser/parsed_data/alter_info.hpp"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {

//   kExists, kNotFound  a column or the new name
//   kInvalid            the specification forbids it (dropping a partition's source, narrowing)
//   kUnsupported        what Iceberg has no word for
Status AlterEntry(LakeTransaction& transaction, const catalog::ContentKey& key,
                  const duckdb::AlterInfo& info);

}  // namespace crannog::sql::engine
