#include "sql/engine/scan/file_list.h"

#include <utility>

#include "duckdb/planner/table_filter.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/scan/pushdown.h"

namespace crannog::sql::engine {
namespace {

duckdb::OpenFileInfo ToOpenFileInfo(const iceberg::FileScan& scan) {
  duckdb::OpenFileInfo info(scan.file.path());
  // What the manifest knows already need not be asked of the store, and nothing of it ever changes.
  info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
  auto& options = info.extended_info->options;
  options["file_size"] = duckdb::Value::UBIGINT(scan.file.size_bytes());
  options["has_deletes"] = duckdb::Value::BOOLEAN(scan.deletes != nullptr);
  options["validate_external_file_cache"] = duckdb::Value::BOOLEAN(false);
  options["etag"] = duckdb::Value("");
  options["last_modified"] = duckdb::Value::TIMESTAMP(duckdb::timestamp_t(0));
  return info;
}

}  // namespace

const iceberg::ScanPlan& LakeFileList::plan() const { return *Unwrap(scan_->Plan()); }

duckdb::unique_ptr<duckdb::MultiFileList> LakeFileList::ComplexFilterPushdown(
    duckdb::ClientContext&, const duckdb::MultiFileOptions&, duckdb::MultiFilePushdownInfo& info,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) const {
  ScanColumns columns;
  columns.table_index = info.table_index;
  columns.column_ids.assign(info.column_ids.begin(), info.column_ids.end());
  columns.schema = scan_->target().schema;
  std::vector<iceberg::Predicate> parts;
  for (const auto& filter : filters) {
    auto part = ToPredicate(*filter, columns);
    if (!part.IsTrue()) parts.push_back(std::move(part));
  }
  if (parts.empty() || !scan_->raw_files().empty()) return nullptr;
  return duckdb::make_uniq<LakeFileList>(scan_->With(iceberg::Predicate::And(std::move(parts))));
}

duckdb::unique_ptr<duckdb::MultiFileList> LakeFileList::DynamicFilterPushdown(
    duckdb::ClientContext&, const duckdb::MultiFileOptions&, const duckdb::vector<std::string>&,
    const duckdb::vector<duckdb::LogicalType>&, const duckdb::vector<duckdb::column_t>& column_ids,
    duckdb::TableFilterSet& filters) const {
  if (filters.filters.empty() || plan().files.size() <= 1) return nullptr;  // raw files too
  ScanColumns columns;
  columns.column_ids.assign(column_ids.begin(), column_ids.end());
  columns.schema = scan_->target().schema;
  auto predicate = ToPredicate(filters, columns);
  if (predicate.IsTrue()) return nullptr;
  return duckdb::make_uniq<LakeFileList>(scan_->With(std::move(predicate)));
}

duckdb::vector<duckdb::OpenFileInfo> LakeFileList::GetAllFiles() const {
  duckdb::vector<duckdb::OpenFileInfo> files;
  for (const auto& raw : scan_->raw_files()) files.emplace_back(raw);
  for (const auto& scan : plan().files) files.push_back(ToOpenFileInfo(scan));
  return files;
}

// One file is scanned by several threads as well, a row group each: never SINGLE_FILE.
duckdb::FileExpandResult LakeFileList::GetExpandResult() const {
  return GetTotalFileCount() == 0 ? duckdb::FileExpandResult::NO_FILES
                                  : duckdb::FileExpandResult::MULTIPLE_FILES;
}

duckdb::idx_t LakeFileList::GetTotalFileCount() const {
  return scan_->raw_files().size() + plan().files.size();
}

duckdb::unique_ptr<duckdb::NodeStatistics> LakeFileList::GetCardinality(
    duckdb::ClientContext&) const {
  if (!scan_->raw_files().empty()) return nullptr;
  const auto rows = plan().record_count;
  return duckdb::make_uniq<duckdb::NodeStatistics>(rows, rows);
}

duckdb::unique_ptr<duckdb::MultiFileList> LakeFileList::Copy() const {
  return duckdb::make_uniq<LakeFileList>(scan_);
}

duckdb::OpenFileInfo LakeFileList::GetFile(duckdb::idx_t index) const {
  const auto& raw = scan_->raw_files();
  if (index < raw.size()) return duckdb::OpenFileInfo(raw[index]);
  const auto& files = plan().files;
  if (index >= files.size()) return duckdb::OpenFileInfo("");
  return ToOpenFileInfo(files[index]);
}

}  // namespace crannog::sql::engine
