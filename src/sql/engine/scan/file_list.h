// A table's files as the engine's list of files, narrowed by every filter it pushes down.
#pragma once

#include <memory>

#include "duckdb/common/multi_file/multi_file_list.hpp"
#include "sql/engine/scan/table_scan.h"

namespace crannog::sql::engine {

// Thread-safe; copies share the plan.
class LakeFileList : public duckdb::MultiFileList {
 public:
  explicit LakeFileList(std::shared_ptr<const TableScan> scan) : scan_(std::move(scan)) {}
  const TableScan& scan() const { return *scan_; }
  const iceberg::ScanPlan& plan() const;

  duckdb::unique_ptr<duckdb::MultiFileList> ComplexFilterPushdown(
      duckdb::ClientContext& client, const duckdb::MultiFileOptions& options,
      duckdb::MultiFilePushdownInfo& info,
      duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> DynamicFilterPushdown(
      duckdb::ClientContext& client, const duckdb::MultiFileOptions& options,
      const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types,
      const duckdb::vector<duckdb::column_t>& column_ids,
      duckdb::TableFilterSet& filters) const override;

  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override;
  duckdb::FileExpandResult GetExpandResult() const override;
  duckdb::idx_t GetTotalFileCount() const override;
  duckdb::unique_ptr<duckdb::NodeStatistics> GetCardinality(
      duckdb::ClientContext& client) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> Copy() const override;

 protected:
  duckdb::OpenFileInfo GetFile(duckdb::idx_t index) const override;

 private:
  std::shared_ptr<const TableScan> scan_;
};

}  // namespace crannog::sql::engine
