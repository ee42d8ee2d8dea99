#include "sql/engine/alter.h"

#include <utility>

#include "duckdb/common/string_util.hpp"
#include "duckdb/parser/expression/columnref_expression.hpp"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/parser/parsed_data/alter_table_info.hpp"
#include "duckdb/parser/parsed_data/comment_on_column_info.hpp"
#include "sql/engine/lake/types.h"
#include "sql/engine/table_definition.h"
#include "table/iceberg/schema_update.h"
#include "table/iceberg/spec_update.h"

namespace crannog::sql::engine {
namespace {

std::string JoinPath(const duckdb::vector<std::string>& path) {
  return duckdb::StringUtil::Join(path, ".");
}

// SQL finds columns without regard to case; field paths are exact.
std::string ExactPath(const iceberg::Schema& schema, const std::string& path) {
  const auto* field = schema.FindByNameCaseless(path);
  return field ? std::string(schema.NameOf(field->id)) : path;
}

Status AddColumn(iceberg::SchemaUpdate& update, std::string parent,
                 const duckdb::ColumnDefinition& column) {
  iceberg::NewColumn added;
  added.parent = std::move(parent);
  added.name = column.Name();
  CRANNOG_ASSIGN(added.type, ToIcebergType(column.Type()));
  if (column.HasDefaultValue()) {
    const auto& value = column.DefaultValue();
    const bool constant = value.GetExpressionClass() == duckdb::ExpressionClass::CONSTANT;
    if (!constant)
      return Fail(Code::kUnsupported, "a default that is no constant: " + value.ToString());
    CRANNOG_ASSIGN(added.default_value,
                   ToIcebergValue(value.Cast<duckdb::ConstantExpression>().value, added.type));
  }
  return update.AddColumn(added);
}

Status ApplyDefault(iceberg::SchemaUpdate& update, const std::string& path,
                    const iceberg::Schema& schema, const duckdb::SetDefaultInfo& info) {
  if (!info.expression) return update.SetWriteDefault(path, iceberg::Value());
  if (info.expression->GetExpressionClass() != duckdb::ExpressionClass::CONSTANT)
    return Fail(Code::kUnsupported,
                "a default that is no constant: " + info.expression->ToString());
  const auto* field = schema.FindByName(path);
  if (!field) return Fail(Code::kNotFound, "no column " + path);
  const auto& constant = info.expression->Cast<duckdb::ConstantExpression>().value;
  CRANNOG_ASSIGN(auto value, ToIcebergValue(constant, field->type));
  return update.SetWriteDefault(path, value);
}

Status ApplyPromotion(iceberg::SchemaUpdate& update, const std::string& path,
                      const duckdb::ChangeColumnTypeInfo& info) {
  CRANNOG_ASSIGN(auto type, ToIcebergType(info.target_type));
  return update.PromoteColumn(path, type);
}

// The changes of columns; other kinds of ALTER leave the update as it is.
Status ApplyToSchema(iceberg::SchemaUpdate& update, const iceberg::Schema& schema,
                     const duckdb::AlterTableInfo& info) {
  using duckdb::AlterTableType;
  switch (info.alter_table_type) {
    case AlterTableType::ADD_COLUMN: {
      const auto& add = info.Cast<duckdb::AddColumnInfo>();
      const bool there = schema.FindByNameCaseless(add.new_column.Name()) != nullptr;
      if (there && add.if_column_not_exists) return {};
      if (there) return Fail(Code::kExists, "column " + add.new_column.Name() + " exists already");
      return AddColumn(update, "", add.new_column);
    }
    case AlterTableType::ADD_FIELD: {
      const auto& add = info.Cast<duckdb::AddFieldInfo>();
      const auto parent = ExactPath(schema, JoinPath(add.column_path));
      const bool there = schema.FindByNameCaseless(parent + "." + add.new_field.Name()) != nullptr;
      if (there && add.if_field_not_exists) return {};
      return AddColumn(update, parent, add.new_field);
    }
    case AlterTableType::REMOVE_COLUMN: {
      const auto& remove = info.Cast<duckdb::RemoveColumnInfo>();
      if (remove.if_column_exists && !schema.FindByNameCaseless(remove.removed_column)) return {};
      return update.DropColumn(ExactPath(schema, remove.removed_column));
    }
    case AlterTableType::REMOVE_FIELD: {
      const auto& remove = info.Cast<duckdb::RemoveFieldInfo>();
      const auto path = JoinPath(remove.column_path);
      if (remove.if_column_exists && !schema.FindByNameCaseless(path)) return {};
      return update.DropColumn(ExactPath(schema, path));
    }
    case AlterTableType::RENAME_COLUMN: {
      const auto& rename = info.Cast<duckdb::RenameColumnInfo>();
      return update.RenameColumn(ExactPath(schema, rename.old_name), rename.new_name);
    }
    case AlterTableType::RENAME_FIELD: {
      const auto& rename = info.Cast<duckdb::RenameFieldInfo>();
      return update.RenameColumn(ExactPath(schema, JoinPath(rename.column_path)), rename.new_name);
    }
    case AlterTableType::ALTER_COLUMN_TYPE: {
      const auto& change = info.Cast<duckdb::ChangeColumnTypeInfo>();
      return ApplyPromotion(update, ExactPath(schema, change.column_name), change);
    }
    case AlterTableType::SET_NOT_NULL:
      return update.MakeRequired(ExactPath(schema, info.Cast<duckdb::SetNotNullInfo>().column_name),
                                 false);
    case AlterTableType::DROP_NOT_NULL:
      return update.MakeOptional(
          ExactPath(schema, info.Cast<duckdb::DropNotNullInfo>().column_name));
    case AlterTableType::SET_DEFAULT: {
      const auto& set = info.Cast<duckdb::SetDefaultInfo>();
      return ApplyDefault(update, ExactPath(schema, set.column_name), schema, set);
    }
    default:
      return Fail(Code::kUnsupported, "ALTER TABLE of this kind: " + info.ToString());
  }
}

Result<std::vector<iceberg::TableUpdate>> SpecUpdates(const iceberg::TableMetadata& table,
                                                      const duckdb::SetPartitionedByInfo& info) {
  CRANNOG_ASSIGN(auto fields, ReadPartitionFields(info.partition_keys));
  iceberg::SpecUpdate update(table);
  CRANNOG_RETURN_IF_ERROR(update.Replace(fields));
  return update.Updates();
}

Result<std::vector<iceberg::TableUpdate>> SortUpdates(const iceberg::TableMetadata& table,
                                                      const duckdb::SetSortedByInfo& info) {
  std::vector<iceberg::UnboundSortField> fields;
  for (const auto& order : info.orders) {
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> term;
    term.push_back(order.expression->Copy());
    CRANNOG_ASSIGN(auto read, ReadPartitionFields(term));
    iceberg::UnboundSortField field;
    field.source_name = read.front().source_name;
    field.transform = read.front().transform;
    const bool descending = order.type == duckdb::OrderType::DESCENDING;
    if (descending) field.direction = iceberg::SortDirection::kDescending;
    if (descending || order.null_order == duckdb::OrderByNullType::NULLS_LAST)
      field.null_order = iceberg::NullOrder::kLast;
    fields.push_back(std::move(field));
  }
  CRANNOG_ASSIGN(auto order,
                 iceberg::BindSortOrder(*table.CurrentSchema(), fields, table.sort_orders));
  std::vector<iceberg::TableUpdate> updates;
  updates.push_back(iceberg::AddSortOrder{std::move(order)});
  updates.push_back(iceberg::SetDefaultSortOrder{});
  return updates;
}

Result<std::vector<iceberg::TableUpdate>> UpdatesFor(const iceberg::TableMetadata& table,
                                                     const duckdb::AlterTableInfo& info) {
  using duckdb::AlterTableType;
  std::vector<iceberg::TableUpdate> updates;
  switch (info.alter_table_type) {
    case AlterTableType::SET_PARTITIONED_BY:
      return SpecUpdates(table, info.Cast<duckdb::SetPartitionedByInfo>());
    case AlterTableType::SET_SORTED_BY:
      return SortUpdates(table, info.Cast<duckdb::SetSortedByInfo>());
    case AlterTableType::SET_TABLE_OPTIONS: {
      const auto& set = info.Cast<duckdb::SetTableOptionsInfo>();
      CRANNOG_ASSIGN(auto properties, ReadProperties(set.table_options));
      updates.push_back(iceberg::SetProperties{std::move(properties)});
      return updates;
    }
    case AlterTableType::RESET_TABLE_OPTIONS: {
      const auto& reset = info.Cast<duckdb::ResetTableOptionsInfo>();
      updates.push_back(iceberg::RemoveProperties{
          std::vector<std::string>(reset.table_options.begin(), reset.table_options.end())});
      return updates;
    }
    default:
      break;
  }
  iceberg::SchemaUpdate update(table);
  CRANNOG_RETURN_IF_ERROR(ApplyToSchema(update, *table.CurrentSchema(), info));
  return update.Updates();
}

Status Rename(LakeTransaction& transaction, const catalog::ContentKey& key,
              const std::string& name) {
  CRANNOG_ASSIGN(auto target, key.parent().Child(name));
  return transaction.Rename(key, target);
}

std::optional<std::string> CommentText(const duckdb::Value& value) {
  if (value.IsNull()) return std::nullopt;
  return value.ToString();
}

Result<std::vector<iceberg::TableUpdate>> CommentUpdates(const iceberg::TableMetadata& table,
                                                         const duckdb::AlterInfo& info) {
  if (info.type == duckdb::AlterType::SET_COLUMN_COMMENT) {
    const auto& set = info.Cast<duckdb::SetColumnCommentInfo>();
    iceberg::SchemaUpdate update(table);
    CRANNOG_RETURN_IF_ERROR(update.SetDoc(ExactPath(*table.CurrentSchema(), set.column_name),
                                          CommentText(set.comment_value)));
    return update.Updates();
  }
  const auto text = CommentText(info.Cast<duckdb::SetCommentInfo>().comment_value);
  std::vector<iceberg::TableUpdate> updates;
  if (text) {
    updates.push_back(iceberg::SetProperties{{{"comment", *text}}});
  } else {
    updates.push_back(iceberg::RemoveProperties{{"comment"}});
  }
  return updates;
}

}  // namespace

Status AlterEntry(LakeTransaction& transaction, const catalog::ContentKey& key,
                  const duckdb::AlterInfo& info) {
  if (info.type == duckdb::AlterType::ALTER_VIEW)
    return Rename(transaction, key, info.Cast<duckdb::RenameViewInfo>().new_view_name);
  const bool comment = info.type == duckdb::AlterType::SET_COMMENT ||
                       info.type == duckdb::AlterType::SET_COLUMN_COMMENT;
  if (!comment && info.type != duckdb::AlterType::ALTER_TABLE)
    return Fail(Code::kUnsupported, "ALTER of this kind: " + info.ToString());
  if (!comment) {
    const auto& alter = info.Cast<duckdb::AlterTableInfo>();
    if (alter.alter_table_type == duckdb::AlterTableType::RENAME_TABLE)
      return Rename(transaction, key, alter.Cast<duckdb::RenameTableInfo>().new_table_name);
  }
  CRANNOG_ASSIGN(auto pending, transaction.Table(key));
  CRANNOG_ASSIGN(auto table, pending->Look(transaction.lake()));
  auto updates = comment ? CommentUpdates(*table, info)
                         : UpdatesFor(*table, info.Cast<duckdb::AlterTableInfo>());
  if (!updates)
    return std::unexpected(std::move(updates).error().Within("alter " + key.ToString()));
  return transaction.UpdateTable(key, std::move(*updates));
}

}  // namespace crannog::sql::engine
