#include "sql/engine/scan/deleted_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "duckdb/main/connection.hpp"
#include "duckdb/main/query_result.hpp"
#include "duckdb/parser/keyword_helper.hpp"
#include "sql/engine/lake/errors.h"
#include "table/iceberg/manifest/deletion_vector.h"

namespace crannog::sql::engine {
namespace {

// A deletion vector holds at most this many bytes; larger ones are damage.
constexpr uint64_t kDeletionVectorBytesMax = uint64_t{1} << 31;

std::string Quoted(std::string_view text) {
  return duckdb::KeywordHelper::WriteQuoted(std::string(text), '\'');
}

std::string Identifier(std::string_view name) {
  return duckdb::KeywordHelper::WriteQuoted(std::string(name), '"');
}

// Runs a query whose one column is a position, and appends its rows.
Status AppendPositions(duckdb::DatabaseInstance& engine, const std::string& sql,
                       DeletedRows& rows) {
  try {
    duckdb::Connection connection(engine);
    auto result = connection.SendQuery(sql);
    if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
    while (auto chunk = result->Fetch()) {
      if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
      duckdb::UnifiedVectorFormat column;
      chunk->data[0].ToUnifiedFormat(chunk->size(), column);
      const auto* positions = duckdb::UnifiedVectorFormat::GetData<int64_t>(column);
      for (duckdb::idx_t i = 0; i < chunk->size(); ++i)
        rows.push_back(static_cast<uint64_t>(positions[column.sel->get_index(i)]));
    }
    if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
    return {};
  } catch (const std::exception& exception) {
    return std::unexpected(ToError(exception));
  }
}

Status LoadPositionDeletes(duckdb::DatabaseInstance& engine, const iceberg::DeleteFile& deletes,
                           const std::string& data_file, DeletedRows& rows) {
  if (deletes.file.file_format != iceberg::FileFormat::kParquet)
    return Fail(Code::kUnsupported,
                "position deletes that are not Parquet: " + deletes.file.file_path);
  const std::string sql = "SELECT pos FROM parquet_scan(" + Quoted(deletes.file.file_path) +
                          ", hive_partitioning=false) WHERE file_path = " + Quoted(data_file);
  auto status = AppendPositions(engine, sql, rows);
  if (!status)
    return std::unexpected(
        std::move(status).error().Within("read position deletes " + deletes.file.file_path));
  return {};
}

// The schema of just those columns, nested ones within their structs; a column that was dropped
// since is found in an older schema.
Result<iceberg::SchemaPtr> SchemaWith(const ScanTarget& target, const std::vector<int32_t>& ids) {
  auto has_all = [&](const iceberg::Schema& schema) {
    return std::ranges::all_of(ids, [&](int32_t id) { return schema.FindById(id) != nullptr; });
  };
  if (has_all(*target.schema)) return target.schema->Select(ids);
  for (const auto& schema : target.table->schemas)
    if (has_all(*schema)) return schema->Select(ids);
  return Fail(Code::kCorrupt, "equality deletes by columns that no schema of the table has");
}

// "a"."b": the path of a column, quoted part by part.
std::string ColumnPath(const iceberg::Schema& schema, int32_t id) {
  std::string path;
  for (std::optional<int32_t> at = id; at; at = schema.ParentOf(*at))
    path = Identifier(schema.FindById(*at)->name) + (path.empty() ? "" : ".") + path;
  return path;
}

// Rows of the data file that equal a row of the delete file in all its columns, NULLs included.
Status LoadEqualityDeletes(duckdb::DatabaseInstance& engine, const ScanTarget& target,
                           const iceberg::DeleteFile& deletes, const std::string& data_file,
                           DeletedRows& rows) {
  if (deletes.file.file_format != iceberg::FileFormat::kParquet)
    return Fail(Code::kUnsupported,
                "equality deletes that are not Parquet: " + deletes.file.file_path);
  auto compared = std::make_shared<ScanTarget>(target);
  CRANNOG_ASSIGN(compared->schema, SchemaWith(target, deletes.file.equality_ids));
  std::string match;
  for (const auto id : deletes.file.equality_ids) {
    const std::string column = ColumnPath(*compared->schema, id);
    if (!match.empty()) match += " AND ";
    match += "d." + column + " IS NOT DISTINCT FROM e." + column;
  }
  auto& offered = target.lake->offered;
  const OfferedScan data(offered,
                         std::make_shared<const TableScan>(compared, std::vector{data_file}));
  const OfferedScan gone(
      offered, std::make_shared<const TableScan>(compared, std::vector{deletes.file.file_path}));
  const std::string sql = "SELECT d.file_row_number FROM " + data.sql() + " d SEMI JOIN " +
                          gone.sql() + " e ON " + match;
  auto status = AppendPositions(engine, sql, rows);
  if (!status)
    return std::unexpected(
        std::move(status).error().Within("apply equality deletes " + deletes.file.file_path));
  return {};
}

Result<DeletedRows> LoadDeletionVector(const ScanTarget& target,
                                       const iceberg::DeleteFile& deletes) {
  const auto& file = deletes.file;
  if (!file.content_offset || !file.content_size_in_bytes || *file.content_offset < 0 ||
      *file.content_size_in_bytes < 0 ||
      static_cast<uint64_t>(*file.content_size_in_bytes) > kDeletionVectorBytesMax)
    return Fail(Code::kCorrupt, "deletion vector in " + file.file_path + " has no place in it");
  CRANNOG_ASSIGN(auto reader, target.lake->files.Open(file.file_path));
  std::string blob(static_cast<size_t>(*file.content_size_in_bytes), '\0');
  CRANNOG_ASSIGN(const size_t got,
                 reader->ReadAt(static_cast<uint64_t>(*file.content_offset), blob));
  if (got != blob.size()) return Fail(Code::kCorrupt, file.file_path + " is cut short");
  auto vector = iceberg::DeletionVector::Decode(blob);
  if (!vector)
    return std::unexpected(std::move(vector).error().Within("deletion vector " + file.file_path));
  return vector->Positions();
}

}  // namespace

Result<DeletedRows> LoadDeletedRows(duckdb::DatabaseInstance& engine, const ScanTarget& target,
                                    const iceberg::FileScan& scan) {
  DeletedRows rows;
  if (!scan.deletes) return rows;
  if (scan.deletes->deletion_vector) {
    CRANNOG_ASSIGN(rows, LoadDeletionVector(target, *scan.deletes->deletion_vector));
  }
  const std::string data_file = scan.file.path();
  for (const auto* deletes : scan.deletes->position_deletes)
    CRANNOG_RETURN_IF_ERROR(LoadPositionDeletes(engine, *deletes, data_file, rows));
  for (const auto* deletes : scan.deletes->equality_deletes)
    CRANNOG_RETURN_IF_ERROR(LoadEqualityDeletes(engine, target, *deletes, data_file, rows));
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

duckdb::idx_t DeletedRowsFilter::Filter(duckdb::row_t start, duckdb::idx_t count,
                                        duckdb::SelectionVector& kept) {
  const auto first = static_cast<uint64_t>(start);
  auto next = std::ranges::lower_bound(*rows_, first);
  kept.Initialize(count);
  duckdb::idx_t kept_count = 0;
  for (duckdb::idx_t i = 0; i < count; ++i) {
    if (next != rows_->end() && *next == first + i) {
      ++next;
    } else {
      kept.set_index(kept_count++, i);
    }
  }
  return kept_count;
}

}  // namespace crannog::sql::engine
