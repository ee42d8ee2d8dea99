// The catalog's planning hooks: what INSERT, CREATE TABLE AS, DELETE, UPDATE and MERGE become.
#include <utility>

#include "duckdb/common/multi_file/multi_file_states.hpp"
#include "duckdb/execution/operator/persistent/physical_merge_into.hpp"
#include "duckdb/execution/operator/projection/physical_projection.hpp"
#include "duckdb/execution/operator/scan/physical_empty_result.hpp"
#include "duckdb/execution/operator/scan/physical_table_scan.hpp"
#include "duckdb/execution/physical_plan_generator.hpp"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "duckdb/planner/operator/logical_create_table.hpp"
#include "duckdb/planner/operator/logical_delete.hpp"
#include "duckdb/planner/operator/logical_insert.hpp"
#include "duckdb/planner/operator/logical_merge_into.hpp"
#include "duckdb/planner/operator/logical_update.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"
#include "sql/engine/scan/file_list.h"
#include "sql/engine/write_operator.h"

namespace crannog::sql::engine {
namespace {

using Expressions = duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>;

LakeTableEntry& TableOf(duckdb::TableCatalogEntry& table) {
  auto* lake_table = dynamic_cast<LakeTableEntry*>(&table);
  if (!lake_table)
    Throw(Error(Code::kInvalid, "write to " + table.name + ": it only tells about a table"));
  if (lake_table->target().past)
    Throw(Error(Code::kInvalid, "write to " + table.name + ": AT reads the past"));
  return *lake_table;
}

std::shared_ptr<StatementWrite> WriteTo(duckdb::TableCatalogEntry& table) {
  const auto& lake_table = TableOf(table);
  auto write = std::make_shared<StatementWrite>();
  write->key = lake_table.key();
  write->target = lake_table.shared_target();
  return write;
}

duckdb::PhysicalOperator& Project(duckdb::PhysicalPlanGenerator& planner, Expressions expressions,
                                  duckdb::PhysicalOperator& child) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const auto& expression : expressions) types.push_back(expression->return_type);
  auto& projection = planner.Make<duckdb::PhysicalProjection>(
      std::move(types), std::move(expressions), child.estimated_cardinality);
  projection.children.push_back(child);
  return projection;
}

duckdb::unique_ptr<duckdb::Expression> Column(const duckdb::PhysicalOperator& child,
                                              duckdb::idx_t index) {
  return duckdb::make_uniq<duckdb::BoundReferenceExpression>(child.types[index], index);
}

// ORDER BY in the source is kept within files only when one thread writes them.
bool MayWriteInParallel(duckdb::PhysicalOperator& plan) {
  return duckdb::PhysicalPlanGenerator::OrderPreservationRecursive(plan) !=
         duckdb::OrderPreservationType::FIXED_ORDER;
}

// A bare scan of the whole table, whose rows the last snapshot has counted.
bool DeletesEverything(const duckdb::PhysicalOperator& plan, const ScanTarget& target) {
  if (plan.type != duckdb::PhysicalOperatorType::TABLE_SCAN) return false;
  const auto& scan = plan.Cast<duckdb::PhysicalTableScan>();
  if (scan.table_filters && !scan.table_filters->filters.empty()) return false;
  // A filter that pruned files may be gone because it holds for every row of those that are left.
  const auto& files = scan.bind_data->Cast<duckdb::MultiFileBindData>().file_list;
  if (!files->Cast<LakeFileList>().scan().predicate().IsTrue()) return false;
  if (!target.snapshot) return true;
  const auto& summary = target.snapshot->summary;
  const auto deletes = summary.find("total-delete-files");
  return deletes != summary.end() && deletes->second == "0" && summary.contains("total-records");
}

// New values of an UPDATE in the order of the table's columns, then where the row is.
Expressions UpdatedRow(const duckdb::TableCatalogEntry& table,
                       const duckdb::vector<duckdb::PhysicalIndex>& columns, Expressions values,
                       const Expressions& defaults, Expressions row_id) {
  Expressions row(table.GetColumns().PhysicalColumnCount());
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto column = columns[i].index;
    row[column] = values[i]->GetExpressionType() == duckdb::ExpressionType::VALUE_DEFAULT
                      ? defaults[column]->Copy()
                      : std::move(values[i]);
  }
  for (auto& part : row_id) row.push_back(std::move(part));
  return row;
}

LakeWrite::Layout UpdateLayout(duckdb::TableCatalogEntry& table, bool returning) {
  LakeWrite::Layout layout;
  layout.kind = WriteKind::kUpdate;
  layout.file_column = table.GetColumns().PhysicalColumnCount();
  layout.position_column = layout.file_column + 1;
  layout.returning = returning;
  return layout;
}

// Plans the actions of one MERGE over one shared write.
class MergePlanner {
 public:
  MergePlanner(LakeCatalog& catalog, duckdb::PhysicalPlanGenerator& planner,
               duckdb::LogicalMergeInto& op, duckdb::PhysicalOperator& plan)
      : catalog_(catalog), planner_(planner), op_(op), plan_(plan), write_(WriteTo(op.table)) {
    write_->refuse_repeats = true;
  }

  duckdb::unique_ptr<duckdb::MergeIntoOperator> Plan(duckdb::BoundMergeIntoAction& action) {
    auto planned = duckdb::make_uniq<duckdb::MergeIntoOperator>();
    planned->action_type = action.action_type;
    planned->condition = std::move(action.condition);
    switch (action.action_type) {
      case duckdb::MergeActionType::MERGE_UPDATE:
        planned->expressions = UpdatedRow(op_.table, action.columns, std::move(action.expressions),
                                          op_.bound_defaults, RowId());
        planned->op = MakeWrite(UpdateLayout(op_.table, false));
        break;
      case duckdb::MergeActionType::MERGE_DELETE: {
        planned->expressions = RowId();
        LakeWrite::Layout layout;
        layout.kind = WriteKind::kDelete;
        layout.position_column = 1;
        planned->op = MakeWrite(layout);
        break;
      }
      case duckdb::MergeActionType::MERGE_INSERT:
        planned->expressions = InsertedRow(action);
        planned->op = MakeWrite(LakeWrite::Layout());
        break;
      default:
        planned->expressions = std::move(action.expressions);
    }
    return planned;
  }

 private:
  Expressions RowId() {
    Expressions parts;
    parts.push_back(Column(plan_, op_.row_id_start));
    parts.push_back(Column(plan_, op_.row_id_start + 1));
    return parts;
  }

  Expressions InsertedRow(duckdb::BoundMergeIntoAction& action) {
    if (action.column_index_map.empty()) return std::move(action.expressions);
    Expressions row;
    for (const auto& column : op_.table.GetColumns().Physical()) {
      const auto mapped = action.column_index_map[column.Physical()];
      row.push_back(mapped == duckdb::DConstants::INVALID_INDEX
                        ? op_.bound_defaults[column.StorageOid()]->Copy()
                        : std::move(action.expressions[mapped]));
    }
    return row;
  }

  duckdb::PhysicalOperator& MakeWrite(const LakeWrite::Layout& layout) {
    duckdb::vector<duckdb::LogicalType> types{duckdb::LogicalType::BIGINT};
    return planner_.Make<LakeWrite>(std::move(types), catalog_, write_, layout);
  }

  LakeCatalog& catalog_;
  duckdb::PhysicalPlanGenerator& planner_;
  duckdb::LogicalMergeInto& op_;
  duckdb::PhysicalOperator& plan_;
  std::shared_ptr<StatementWrite> write_;
};

}  // namespace

duckdb::PhysicalOperator& LakeCatalog::PlanInsert(
    duckdb::ClientContext&, duckdb::PhysicalPlanGenerator& planner, duckdb::LogicalInsert& op,
    duckdb::optional_ptr<duckdb::PhysicalOperator> plan) {
  if (op.on_conflict_info.action_type != duckdb::OnConflictAction::THROW)
    Throw(Error(Code::kUnsupported, "INSERT .. ON CONFLICT: lake tables have no keys; use MERGE"));
  if (!op.column_index_map.empty()) plan = planner.ResolveDefaultsProjection(op, *plan);
  LakeWrite::Layout layout;
  layout.returning = op.return_chunk;
  layout.parallel = MayWriteInParallel(*plan);
  auto& insert = planner.Make<LakeWrite>(op.types, *this, WriteTo(op.table), layout);
  insert.children.push_back(*plan);
  return insert;
}

duckdb::PhysicalOperator& LakeCatalog::PlanCreateTableAs(duckdb::ClientContext& client,
                                                         duckdb::PhysicalPlanGenerator& planner,
                                                         duckdb::LogicalCreateTable& op,
                                                         duckdb::PhysicalOperator& plan) {
  // Columns take the types the table can hold before anything is written.
  Expressions columns;
  auto& info = op.info->Base();
  duckdb::ColumnList list;
  duckdb::idx_t index = 0;
  for (const auto& column : info.columns.Logical()) {
    const auto type = ToEngineType(Unwrap(ToIcebergType(column.Type())));
    columns.push_back(
        duckdb::BoundCastExpression::AddCastToType(client, Column(plan, index++), type));
    duckdb::ColumnDefinition kept(column.Name(), type);
    kept.SetComment(column.Comment());
    list.AddColumn(std::move(kept));
  }
  info.columns = std::move(list);
  auto write = std::make_shared<StatementWrite>();
  write->create = std::move(op.info);
  write->schema = &op.schema;
  LakeWrite::Layout layout;
  layout.parallel = MayWriteInParallel(plan);
  auto& source = Project(planner, std::move(columns), plan);
  auto& create = planner.Make<LakeWrite>(op.types, *this, std::move(write), layout);
  create.children.push_back(source);
  return create;
}

duckdb::PhysicalOperator& LakeCatalog::PlanDelete(duckdb::ClientContext&,
                                                  duckdb::PhysicalPlanGenerator& planner,
                                                  duckdb::LogicalDelete& op,
                                                  duckdb::PhysicalOperator& plan) {
  if (op.return_chunk)
    Throw(Error(Code::kUnsupported, "DELETE .. RETURNING; SELECT the rows first"));
  auto write_to = WriteTo(op.table);
  LakeWrite::Layout layout;
  layout.kind = WriteKind::kDelete;
  if (DeletesEverything(plan, *write_to->target)) {
    write_to->everything = true;
    auto& write = planner.Make<LakeWrite>(op.types, *this, std::move(write_to), layout);
    write.children.push_back(
        planner.Make<duckdb::PhysicalEmptyResult>(plan.types, duckdb::idx_t{0}));
    return write;
  }
  layout.file_column = op.expressions[0]->Cast<duckdb::BoundReferenceExpression>().index;
  layout.position_column = op.expressions[1]->Cast<duckdb::BoundReferenceExpression>().index;
  auto& write = planner.Make<LakeWrite>(op.types, *this, std::move(write_to), layout);
  write.children.push_back(plan);
  return write;
}

duckdb::PhysicalOperator& LakeCatalog::PlanUpdate(duckdb::ClientContext&,
                                                  duckdb::PhysicalPlanGenerator& planner,
                                                  duckdb::LogicalUpdate& op,
                                                  duckdb::PhysicalOperator& plan) {
  Expressions row_id;
  row_id.push_back(Column(plan, plan.types.size() - 2));
  row_id.push_back(Column(plan, plan.types.size() - 1));
  auto& source = Project(planner,
                         UpdatedRow(op.table, op.columns, std::move(op.expressions),
                                    op.bound_defaults, std::move(row_id)),
                         plan);
  auto& write = planner.Make<LakeWrite>(op.types, *this, WriteTo(op.table),
                                        UpdateLayout(op.table, op.return_chunk));
  write.children.push_back(source);
  return write;
}

duckdb::PhysicalOperator& LakeCatalog::PlanMergeInto(duckdb::ClientContext&,
                                                     duckdb::PhysicalPlanGenerator& planner,
                                                     duckdb::LogicalMergeInto& op,
                                                     duckdb::PhysicalOperator& plan) {
  if (op.return_chunk) Throw(Error(Code::kUnsupported, "MERGE .. RETURNING"));
  MergePlanner merge(*this, planner, op, plan);
  duckdb::map<duckdb::MergeActionCondition,
              duckdb::vector<duckdb::unique_ptr<duckdb::MergeIntoOperator>>>
      actions;
  for (auto& [condition, bound] : op.actions)
    for (auto& action : bound) actions[condition].push_back(merge.Plan(*action));
  auto& result = planner.Make<duckdb::PhysicalMergeInto>(
      op.types, std::move(actions), op.row_id_start, op.source_marker, true, false);
  result.children.push_back(plan);
  return result;
}

}  // namespace crannog::sql::engine
