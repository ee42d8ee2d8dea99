#include "sql/engine/table_definition.h"

#include <utility>

#include "duckdb/common/string_util.hpp"
#include "duckdb/parser/constraints/not_null_constraint.hpp"
#include "duckdb/parser/expression/columnref_expression.hpp"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/parser/expression/function_expression.hpp"
#include "sql/engine/lake/types.h"

namespace crannog::sql::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::ParsedExpression;

Result<std::string> ColumnPath(const ParsedExpression& term) {
  if (term.GetExpressionClass() != ExpressionClass::COLUMN_REF)
    return Fail(Code::kInvalid, "not a column: " + term.ToString());
  std::string path;
  for (const auto& name : term.Cast<duckdb::ColumnRefExpression>().column_names)
    path += (path.empty() ? "" : ".") + name;
  return path;
}

Result<int32_t> Width(const ParsedExpression& term) {
  if (term.GetExpressionClass() == ExpressionClass::CONSTANT) {
    duckdb::Value width;
    std::string problem;
    const auto& value = term.Cast<duckdb::ConstantExpression>().value;
    if (value.DefaultTryCastAs(duckdb::LogicalType::INTEGER, width, &problem) && !width.IsNull() &&
        width.GetValue<int32_t>() > 0)
      return width.GetValue<int32_t>();
  }
  return Fail(Code::kInvalid, "a number above zero is wanted, not " + term.ToString());
}

// A transform and the column it is of, from a call such as bucket(16, id).
struct Term {
  iceberg::Transform transform;
  std::string column;
};

Result<Term> WideTerm(const duckdb::FunctionExpression& call, const std::string& name) {
  if (call.children.size() != 2)
    return Fail(Code::kInvalid, name + " takes a number and a column: " + call.ToString());
  const bool number_first = call.children[0]->GetExpressionClass() == ExpressionClass::CONSTANT;
  CRANNOG_ASSIGN(const auto width, Width(*call.children[number_first ? 0 : 1]));
  Term term;
  CRANNOG_ASSIGN(term.column, ColumnPath(*call.children[number_first ? 1 : 0]));
  term.transform =
      name == "bucket" ? iceberg::Transform::Bucket(width) : iceberg::Transform::Truncate(width);
  return term;
}

Result<Term> ReadTerm(const ParsedExpression& expression) {
  Term term;
  if (expression.GetExpressionClass() != ExpressionClass::FUNCTION) {
    CRANNOG_ASSIGN(term.column, ColumnPath(expression));
    return term;
  }
  const auto& call = expression.Cast<duckdb::FunctionExpression>();
  const std::string name = duckdb::StringUtil::Lower(call.function_name);
  if (name == "bucket" || name == "truncate" || name == "trunc")
    return WideTerm(call, name == "bucket" ? name : "truncate");
  if (call.children.size() != 1)
    return Fail(Code::kInvalid, name + " takes one column: " + call.ToString());
  CRANNOG_ASSIGN(term.column, ColumnPath(*call.children[0]));
  if (name == "identity") return term;
  if (name == "year" || name == "years") {
    term.transform = iceberg::Transform::Year();
  } else if (name == "month" || name == "months") {
    term.transform = iceberg::Transform::Month();
  } else if (name == "day" || name == "days" || name == "date") {
    term.transform = iceberg::Transform::Day();
  } else if (name == "hour" || name == "hours") {
    term.transform = iceberg::Transform::Hour();
  } else if (name == "void") {
    term.transform = iceberg::Transform::Void();
  } else {
    return Fail(Code::kInvalid, "no partition transform " + name +
                                    "; there are identity, bucket, truncate, year, month, day, "
                                    "hour and void");
  }
  return term;
}

Result<iceberg::NestedField> ReadColumn(const duckdb::ColumnDefinition& column) {
  if (column.Generated()) return Fail(Code::kUnsupported, "generated column " + column.Name());
  iceberg::NestedField field;
  field.name = column.Name();
  auto type = ToIcebergType(column.Type());
  if (!type) return std::unexpected(std::move(type).error().Within("column " + column.Name()));
  field.type = std::move(*type);
  if (!column.Comment().IsNull()) field.doc = column.Comment().ToString();
  if (column.HasDefaultValue()) {
    const auto& value = column.DefaultValue();
    const bool null = value.GetExpressionClass() == ExpressionClass::CONSTANT &&
                      value.Cast<duckdb::ConstantExpression>().value.IsNull();
    if (!null)
      return Fail(Code::kUnsupported,
                  "DEFAULT of column " + column.Name() + " needs Iceberg format version 3");
  }
  return field;
}

}  // namespace

Result<std::vector<iceberg::UnboundPartitionField>> ReadPartitionFields(
    const duckdb::vector<duckdb::unique_ptr<ParsedExpression>>& terms) {
  std::vector<iceberg::UnboundPartitionField> fields;
  for (const auto& expression : terms) {
    CRANNOG_ASSIGN(auto term, ReadTerm(*expression));
    iceberg::UnboundPartitionField field;
    field.source_name = std::move(term.column);
    field.transform = term.transform;
    fields.push_back(std::move(field));
  }
  return fields;
}

Result<std::map<std::string, std::string>> ReadProperties(
    const duckdb::case_insensitive_map_t<duckdb::unique_ptr<ParsedExpression>>& options) {
  std::map<std::string, std::string> properties;
  for (const auto& [name, expression] : options) {
    if (expression->GetExpressionClass() == ExpressionClass::CONSTANT) {
      properties[name] = expression->Cast<duckdb::ConstantExpression>().value.ToString();
    } else if (expression->GetExpressionClass() == ExpressionClass::COLUMN_REF) {
      CRANNOG_ASSIGN(properties[name], ColumnPath(*expression));
    } else {
      return Fail(Code::kInvalid,
                  "property " + name + " is no constant: " + expression->ToString());
    }
  }
  return properties;
}

Result<iceberg::NewTableOptions> ReadTableDefinition(const duckdb::CreateTableInfo& info,
                                                     std::string location) {
  iceberg::NewTableOptions options;
  for (const auto& column : info.columns.Logical()) {
    CRANNOG_ASSIGN(auto field, ReadColumn(column));
    options.fields.push_back(std::move(field));
  }
  for (const auto& constraint : info.constraints) {
    if (constraint->type != duckdb::ConstraintType::NOT_NULL)
      return Fail(Code::kUnsupported,
                  "constraint " + constraint->ToString() + ": Iceberg keeps NOT NULL only");
    const auto index = constraint->Cast<duckdb::NotNullConstraint>().index.index;
    options.fields[index].required = true;
  }
  CRANNOG_ASSIGN(options.partitioned_by, ReadPartitionFields(info.partition_keys));
  for (const auto& expression : info.sort_keys) {
    CRANNOG_ASSIGN(auto term, ReadTerm(*expression));
    iceberg::UnboundSortField field;
    field.source_name = std::move(term.column);
    field.transform = term.transform;
    options.sorted_by.push_back(std::move(field));
  }
  CRANNOG_ASSIGN(options.properties, ReadProperties(info.options));
  if (auto given = options.properties.extract("location")) {
    location = given.mapped();
    while (location.ends_with('/')) location.pop_back();
  }
  options.location = std::move(location);
  return options;
}

}  // namespace crannog::sql::engine
