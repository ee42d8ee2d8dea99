#include "sql/engine/scan/pushdown.h"

#include <optional>
#include <utility>

#include "duckdb/planner/expression/bound_between_expression.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_comparison_expression.hpp"
#include "duckdb/planner/expression/bound_conjunction_expression.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/expression/bound_operator_expression.hpp"
#include "duckdb/planner/filter/conjunction_filter.hpp"
#include "duckdb/planner/filter/constant_filter.hpp"
#include "duckdb/planner/filter/dynamic_filter.hpp"
#include "duckdb/planner/filter/in_filter.hpp"
#include "duckdb/planner/filter/optional_filter.hpp"
#include "duckdb/planner/filter/struct_filter.hpp"
#include "sql/engine/lake/types.h"

namespace crannog::sql::engine {
namespace {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using iceberg::NestedField;
using iceberg::Predicate;
using iceberg::PredicateOp;
using MaybePredicate = std::optional<Predicate>;

constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr int64_t kDaysMax = 100'000'000;  // beyond, microseconds overflow

// A prefix of an AND is still implied; under NOT or OR only the whole will do.
enum class Want { kImplied, kExact };

std::optional<PredicateOp> ComparisonOp(ExpressionType type) {
  switch (type) {
    case ExpressionType::COMPARE_EQUAL:
      return PredicateOp::kEqual;
    case ExpressionType::COMPARE_NOTEQUAL:
      return PredicateOp::kNotEqual;
    case ExpressionType::COMPARE_LESSTHAN:
      return PredicateOp::kLess;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO:
      return PredicateOp::kLessOrEqual;
    case ExpressionType::COMPARE_GREATERTHAN:
      return PredicateOp::kGreater;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO:
      return PredicateOp::kGreaterOrEqual;
    default:
      return std::nullopt;
  }
}

const NestedField* ChildField(const NestedField& parent, const std::string& name) {
  if (parent.type.id() != iceberg::TypeId::kStruct) return nullptr;
  for (const auto& field : parent.type.fields())
    if (field.name == name) return &field;
  return nullptr;
}

bool IsInteger(const duckdb::LogicalType& type) { return type.IsIntegral(); }

// Casts that keep every value and its order, so that the column may stand for its cast.
bool KeepsValues(const duckdb::LogicalType& from, const duckdb::LogicalType& to) {
  if (IsInteger(from) && IsInteger(to))
    return duckdb::GetTypeIdSize(from.InternalType()) <= duckdb::GetTypeIdSize(to.InternalType());
  return from.id() == duckdb::LogicalTypeId::FLOAT && to.id() == duckdb::LogicalTypeId::DOUBLE;
}

const NestedField* FieldOf(const Expression& expression, const ScanColumns& columns) {
  switch (expression.GetExpressionClass()) {
    case ExpressionClass::BOUND_COLUMN_REF: {
      const auto& binding = expression.Cast<duckdb::BoundColumnRefExpression>().binding;
      if (binding.table_index != columns.table_index) return nullptr;
      if (binding.column_index >= columns.column_ids.size()) return nullptr;
      const auto column = columns.column_ids[binding.column_index];
      if (column >= columns.schema->fields().size()) return nullptr;
      return &columns.schema->fields()[column];
    }
    case ExpressionClass::BOUND_CAST: {
      const auto& cast = expression.Cast<duckdb::BoundCastExpression>();
      if (cast.try_cast || !KeepsValues(cast.child->return_type, cast.return_type)) return nullptr;
      return FieldOf(*cast.child, columns);
    }
    case ExpressionClass::BOUND_FUNCTION: {
      const auto& function = expression.Cast<duckdb::BoundFunctionExpression>();
      if (function.function.name != "struct_extract" || function.children.size() != 2)
        return nullptr;
      const auto* parent = FieldOf(*function.children[0], columns);
      if (!parent || function.children[1]->GetExpressionClass() != ExpressionClass::BOUND_CONSTANT)
        return nullptr;
      const auto& name = function.children[1]->Cast<duckdb::BoundConstantExpression>().value;
      return ChildField(*parent, name.ToString());
    }
    default:
      return nullptr;
  }
}

const duckdb::Value* ConstantOf(const Expression& expression) {
  if (expression.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return nullptr;
  return &expression.Cast<duckdb::BoundConstantExpression>().value;
}

// A literal in its own type when the column is narrower (int_col < 5000000000); Bind settles it.
std::optional<iceberg::Value> Literal(const duckdb::Value& value, const NestedField& field) {
  if (value.IsNull() || field.type.is_nested()) return std::nullopt;
  if (field.type.id() == iceberg::TypeId::kInt && IsInteger(value.type())) {
    auto wide = ToIcebergValue(value, iceberg::Type(iceberg::TypeId::kLong));
    return wide ? std::optional(std::move(*wide)) : std::nullopt;
  }
  auto literal = ToIcebergValue(value, field.type);
  if (!literal) return std::nullopt;
  // 0.7 is no FLOAT: rounded to one, it would stand on the wrong side of values that are equal to
  // it.
  const bool narrowed = field.type.id() == iceberg::TypeId::kFloat &&
                        value.type().id() == duckdb::LogicalTypeId::DOUBLE;
  if (narrowed && literal->number() != value.GetValueUnsafe<double>()) return std::nullopt;
  return std::move(*literal);
}

MaybePredicate Compare(const NestedField& field, PredicateOp op, const duckdb::Value& value) {
  auto literal = Literal(value, field);
  if (!literal) return std::nullopt;
  return Predicate::Compare(op, field.id, std::move(*literal));
}

// CAST(ts AS DATE) compared with a day, as a range of ts: what hidden partitioning by day needs.
MaybePredicate CompareDay(const Expression& side, PredicateOp op, const duckdb::Value& day,
                          const ScanColumns& columns) {
  if (side.GetExpressionClass() != ExpressionClass::BOUND_CAST) return std::nullopt;
  if (side.return_type.id() != duckdb::LogicalTypeId::DATE || day.IsNull()) return std::nullopt;
  const auto* field = FieldOf(*side.Cast<duckdb::BoundCastExpression>().child, columns);
  if (!field || field->type.id() != iceberg::TypeId::kTimestamp) return std::nullopt;
  if (day.type().id() != duckdb::LogicalTypeId::DATE) return std::nullopt;
  const int64_t days = day.GetValueUnsafe<duckdb::date_t>().days;
  if (days < -kDaysMax || days > kDaysMax) return std::nullopt;
  const int64_t start = days * kMicrosPerDay;
  auto bound = [&](PredicateOp bound_op, int64_t micros) {
    return Predicate::Compare(bound_op, field->id, iceberg::Value::Timestamp(micros));
  };
  switch (op) {
    case PredicateOp::kEqual:
      return Predicate::And({bound(PredicateOp::kGreaterOrEqual, start),
                             bound(PredicateOp::kLess, start + kMicrosPerDay)});
    case PredicateOp::kLess:
      return bound(PredicateOp::kLess, start);
    case PredicateOp::kLessOrEqual:
      return bound(PredicateOp::kLess, start + kMicrosPerDay);
    case PredicateOp::kGreater:
      return bound(PredicateOp::kGreaterOrEqual, start + kMicrosPerDay);
    case PredicateOp::kGreaterOrEqual:
      return bound(PredicateOp::kGreaterOrEqual, start);
    default:
      return std::nullopt;
  }
}

MaybePredicate CompareSides(const Expression& left, ExpressionType type, const Expression& right,
                            const ScanColumns& columns) {
  const auto* value = ConstantOf(right);
  if (!value) {
    if (!ConstantOf(left)) return std::nullopt;
    return CompareSides(right, duckdb::FlipComparisonExpression(type), left, columns);
  }
  auto op = ComparisonOp(type);
  if (!op) return std::nullopt;
  if (const auto* field = FieldOf(left, columns)) return Compare(*field, *op, *value);
  return CompareDay(left, *op, *value, columns);
}

MaybePredicate Convert(const Expression& filter, const ScanColumns& columns, Want want);

MaybePredicate ConvertConjunction(const duckdb::BoundConjunctionExpression& filter,
                                  const ScanColumns& columns, Want want) {
  const bool is_and = filter.GetExpressionType() == ExpressionType::CONJUNCTION_AND;
  std::vector<Predicate> parts;
  for (const auto& child : filter.children) {
    auto part = Convert(*child, columns, want);
    if (part) {
      parts.push_back(std::move(*part));
    } else if (!is_and || want == Want::kExact) {
      return std::nullopt;
    }
  }
  return is_and ? Predicate::And(std::move(parts)) : Predicate::Or(std::move(parts));
}

MaybePredicate ConvertIn(const duckdb::BoundOperatorExpression& filter,
                         const ScanColumns& columns) {
  const auto* field = FieldOf(*filter.children[0], columns);
  if (!field) return std::nullopt;
  std::vector<iceberg::Value> literals;
  for (size_t i = 1; i < filter.children.size(); ++i) {
    const auto* value = ConstantOf(*filter.children[i]);
    auto literal = value ? Literal(*value, *field) : std::nullopt;
    if (!literal) return std::nullopt;
    literals.push_back(std::move(*literal));
  }
  if (filter.GetExpressionType() == ExpressionType::COMPARE_NOT_IN)
    return Predicate::NotIn(field->id, std::move(literals));
  return Predicate::In(field->id, std::move(literals));
}

MaybePredicate ConvertOperator(const duckdb::BoundOperatorExpression& filter,
                               const ScanColumns& columns) {
  switch (filter.GetExpressionType()) {
    case ExpressionType::OPERATOR_NOT: {
      auto child = Convert(*filter.children[0], columns, Want::kExact);
      if (!child) return std::nullopt;
      return Predicate::Not(std::move(*child));
    }
    case ExpressionType::OPERATOR_IS_NULL:
    case ExpressionType::OPERATOR_IS_NOT_NULL: {
      const auto* field = FieldOf(*filter.children[0], columns);
      if (!field || field->type.is_nested()) return std::nullopt;
      const bool is_null = filter.GetExpressionType() == ExpressionType::OPERATOR_IS_NULL;
      return Predicate::Unary(is_null ? PredicateOp::kIsNull : PredicateOp::kNotNull, field->id);
    }
    case ExpressionType::COMPARE_IN:
    case ExpressionType::COMPARE_NOT_IN:
      return ConvertIn(filter, columns);
    default:
      return std::nullopt;
  }
}

MaybePredicate ConvertBetween(const duckdb::BoundBetweenExpression& filter,
                              const ScanColumns& columns, Want want) {
  auto lower = CompareSides(*filter.input, filter.LowerComparisonType(), *filter.lower, columns);
  auto upper = CompareSides(*filter.input, filter.UpperComparisonType(), *filter.upper, columns);
  if (want == Want::kExact && (!lower || !upper)) return std::nullopt;
  std::vector<Predicate> parts;
  if (lower) parts.push_back(std::move(*lower));
  if (upper) parts.push_back(std::move(*upper));
  return Predicate::And(std::move(parts));
}

MaybePredicate ConvertFunction(const duckdb::BoundFunctionExpression& filter,
                               const ScanColumns& columns) {
  const auto& name = filter.function.name;
  if (filter.children.size() != 2 || (name != "prefix" && name != "starts_with" && name != "^@"))
    return std::nullopt;
  const auto* field = FieldOf(*filter.children[0], columns);
  const auto* value = ConstantOf(*filter.children[1]);
  if (!field || !value || field->type.id() != iceberg::TypeId::kString) return std::nullopt;
  return Compare(*field, PredicateOp::kStartsWith, *value);
}

MaybePredicate Convert(const Expression& filter, const ScanColumns& columns, Want want) {
  switch (filter.GetExpressionClass()) {
    case ExpressionClass::BOUND_CONJUNCTION:
      return ConvertConjunction(filter.Cast<duckdb::BoundConjunctionExpression>(), columns, want);
    case ExpressionClass::BOUND_COMPARISON: {
      const auto& comparison = filter.Cast<duckdb::BoundComparisonExpression>();
      return CompareSides(*comparison.left, comparison.GetExpressionType(), *comparison.right,
                          columns);
    }
    case ExpressionClass::BOUND_OPERATOR:
      return ConvertOperator(filter.Cast<duckdb::BoundOperatorExpression>(), columns);
    case ExpressionClass::BOUND_BETWEEN:
      return ConvertBetween(filter.Cast<duckdb::BoundBetweenExpression>(), columns, want);
    case ExpressionClass::BOUND_FUNCTION:
      return ConvertFunction(filter.Cast<duckdb::BoundFunctionExpression>(), columns);
    default:
      return std::nullopt;
  }
}

MaybePredicate ConvertFilter(const duckdb::TableFilter& filter, const NestedField& field);

MaybePredicate ConvertFilters(
    const duckdb::vector<duckdb::unique_ptr<duckdb::TableFilter>>& filters,
    const NestedField& field, bool is_and) {
  std::vector<Predicate> parts;
  for (const auto& child : filters) {
    auto part = ConvertFilter(*child, field);
    if (part) {
      parts.push_back(std::move(*part));
    } else if (!is_and) {
      return std::nullopt;
    }
  }
  return is_and ? Predicate::And(std::move(parts)) : Predicate::Or(std::move(parts));
}

MaybePredicate ConvertConstant(const duckdb::ConstantFilter& filter, const NestedField& field) {
  auto op = ComparisonOp(filter.comparison_type);
  if (!op) return std::nullopt;
  return Compare(field, *op, filter.constant);
}

MaybePredicate ConvertDynamic(const duckdb::DynamicFilter& filter, const NestedField& field) {
  if (!filter.filter_data) return std::nullopt;
  duckdb::lock_guard<duckdb::mutex> guard(filter.filter_data->lock);
  if (!filter.filter_data->initialized || !filter.filter_data->filter) return std::nullopt;
  return ConvertConstant(*filter.filter_data->filter, field);
}

MaybePredicate ConvertInFilter(const duckdb::InFilter& filter, const NestedField& field) {
  std::vector<iceberg::Value> literals;
  for (const auto& value : filter.values) {
    auto literal = Literal(value, field);
    if (!literal) return std::nullopt;
    literals.push_back(std::move(*literal));
  }
  return Predicate::In(field.id, std::move(literals));
}

MaybePredicate ConvertFilter(const duckdb::TableFilter& filter, const NestedField& field) {
  using duckdb::TableFilterType;
  switch (filter.filter_type) {
    case TableFilterType::CONSTANT_COMPARISON:
      return ConvertConstant(filter.Cast<duckdb::ConstantFilter>(), field);
    case TableFilterType::IS_NULL:
      if (field.type.is_nested()) return std::nullopt;
      return Predicate::Unary(PredicateOp::kIsNull, field.id);
    case TableFilterType::IS_NOT_NULL:
      if (field.type.is_nested()) return std::nullopt;
      return Predicate::Unary(PredicateOp::kNotNull, field.id);
    case TableFilterType::CONJUNCTION_AND:
      return ConvertFilters(filter.Cast<duckdb::ConjunctionAndFilter>().child_filters, field, true);
    case TableFilterType::CONJUNCTION_OR:
      return ConvertFilters(filter.Cast<duckdb::ConjunctionOrFilter>().child_filters, field, false);
    case TableFilterType::IN_FILTER:
      return ConvertInFilter(filter.Cast<duckdb::InFilter>(), field);
    case TableFilterType::DYNAMIC_FILTER:
      return ConvertDynamic(filter.Cast<duckdb::DynamicFilter>(), field);
    case TableFilterType::OPTIONAL_FILTER: {
      const auto& child = filter.Cast<duckdb::OptionalFilter>().child_filter;
      return child ? ConvertFilter(*child, field) : std::nullopt;
    }
    case TableFilterType::STRUCT_EXTRACT: {
      const auto& part = filter.Cast<duckdb::StructFilter>();
      const auto* child = ChildField(field, part.child_name);
      return child && part.child_filter ? ConvertFilter(*part.child_filter, *child) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

Predicate ToPredicate(const Expression& filter, const ScanColumns& columns) {
  return Convert(filter, columns, Want::kImplied).value_or(Predicate::True());
}

Predicate ToPredicate(const duckdb::TableFilterSet& filters, const ScanColumns& columns) {
  std::vector<Predicate> parts;
  for (const auto& [index, filter] : filters.filters) {
    if (index >= columns.column_ids.size()) continue;
    const auto column = columns.column_ids[index];
    if (column >= columns.schema->fields().size()) continue;
    auto part = ConvertFilter(*filter, columns.schema->fields()[column]);
    if (part) parts.push_back(std::move(*part));
  }
  return Predicate::And(std::move(parts));
}

}  // namespace crannog::sql::engine
