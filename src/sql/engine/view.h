// Views: kept as Iceberg views, with the SQL as the engine prints it.
#pragma once

#include "base/result.h"
#include "catalog/content.h"
#include "catalog/content_key.h"
#include "duckdb/catalog/catalog_entry/schema_catalog_entry.hpp"
#include "duckdb/catalog/catalog_entry/view_catalog_entry.hpp"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {

inline constexpr const char* kViewDialect = "duckdb";

// Throws what Throw() throws: kUnsupported when no representation is in a dialect we read.
duckdb::unique_ptr<duckdb::CatalogEntry> MakeViewEntry(duckdb::SchemaCatalogEntry& schema,
                                                       const catalog::ContentKey& key,
                                                       const catalog::IcebergView& view,
                                                       const Lake& lake);

// Writes the view's next metadata file and puts it into the transaction.
Status WriteView(LakeTransaction& transaction, const catalog::ContentKey& key,
                 duckdb::CreateViewInfo& info);

}  // namespace crannog::sql::engine
