// How the engine's Parquet writer is told to write a table's files, and what it says about them in
// the words of a manifest.
#pragma once

#include <string>
#include <vector>

#include "duckdb/function/copy_function.hpp"
#include "sql/engine/lake/lake.h"
#include "table/iceberg/manifest/data_file.h"

namespace crannog::sql::engine {

// The writer bound to one schema. Immutable once made; shared by all threads that write.
struct ParquetFormat {
  duckdb::CopyFunction function;
  duckdb::unique_ptr<duckdb::FunctionData> bind_data;
  iceberg::SchemaPtr schema;

  // Field ids, and the compression that the table asks for
  // (write.parquet.compression-codec, snappy by default).
  ParquetFormat(duckdb::ClientContext& client, const iceberg::TableMetadata& table,
                iceberg::SchemaPtr table_schema);
};

// Counts, sizes and bounds by field id; strings and bytes are cut to 16 as the reference does
// (specification, "Data File Fields"; property write.metadata.metrics.default).
void AddMetrics(const duckdb::CopyFunctionFileStatistics& statistics, const iceberg::Schema& schema,
                iceberg::DataFile& file);

}  // namespace crannog::sql::engine
