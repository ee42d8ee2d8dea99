#include "table/iceberg/scan/pruning.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "table/iceberg/scan/limits.h"

namespace crannog::table::iceberg {

namespace {

bool IsFloating(TypeId id) { return id == TypeId::kFloat || id == TypeId::kDouble; }

// The bounds of a column as far as they can be compared with a literal.
struct Range {
  const Value* lower = nullptr;
  const Value* upper = nullptr;

  Range(const ColumnSummary& column, const Value& literal) {
    if (column.lower && Comparable(column.lower->type_id(), literal.type_id())) {
      lower = &*column.lower;
    }
    if (column.upper && Comparable(column.upper->type_id(), literal.type_id())) {
      upper = &*column.upper;
    }
  }
  bool AllBelow(const Value& v) const { return upper && CompareForSql(*upper, v) < 0; }
  bool AllAtMost(const Value& v) const { return upper && CompareForSql(*upper, v) <= 0; }
  bool AllAbove(const Value& v) const { return lower && CompareForSql(*lower, v) > 0; }
  bool AllAtLeast(const Value& v) const { return lower && CompareForSql(*lower, v) >= 0; }
  bool MayHold(const Value& v) const { return !AllBelow(v) && !AllAbove(v); }
  bool AllEqual(const Value& v) const { return AllAtMost(v) && AllAtLeast(v); }

  bool PrefixAllBelow(std::string_view prefix) const {
    return upper && upper->bytes().substr(0, prefix.size()) < prefix;
  }
  bool PrefixAllAbove(std::string_view prefix) const {
    return lower && lower->bytes().substr(0, prefix.size()) > prefix;
  }
  bool AllStartWith(std::string_view prefix) const {
    return lower && upper && lower->bytes().starts_with(prefix) &&
           upper->bytes().starts_with(prefix);
  }
};

// Literals of a bound kIn are in order, so those within the bounds are one run.
bool AnyMayHold(const Predicate& leaf, const ColumnSummary& column) {
  const Range range(column, leaf.literals.front());
  auto first = leaf.literals.begin();
  if (range.lower != nullptr) {
    first = std::partition_point(first, leaf.literals.end(),
                                 [&](const Value& v) { return range.AllAbove(v); });
  }
  return first != leaf.literals.end() && !range.AllBelow(*first);
}

bool AnyAllEqual(const Predicate& leaf, const ColumnSummary& column) {
  const Range range(column, leaf.literals.front());
  return std::any_of(leaf.literals.begin(), leaf.literals.end(),
                     [&](const Value& v) { return range.AllEqual(v); });
}

bool NanMatches(PredicateOp op) {
  return op == PredicateOp::kGreater || op == PredicateOp::kGreaterOrEqual ||
         op == PredicateOp::kNotEqual || op == PredicateOp::kNotIn;
}

bool IsUnary(PredicateOp op) {
  return op == PredicateOp::kIsNull || op == PredicateOp::kNotNull || op == PredicateOp::kIsNan ||
         op == PredicateOp::kNotNan;
}

}  // namespace

bool HasOrderedBounds(TypeId id) { return id != TypeId::kUuid; }

int CompareForSql(const Value& a, const Value& b) {
  if (IsFloating(a.type_id())) {
    const double x = a.number();
    const double y = b.number();
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return Compare(a, b);
}

bool LeafMayMatch(const Predicate& leaf, const ColumnSummary& column) {
  switch (leaf.op) {
    case PredicateOp::kIsNull:
      return column.may_be_null;
    case PredicateOp::kNotNull:
      return column.may_be_non_null;
    case PredicateOp::kIsNan:
      return column.may_be_non_null && column.may_be_nan;
    case PredicateOp::kNotNan:
      return column.may_be_non_null && column.may_be_non_nan;
    default:
      break;
  }
  CRANNOG_CHECK(!leaf.literals.empty());
  const Value& v = leaf.literals[0];
  if (!column.may_be_non_null) return false;
  if (IsFloating(v.type_id())) {
    if (column.may_be_nan && NanMatches(leaf.op)) return true;
    if (!column.may_be_non_nan) return false;
  }
  const Range range(column, v);
  switch (leaf.op) {
    case PredicateOp::kLess:
      return !range.AllAtLeast(v);
    case PredicateOp::kLessOrEqual:
      return !range.AllAbove(v);
    case PredicateOp::kGreater:
      return !range.AllAtMost(v);
    case PredicateOp::kGreaterOrEqual:
      return !range.AllBelow(v);
    case PredicateOp::kEqual:
      return range.MayHold(v);
    case PredicateOp::kNotEqual:
      return !range.AllEqual(v);
    case PredicateOp::kIn:
      return AnyMayHold(leaf, column);
    case PredicateOp::kNotIn:
      return !AnyAllEqual(leaf, column);
    case PredicateOp::kStartsWith:
      return !range.PrefixAllBelow(v.bytes()) && !range.PrefixAllAbove(v.bytes());
    case PredicateOp::kNotStartsWith:
      return !range.AllStartWith(v.bytes());
    default:
      return true;
  }
}

bool LeafMustMatch(const Predicate& leaf, const ColumnSummary& column) {
  switch (leaf.op) {
    case PredicateOp::kIsNull:
      return !column.may_be_non_null;
    case PredicateOp::kNotNull:
      return !column.may_be_null;
    case PredicateOp::kIsNan:
      return !column.may_be_null && !column.may_be_non_nan;
    case PredicateOp::kNotNan:
      return !column.may_be_null && !column.may_be_nan;
    default:
      break;
  }
  CRANNOG_CHECK(!leaf.literals.empty());
  const Value& v = leaf.literals[0];
  if (column.may_be_null) return false;
  if (IsFloating(v.type_id())) {
    if (column.may_be_nan && !NanMatches(leaf.op)) return false;
    if (!column.may_be_non_nan) return NanMatches(leaf.op);
  }
  const Range range(column, v);
  switch (leaf.op) {
    case PredicateOp::kLess:
      return range.AllBelow(v);
    case PredicateOp::kLessOrEqual:
      return range.AllAtMost(v);
    case PredicateOp::kGreater:
      return range.AllAbove(v);
    case PredicateOp::kGreaterOrEqual:
      return range.AllAtLeast(v);
    case PredicateOp::kEqual:
      return range.AllEqual(v);
    case PredicateOp::kNotEqual:
      return !range.MayHold(v);
    case PredicateOp::kIn:
      return AnyAllEqual(leaf, column);
    case PredicateOp::kNotIn:
      return !AnyMayHold(leaf, column);
    case PredicateOp::kStartsWith:
      return range.AllStartWith(v.bytes());
    case PredicateOp::kNotStartsWith:
      return range.PrefixAllBelow(v.bytes()) || range.PrefixAllAbove(v.bytes());
    default:
      return false;
  }
}

namespace {

ColumnSummary SummaryOfColumn(const DataFile& file, const NestedField& field) {
  ColumnSummary summary;
  const FieldCount* values = FindCount(file.value_counts, field.id);
  const FieldCount* nulls = FindCount(file.null_value_counts, field.id);
  const FieldCount* nans = FindCount(file.nan_value_counts, field.id);
  if (nulls != nullptr) {
    summary.may_be_null = nulls->count > 0;
    if (values != nullptr) summary.may_be_non_null = values->count > nulls->count;
  }
  if (!IsFloating(field.type.id())) {
    summary.may_be_nan = false;
  } else if (nans != nullptr) {
    summary.may_be_nan = nans->count > 0;
    if (nulls != nullptr && values != nullptr) {
      summary.may_be_non_nan = values->count - nulls->count > nans->count;
    }
  }
  const auto decode = [&](const FieldBound* bound) -> std::optional<Value> {
    if (bound == nullptr || !HasOrderedBounds(field.type.id())) return std::nullopt;
    auto value = DecodeBinary(field.type, bound->value);
    if (!value || value->is_nan()) return std::nullopt;
    return std::move(*value);
  };
  summary.lower = decode(FindBound(file.lower_bounds, field.id));
  summary.upper = decode(FindBound(file.upper_bounds, field.id));
  return summary;
}

// Walks a predicate without kNot; `leaf` answers for single tests.
template <typename Leaf>
bool Walk(const Predicate& predicate, const Leaf& leaf) {
  switch (predicate.op) {
    case PredicateOp::kTrue:
      return true;
    case PredicateOp::kFalse:
      return false;
    case PredicateOp::kAnd:
      return std::all_of(predicate.children.begin(), predicate.children.end(),
                         [&](const Predicate& child) { return Walk(child, leaf); });
    case PredicateOp::kOr:
      return std::any_of(predicate.children.begin(), predicate.children.end(),
                         [&](const Predicate& child) { return Walk(child, leaf); });
    default:
      CRANNOG_CHECK(predicate.op != PredicateOp::kNot);
      return leaf(predicate);
  }
}

std::optional<size_t> FieldIndex(const PartitionSpec& spec, int32_t field_id) {
  for (size_t i = 0; i < spec.fields.size(); ++i) {
    if (spec.fields[i].field_id == field_id) return i;
  }
  return std::nullopt;
}

// A value whose type is not the literal's proves nothing.
bool Meets(const Predicate& leaf, const Value& value) {
  return IsUnary(leaf.op) || value.is_null() ||
         Comparable(value.type_id(), leaf.literals[0].type_id());
}

}  // namespace

bool FileMayMatch(const BoundPredicate& predicate, const DataFile& file, const Schema& schema) {
  if (file.record_count == 0) return false;
  return Walk(predicate.root(), [&](const Predicate& leaf) {
    const NestedField* field = schema.FindById(leaf.field_id);
    return field == nullptr || LeafMayMatch(leaf, SummaryOfColumn(file, *field));
  });
}

bool FileMustMatch(const BoundPredicate& predicate, const DataFile& file, const Schema& schema) {
  if (file.record_count == 0) return true;
  return Walk(predicate.root(), [&](const Predicate& leaf) {
    const NestedField* field = schema.FindById(leaf.field_id);
    return field != nullptr && LeafMustMatch(leaf, SummaryOfColumn(file, *field));
  });
}

ColumnSummary SummaryOf(const Value& value) {
  ColumnSummary summary;
  summary.may_be_null = value.is_null();
  summary.may_be_non_null = !value.is_null();
  summary.may_be_nan = value.is_nan();
  summary.may_be_non_nan = !value.is_nan() && !value.is_null();
  if (summary.may_be_non_nan) {
    summary.lower = value;
    summary.upper = value;
  }
  return summary;
}

bool PartitionMayMatch(const Predicate& predicate, const PartitionSpec& spec,
                       std::span<const Value> partition) {
  return Walk(predicate, [&](const Predicate& leaf) {
    const auto index = FieldIndex(spec, leaf.field_id);
    if (!index || *index >= partition.size() || !Meets(leaf, partition[*index])) return true;
    return LeafMayMatch(leaf, SummaryOf(partition[*index]));
  });
}

bool PartitionMustMatch(const Predicate& predicate, const PartitionSpec& spec,
                        std::span<const Value> partition) {
  return Walk(predicate, [&](const Predicate& leaf) {
    const auto index = FieldIndex(spec, leaf.field_id);
    if (!index || *index >= partition.size() || !Meets(leaf, partition[*index])) return false;
    return LeafMustMatch(leaf, SummaryOf(partition[*index]));
  });
}

namespace {

ColumnSummary SummaryOfField(const FieldSummary& field, const Type& type) {
  ColumnSummary summary;
  summary.may_be_null = field.contains_null;
  // The specification says that no bounds mean no values, but DuckDB writes none for booleans.
  summary.may_be_nan = IsFloating(type.id()) && field.contains_nan.value_or(true);
  const auto decode = [&](const std::optional<std::string>& bound) -> std::optional<Value> {
    if (!bound || !HasOrderedBounds(type.id())) return std::nullopt;
    auto value = DecodeBinary(type, *bound);
    if (!value || value->is_nan()) return std::nullopt;
    return std::move(*value);
  };
  summary.lower = decode(field.lower_bound);
  summary.upper = decode(field.upper_bound);
  return summary;
}

}  // namespace

bool ManifestMayMatch(const Predicate& predicate, const PartitionSpec& spec, const Schema& schema,
                      const ManifestFile& manifest) {
  if (!manifest.has_live_files()) return false;
  if (!manifest.partitions || manifest.partitions->size() != spec.fields.size()) {
    return !predicate.IsFalse();
  }
  if (predicate.IsTrue()) return true;
  const Type type = PartitionType(spec, schema);
  return Walk(predicate, [&](const Predicate& leaf) {
    const auto index = FieldIndex(spec, leaf.field_id);
    if (!index || type.fields()[*index].type.id() == TypeId::kUnknown) return true;
    return LeafMayMatch(leaf,
                        SummaryOfField((*manifest.partitions)[*index], type.fields()[*index].type));
  });
}

}  // namespace crannog::table::iceberg
