// Rows in, data files out: one writer for a statement, one local part for each thread.
//
// Unpartitioned tables get a file a thread (more when files pass their target size). Partitioned
// rows gather by partition in memory that the engine may spill; a partition that fills a row group
// opens a file at once, what remains at the end is joined over all threads, one file a partition.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/execution/execution_context.hpp"
#include "sql/engine/lake/lake.h"
#include "sql/engine/write/parquet_format.h"
#include "sql/engine/write/partitioner.h"
#include "table/iceberg/table_change.h"

namespace crannog::sql::engine {

// One data file being written. Not thread-safe.
class DataFileWriter {
 public:
  DataFileWriter(duckdb::ExecutionContext& context, const ParquetFormat& format,
                 std::string location);
  void Append(duckdb::ExecutionContext& context, duckdb::DataChunk& rows);
  bool full(uint64_t size_bytes_target) const;
  // Makes the file whole and durable.
  iceberg::DataFile Finish(duckdb::ExecutionContext& context);

 private:
  const ParquetFormat& format_;
  std::string location_;
  duckdb::unique_ptr<duckdb::GlobalFunctionData> global_;
  duckdb::unique_ptr<duckdb::LocalFunctionData> local_;
  duckdb::CopyFunctionFileStatistics statistics_;
};

class TableWriter {
 public:
  // Files belong to the table's current schema and default spec.
  // `name` is the table's, for errors.
  TableWriter(duckdb::ClientContext& client, const Lake& lake, std::string name,
              iceberg::TableMetadataPtr table);

  struct Rows {
    PartitionKey key;
    std::unique_ptr<DataFileWriter> file;  // once the partition filled a row group
    std::unique_ptr<duckdb::ColumnDataCollection> buffer;
  };
  // What one thread gathers.
  class Local {
   public:
    explicit Local(const TableWriter& writer);

   private:
    friend class TableWriter;
    Partitioner partitioner_;
    std::unique_ptr<DataFileWriter> file_;  // of an unpartitioned table
    std::unordered_map<std::string, Rows> partitions_;
  };

  // `rows` has the table's columns in order. kInvalid (thrown) for NULL in a required column.
  void Append(duckdb::ExecutionContext& context, Local& local, duckdb::DataChunk& rows);
  // Takes what the thread still holds.
  void Combine(duckdb::ExecutionContext& context, Local& local);
  // The files of all threads, finished.
  std::vector<iceberg::AddedFile> Finish(duckdb::ExecutionContext& context);
  const duckdb::vector<duckdb::LogicalType>& types() const { return types_; }
  // Locations of files begun so far; to be removed when the statement fails.
  std::vector<std::string> locations();

 private:
  std::string NewFile(const PartitionKey& key);
  void CheckRequired(duckdb::DataChunk& rows) const;
  void AppendPartitioned(duckdb::ExecutionContext& context, Local& local, duckdb::DataChunk& rows);
  void WriteBuffer(duckdb::ExecutionContext& context, Rows& rows);
  void Keep(duckdb::ExecutionContext& context, DataFileWriter& file, const PartitionKey& key);

  duckdb::ClientContext& client_;
  const Lake& lake_;
  std::string table_name_;
  iceberg::TableMetadataPtr table_;
  iceberg::SchemaPtr schema_;
  iceberg::PartitionSpecPtr spec_;
  ParquetFormat format_;
  std::string data_location_;
  uint64_t file_size_bytes_target_;
  duckdb::vector<duckdb::LogicalType> types_;
  std::mutex mutex_;  // guards what follows
  std::vector<iceberg::AddedFile> files_;
  std::vector<std::string> locations_;
  std::unordered_map<std::string, Rows> rest_;
};

}  // namespace crannog::sql::engine
