#include "sql/engine/table_entry.h"

#include <algorithm>
#include <utility>

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/parser/constraints/not_null_constraint.hpp"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/planner/operator/logical_projection.hpp"
#include "duckdb/planner/operator/logical_update.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/table_storage_info.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"
#include "sql/engine/scan/scan_function.h"

namespace crannog::sql::engine {

LakeTableEntry::LakeTableEntry(duckdb::Catalog& owner, duckdb::SchemaCatalogEntry& owner_schema,
                               duckdb::CreateTableInfo& info, catalog::ContentKey key,
                               std::shared_ptr<const ScanTarget> target)
    : TableCatalogEntry(owner, owner_schema, info),
      key_(std::move(key)),
      target_(std::move(target)) {
  target_->entry = this;
}

// The scan answers with what remains after pruning; the table as a whole has nothing to add.
duckdb::unique_ptr<duckdb::BaseStatistics> LakeTableEntry::GetStatistics(duckdb::ClientContext&,
                                                                         duckdb::column_t) {
  return nullptr;
}

duckdb::TableFunction LakeTableEntry::GetScanFunction(
    duckdb::ClientContext& client, duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  return MakeScanFunction(client, target_, bind_data);
}

duckdb::TableStorageInfo LakeTableEntry::GetStorageInfo(duckdb::ClientContext&) {
  duckdb::TableStorageInfo info;
  if (!target_->snapshot) return info;
  const auto& summary = target_->snapshot->summary;
  if (auto rows = summary.find("total-records"); rows != summary.end())
    info.cardinality = std::strtoull(rows->second.c_str(), nullptr, 10);
  return info;
}

duckdb::virtual_column_map_t LakeTableEntry::GetVirtualColumns() const { return VirtualColumns(); }

duckdb::vector<duckdb::column_t> LakeTableEntry::GetRowIdColumns() const { return RowIdColumns(); }

// As LogicalUpdate::BindExtraColumns, but a column that the scan has already is not added again:
// the Parquet reader reads every column once.
void LakeTableEntry::BindUpdateConstraints(duckdb::Binder&, duckdb::LogicalGet& get,
                                           duckdb::LogicalProjection& projection,
                                           duckdb::LogicalUpdate& update, duckdb::ClientContext&) {
  for (const auto& column : GetColumns().Physical()) {
    const auto index = column.Physical();
    if (std::ranges::find(update.columns, index) != update.columns.end()) continue;
    const auto& scanned = get.GetColumnIds();
    duckdb::idx_t position = 0;
    while (position < scanned.size() && scanned[position].GetPrimaryIndex() != index.index)
      ++position;
    if (position == scanned.size()) get.AddColumnId(index.index);
    update.expressions.push_back(duckdb::make_uniq<duckdb::BoundColumnRefExpression>(
        column.Type(),
        duckdb::ColumnBinding(projection.table_index, projection.expressions.size())));
    projection.expressions.push_back(duckdb::make_uniq<duckdb::BoundColumnRefExpression>(
        column.Type(), duckdb::ColumnBinding(get.table_index, position)));
    update.columns.push_back(index);
  }
  update.update_is_del_and_insert = true;
}

void DescribeColumns(const iceberg::Schema& schema, duckdb::CreateTableInfo& info) {
  duckdb::idx_t index = 0;
  for (const auto& field : schema.fields()) {
    duckdb::ColumnDefinition column(field.name, ToEngineType(field.type));
    if (field.doc) column.SetComment(duckdb::Value(*field.doc));
    if (!field.write_default.is_null() && field.type.is_primitive())
      column.SetDefaultValue(duckdb::make_uniq<duckdb::ConstantExpression>(
          ToEngineValue(field.write_default, field.type)));
    info.columns.AddColumn(std::move(column));
    if (field.required)
      info.constraints.push_back(
          duckdb::make_uniq<duckdb::NotNullConstraint>(duckdb::LogicalIndex(index)));
    ++index;
  }
}

duckdb::unique_ptr<LakeTableEntry> MakeTableEntry(duckdb::SchemaCatalogEntry& schema,
                                                  const catalog::ContentKey& key,
                                                  std::shared_ptr<const ScanTarget> target) {
  duckdb::CreateTableInfo info(schema, std::string(key.name()));
  DescribeColumns(*target->schema, info);
  if (auto comment = target->table->Property("comment", ""); !comment.empty())
    info.comment = duckdb::Value(std::string(comment));
  return duckdb::make_uniq<LakeTableEntry>(schema.catalog, schema, info, key, std::move(target));
}

}  // namespace crannog::sql::engine
