// How the engine's multi-file scan reads one table: the columns and their field ids, and for each
// file its deletes, the columns it lacks ids for, and the values its partition fixes.
#pragma once

#include <memory>

#include "duckdb/common/multi_file/multi_file_reader.hpp"
#include "duckdb/function/table_function.hpp"
#include "sql/engine/scan/file_list.h"
#include "table/iceberg/format/name_mapping.h"

namespace crannog::sql::engine {

// Carries the scan into the engine's bind.
struct ScanFunctionInfo : public duckdb::TableFunctionInfo {
  explicit ScanFunctionInfo(std::shared_ptr<const TableScan> table_scan)
      : scan(std::move(table_scan)) {}
  std::shared_ptr<const TableScan> scan;
};

class LakeMultiFileReader : public duckdb::MultiFileReader {
 public:
  explicit LakeMultiFileReader(std::shared_ptr<const TableScan> scan) : scan_(std::move(scan)) {}
  static duckdb::unique_ptr<duckdb::MultiFileReader> Create(const duckdb::TableFunction& function);

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(
      duckdb::ClientContext& client, const duckdb::vector<std::string>& paths,
      const duckdb::FileGlobInput& glob) override;
  bool Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList& files,
            duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names,
            duckdb::MultiFileReaderBindData& bind_data) override;
  duckdb::ReaderInitializeType InitializeReader(
      duckdb::MultiFileReaderData& reader_data, const duckdb::MultiFileBindData& bind_data,
      const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
      const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
      duckdb::optional_ptr<duckdb::TableFilterSet> table_filters, duckdb::ClientContext& client,
      duckdb::MultiFileGlobalState& global_state) override;
  // Throws kCorrupt, naming table and file, for a file that is no Parquet.
  duckdb::shared_ptr<duckdb::BaseFileReader> CreateReader(
      duckdb::ClientContext& client, duckdb::GlobalTableFunctionState& global_state,
      const duckdb::OpenFileInfo& file, duckdb::idx_t file_index,
      const duckdb::MultiFileBindData& bind_data) override;
  using MultiFileReader::CreateReader;
  duckdb::unique_ptr<duckdb::MultiFileReader> Copy() const override;

 private:
  std::shared_ptr<const TableScan> scan_;
};

}  // namespace crannog::sql::engine
