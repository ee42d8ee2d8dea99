#include "table/iceberg/scan/expression.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "table/iceberg/scan/limits.h"

namespace crannog::table::iceberg {

Predicate Predicate::False() {
  Predicate predicate;
  predicate.op = PredicateOp::kFalse;
  return predicate;
}

Predicate Predicate::And(std::vector<Predicate> children) {
  return {PredicateOp::kAnd, 0, {}, std::move(children)};
}

Predicate Predicate::Or(std::vector<Predicate> children) {
  return {PredicateOp::kOr, 0, {}, std::move(children)};
}

Predicate Predicate::Not(Predicate child) {
  Predicate predicate{PredicateOp::kNot, 0, {}, {}};
  predicate.children.push_back(std::move(child));
  return predicate;
}

Predicate Predicate::Unary(PredicateOp op, int32_t field_id) { return {op, field_id, {}, {}}; }

Predicate Predicate::Compare(PredicateOp op, int32_t field_id, Value literal) {
  Predicate predicate{op, field_id, {}, {}};
  predicate.literals.push_back(std::move(literal));
  return predicate;
}

Predicate Predicate::In(int32_t field_id, std::vector<Value> literals) {
  return {PredicateOp::kIn, field_id, std::move(literals), {}};
}

Predicate Predicate::NotIn(int32_t field_id, std::vector<Value> literals) {
  return {PredicateOp::kNotIn, field_id, std::move(literals), {}};
}

namespace {

std::string_view OpText(PredicateOp op) {
  switch (op) {
    case PredicateOp::kIsNull:
      return "is null";
    case PredicateOp::kNotNull:
      return "is not null";
    case PredicateOp::kIsNan:
      return "is nan";
    case PredicateOp::kNotNan:
      return "is not nan";
    case PredicateOp::kLess:
      return "<";
    case PredicateOp::kLessOrEqual:
      return "<=";
    case PredicateOp::kGreater:
      return ">";
    case PredicateOp::kGreaterOrEqual:
      return ">=";
    case PredicateOp::kEqual:
      return "=";
    case PredicateOp::kNotEqual:
      return "<>";
    case PredicateOp::kStartsWith:
      return "starts with";
    case PredicateOp::kNotStartsWith:
      return "not starts with";
    case PredicateOp::kIn:
      return "in";
    case PredicateOp::kNotIn:
      return "not in";
    default:
      return "?";
  }
}

std::string JoinChildren(const Predicate& predicate, const Schema& schema, std::string_view word) {
  std::string text = "(";
  for (size_t i = 0; i < predicate.children.size(); ++i) {
    if (i > 0) text += word;
    text += ToString(predicate.children[i], schema);
  }
  return text + ")";
}

std::string LeafText(const Predicate& predicate, const Schema& schema) {
  const std::string_view name = schema.NameOf(predicate.field_id);
  std::string text = name.empty() ? "#" + std::to_string(predicate.field_id) : std::string(name);
  text += " ";
  text += OpText(predicate.op);
  const bool list = predicate.op == PredicateOp::kIn || predicate.op == PredicateOp::kNotIn;
  if (list) text += " (";
  for (size_t i = 0; i < predicate.literals.size(); ++i) {
    text += list && i > 0 ? ", " : list ? "" : " ";
    text += predicate.literals[i].ToString();
  }
  return list ? text + ")" : text;
}

}  // namespace

std::string ToString(const Predicate& predicate, const Schema& schema) {
  switch (predicate.op) {
    case PredicateOp::kTrue:
      return "true";
    case PredicateOp::kFalse:
      return "false";
    case PredicateOp::kAnd:
      return JoinChildren(predicate, schema, " and ");
    case PredicateOp::kOr:
      return JoinChildren(predicate, schema, " or ");
    case PredicateOp::kNot:
      return "not " + JoinChildren(predicate, schema, "");
    default:
      return LeafText(predicate, schema);
  }
}

namespace {

// Where a literal lies among the values its column can hold.
struct Placed {
  enum class Where : uint8_t { kExact, kBetween, kBelowAll, kAboveAll };
  Where where = Where::kExact;
  Value value;  // kExact: the literal; kBetween: the largest value below it
};

Placed PlaceInteger(TypeId column, int64_t value) {
  const int64_t low = column == TypeId::kInt ? std::numeric_limits<int32_t>::min()
                                             : std::numeric_limits<int64_t>::min();
  const int64_t high = column == TypeId::kInt ? std::numeric_limits<int32_t>::max()
                                              : std::numeric_limits<int64_t>::max();
  if (value < low) return {Placed::Where::kBelowAll, {}};
  if (value > high) return {Placed::Where::kAboveAll, {}};
  return {Placed::Where::kExact, Value::OfInteger(column, value)};
}

Placed PlaceFloating(TypeId column, double value) {
  if (column == TypeId::kDouble) return {Placed::Where::kExact, Value::Double(value)};
  if (std::abs(value) > std::numeric_limits<float>::max() && std::isfinite(value)) {
    const float floor =
        value > 0 ? std::numeric_limits<float>::max() : -std::numeric_limits<float>::infinity();
    return {Placed::Where::kBetween, Value::Float(floor)};
  }
  float narrow = static_cast<float>(value);
  if (std::isnan(value) || static_cast<double>(narrow) == value) {
    return {Placed::Where::kExact, Value::Float(narrow)};
  }
  if (static_cast<double>(narrow) > value) {
    narrow = std::nextafter(narrow, -std::numeric_limits<float>::infinity());
  }
  return {Placed::Where::kBetween, Value::Float(narrow)};
}

Int128 PowerOfTen(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// The literal's scale is above the column's: floor it. Or its digits do not fit: beyond all.
Placed PlaceDecimal(const Type& column, const Value& literal) {
  Int128 unscaled = literal.unscaled();
  bool exact = true;
  if (literal.scale() > column.scale()) {
    const Int128 divisor = PowerOfTen(literal.scale() - column.scale());
    Int128 quotient = unscaled / divisor;
    const Int128 rest = unscaled % divisor;
    exact = rest == 0;
    if (rest < 0) --quotient;
    unscaled = quotient;
  } else {
    const Int128 factor = PowerOfTen(column.scale() - literal.scale());
    const Int128 most = PowerOfTen(column.precision()) / factor;
    if (unscaled > most) return {Placed::Where::kAboveAll, {}};
    if (unscaled < -most) return {Placed::Where::kBelowAll, {}};
    unscaled *= factor;
  }
  const Int128 limit = PowerOfTen(column.precision());
  if (unscaled >= limit) return {Placed::Where::kAboveAll, {}};
  if (unscaled <= -limit) return {Placed::Where::kBelowAll, {}};
  return {exact ? Placed::Where::kExact : Placed::Where::kBetween,
          Value::Decimal(unscaled, column.precision(), column.scale())};
}

bool IsFloating(TypeId id) { return id == TypeId::kFloat || id == TypeId::kDouble; }
bool IsIntegral(TypeId id) { return id == TypeId::kInt || id == TypeId::kLong; }

Result<Placed> Place(const Type& column, const Value& literal) {
  if (literal.is_null()) return Fail(Code::kInvalid, "a null literal in a comparison");
  if (IsIntegral(column.id()) && IsIntegral(literal.type_id())) {
    return PlaceInteger(column.id(), literal.integer());
  }
  if (IsFloating(column.id()) && IsFloating(literal.type_id())) {
    return PlaceFloating(column.id(), literal.number());
  }
  if (column.id() == TypeId::kDecimal && literal.type_id() == TypeId::kDecimal) {
    return PlaceDecimal(column, literal);
  }
  CRANNOG_ASSIGN(Value value, literal.To(column));
  return Placed{Placed::Where::kExact, std::move(value)};
}

Predicate NotNull(int32_t id) { return Predicate::Unary(PredicateOp::kNotNull, id); }

// NaN is above everything else and equal to itself.
Predicate CompareWithNan(PredicateOp op, int32_t id) {
  switch (op) {
    case PredicateOp::kEqual:
    case PredicateOp::kGreaterOrEqual:
      return Predicate::Unary(PredicateOp::kIsNan, id);
    case PredicateOp::kNotEqual:
    case PredicateOp::kLess:
      return Predicate::Unary(PredicateOp::kNotNan, id);
    case PredicateOp::kLessOrEqual:
      return NotNull(id);
    default:
      return Predicate::False();
  }
}

Predicate ComparePlaced(PredicateOp op, int32_t id, Placed placed) {
  const bool less = op == PredicateOp::kLess || op == PredicateOp::kLessOrEqual;
  const bool greater = op == PredicateOp::kGreater || op == PredicateOp::kGreaterOrEqual;
  switch (placed.where) {
    case Placed::Where::kExact:
      if (placed.value.is_nan()) return CompareWithNan(op, id);
      return Predicate::Compare(op, id, std::move(placed.value));
    case Placed::Where::kBelowAll:
      return greater || op == PredicateOp::kNotEqual ? NotNull(id) : Predicate::False();
    case Placed::Where::kAboveAll:
      return less || op == PredicateOp::kNotEqual ? NotNull(id) : Predicate::False();
    case Placed::Where::kBetween:
      break;
  }
  if (op == PredicateOp::kEqual) return Predicate::False();
  if (op == PredicateOp::kNotEqual) return NotNull(id);
  return Predicate::Compare(less ? PredicateOp::kLessOrEqual : PredicateOp::kGreater, id,
                            std::move(placed.value));
}

PredicateOp Negated(PredicateOp op) {
  switch (op) {
    case PredicateOp::kTrue:
      return PredicateOp::kFalse;
    case PredicateOp::kFalse:
      return PredicateOp::kTrue;
    case PredicateOp::kAnd:
      return PredicateOp::kOr;
    case PredicateOp::kOr:
      return PredicateOp::kAnd;
    case PredicateOp::kNot:
      return PredicateOp::kNot;
    case PredicateOp::kIsNull:
      return PredicateOp::kNotNull;
    case PredicateOp::kNotNull:
      return PredicateOp::kIsNull;
    case PredicateOp::kIsNan:
      return PredicateOp::kNotNan;
    case PredicateOp::kNotNan:
      return PredicateOp::kIsNan;
    case PredicateOp::kLess:
      return PredicateOp::kGreaterOrEqual;
    case PredicateOp::kLessOrEqual:
      return PredicateOp::kGreater;
    case PredicateOp::kGreater:
      return PredicateOp::kLessOrEqual;
    case PredicateOp::kGreaterOrEqual:
      return PredicateOp::kLess;
    case PredicateOp::kEqual:
      return PredicateOp::kNotEqual;
    case PredicateOp::kNotEqual:
      return PredicateOp::kEqual;
    case PredicateOp::kStartsWith:
      return PredicateOp::kNotStartsWith;
    case PredicateOp::kNotStartsWith:
      return PredicateOp::kStartsWith;
    case PredicateOp::kIn:
      return PredicateOp::kNotIn;
    case PredicateOp::kNotIn:
      return PredicateOp::kIn;
  }
  return op;
}

class Binder {
 public:
  explicit Binder(const Schema& schema) : schema_(schema) {}

  Result<Predicate> Bind(const Predicate& predicate, bool negate, size_t depth) {
    if (depth > kPredicateDepthMax || ++nodes_ > kPredicateNodesMax) {
      return Fail(Code::kTooLarge, "bind predicate: nested deeper than " +
                                       std::to_string(kPredicateDepthMax) + " or with more than " +
                                       std::to_string(kPredicateNodesMax) + " nodes");
    }
    const PredicateOp op = negate ? Negated(predicate.op) : predicate.op;
    switch (op) {
      case PredicateOp::kTrue:
        return Predicate::True();
      case PredicateOp::kFalse:
        return Predicate::False();
      case PredicateOp::kNot:
        if (predicate.children.size() != 1) return Fail(Code::kInvalid, "NOT of one predicate");
        return Bind(predicate.children[0], !negate, depth + 1);
      case PredicateOp::kAnd:
      case PredicateOp::kOr:
        return BindChildren(predicate, op, negate, depth);
      default:
        return BindLeaf(predicate, op);
    }
  }

 private:
  Result<Predicate> BindChildren(const Predicate& predicate, PredicateOp op, bool negate,
                                 size_t depth) {
    const PredicateOp neutral = op == PredicateOp::kAnd ? PredicateOp::kTrue : PredicateOp::kFalse;
    const PredicateOp absorbing = Negated(neutral);
    Predicate bound{op, 0, {}, {}};
    for (const Predicate& child : predicate.children) {
      CRANNOG_ASSIGN(Predicate part, Bind(child, negate, depth + 1));
      if (part.op == absorbing) return part;
      if (part.op == neutral) continue;
      if (part.op == op) {
        for (Predicate& inner : part.children) bound.children.push_back(std::move(inner));
      } else {
        bound.children.push_back(std::move(part));
      }
    }
    if (bound.children.empty()) return Predicate{neutral, 0, {}, {}};
    if (bound.children.size() == 1) {
      Predicate only = std::move(bound.children[0]);
      return only;
    }
    return bound;
  }

  Result<Predicate> BindLeaf(const Predicate& leaf, PredicateOp op) {
    const NestedField* field = schema_.FindById(leaf.field_id);
    if (field == nullptr) {
      return Fail(Code::kInvalid,
                  "bind predicate: no column with field id " + std::to_string(leaf.field_id));
    }
    if (!field->type.is_primitive()) return Wrong(*field, "is no primitive column");
    if (schema_.IsInsideListOrMap(field->id)) return Wrong(*field, "is inside a list or map");
    switch (op) {
      case PredicateOp::kIsNull:
      case PredicateOp::kNotNull:
        return Predicate::Unary(op, field->id);
      case PredicateOp::kIsNan:
      case PredicateOp::kNotNan:
        return BindNan(*field, op);
      case PredicateOp::kIn:
      case PredicateOp::kNotIn:
        return BindSet(leaf, *field, op);
      default:
        break;
    }
    if (leaf.literals.size() != 1) return Wrong(*field, "is compared with no single literal");
    if (op == PredicateOp::kStartsWith || op == PredicateOp::kNotStartsWith) {
      return BindPrefix(leaf, *field, op);
    }
    auto placed = Place(field->type, leaf.literals[0]);
    if (!placed) return std::unexpected(std::move(placed.error()).Within("column " + field->name));
    return ComparePlaced(op, field->id, std::move(*placed));
  }

  Result<Predicate> BindNan(const NestedField& field, PredicateOp op) {
    if (IsFloating(field.type.id())) return Predicate::Unary(op, field.id);
    return op == PredicateOp::kIsNan ? Predicate::False() : NotNull(field.id);
  }

  Result<Predicate> BindPrefix(const Predicate& leaf, const NestedField& field, PredicateOp op) {
    const bool text = field.type.id() == TypeId::kString || field.type.id() == TypeId::kBinary;
    if (!text || leaf.literals[0].is_null() || leaf.literals[0].type_id() != field.type.id()) {
      return Wrong(field, "cannot start with " + leaf.literals[0].ToString());
    }
    if (leaf.literals[0].bytes().empty()) {
      return op == PredicateOp::kStartsWith ? NotNull(field.id) : Predicate::False();
    }
    return Predicate::Compare(op, field.id, leaf.literals[0]);
  }

  Result<Predicate> BindSet(const Predicate& leaf, const NestedField& field, PredicateOp op) {
    const bool in = op == PredicateOp::kIn;
    if (leaf.literals.size() > kInLiteralsMax) {
      return Fail(Code::kTooLarge, "column " + field.name + ": a list of " +
                                       std::to_string(leaf.literals.size()) + " literals");
    }
    if (leaf.literals.empty()) return in ? Predicate::False() : Predicate::True();
    std::vector<Value> values;
    bool nan = false;
    for (const Value& literal : leaf.literals) {
      auto placed = Place(field.type, literal);
      if (!placed) {
        return std::unexpected(std::move(placed.error()).Within("column " + field.name));
      }
      if (placed->where != Placed::Where::kExact) continue;
      if (placed->value.is_nan()) {
        nan = true;
      } else {
        values.push_back(std::move(placed->value));
      }
    }
    std::sort(values.begin(), values.end(),
              [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return Combine(field.id, std::move(values), nan, in);
  }

  static Predicate Combine(int32_t id, std::vector<Value> values, bool nan, bool in) {
    std::vector<Predicate> parts;
    if (values.size() == 1) {
      parts.push_back(Predicate::Compare(in ? PredicateOp::kEqual : PredicateOp::kNotEqual, id,
                                         std::move(values[0])));
    } else if (!values.empty()) {
      parts.push_back({in ? PredicateOp::kIn : PredicateOp::kNotIn, id, std::move(values), {}});
    }
    if (nan) {
      parts.push_back(Predicate::Unary(in ? PredicateOp::kIsNan : PredicateOp::kNotNan, id));
    }
    if (parts.empty()) return in ? Predicate::False() : NotNull(id);
    if (parts.size() == 1) {
      Predicate only = std::move(parts[0]);
      return only;
    }
    return in ? Predicate::Or(std::move(parts)) : Predicate::And(std::move(parts));
  }

  static std::unexpected<Error> Wrong(const NestedField& field, std::string what) {
    return Fail(Code::kInvalid, "bind predicate: column " + field.name + " (" +
                                    field.type.ToString() + ") " + std::move(what));
  }

  const Schema& schema_;
  size_t nodes_ = 0;
};

void CollectFieldIds(const Predicate& predicate, std::vector<int32_t>& ids) {
  for (const Predicate& child : predicate.children) CollectFieldIds(child, ids);
  if (predicate.field_id != 0) ids.push_back(predicate.field_id);
}

}  // namespace

BoundPredicate BoundPredicate::OfNormalForm(Predicate root) {
  BoundPredicate bound;
  bound.root_ = std::move(root);
  return bound;
}

std::vector<int32_t> BoundPredicate::FieldIds() const {
  std::vector<int32_t> ids;
  CollectFieldIds(root_, ids);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<BoundPredicate> Bind(const Predicate& predicate, const Schema& schema) {
  BoundPredicate bound;
  CRANNOG_ASSIGN(bound.root_, Binder(schema).Bind(predicate, false, 0));
  return bound;
}

}  // namespace crannog::table::iceberg
