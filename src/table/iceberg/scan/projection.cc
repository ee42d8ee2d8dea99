#include "table/iceberg/scan/projection.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"

namespace crannog::table::iceberg {

namespace {

bool IsSet(PredicateOp op) { return op == PredicateOp::kIn || op == PredicateOp::kNotIn; }
bool IsNullTest(PredicateOp op) {
  return op == PredicateOp::kIsNull || op == PredicateOp::kNotNull;
}

Predicate Simplified(PredicateOp op, std::vector<Predicate> parts) {
  const PredicateOp neutral = op == PredicateOp::kAnd ? PredicateOp::kTrue : PredicateOp::kFalse;
  const PredicateOp absorbing = op == PredicateOp::kAnd ? PredicateOp::kFalse : PredicateOp::kTrue;
  Predicate result{op, 0, {}, {}};
  for (Predicate& part : parts) {
    if (part.op == absorbing) return {absorbing, 0, {}, {}};
    if (part.op != neutral) result.children.push_back(std::move(part));
  }
  if (result.children.empty()) return {neutral, 0, {}, {}};
  if (result.children.size() == 1) {
    Predicate only = std::move(result.children[0]);
    return only;
  }
  return result;
}

// The value's neighbour; nullopt for types without neighbours and at the end of the range.
std::optional<Value> Neighbour(const Value& value, int step) {
  switch (value.type_id()) {
    case TypeId::kInt:
    case TypeId::kDate: {
      const int64_t next = value.integer() + step;
      if (next < std::numeric_limits<int32_t>::min() ||
          next > std::numeric_limits<int32_t>::max()) {
        return std::nullopt;
      }
      return Value::OfInteger(value.type_id(), next);
    }
    case TypeId::kLong:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs: {
      int64_t next = 0;
      if (__builtin_add_overflow(value.integer(), int64_t{step}, &next)) return std::nullopt;
      return Value::OfInteger(value.type_id(), next);
    }
    default:
      return std::nullopt;
  }
}

// Projects one leaf through one partition field.
class LeafProjection {
 public:
  LeafProjection(const Predicate& leaf, const PartitionField& field, const Type& source)
      : leaf_(leaf), field_(field), transform_(field.transform), source_(source) {}

  Predicate Inclusive() const {
    if (!Usable()) return Predicate::True();
    if (IsIdentity()) return Renamed(leaf_);
    if (IsNullTest(leaf_.op)) return Renamed(leaf_);
    switch (leaf_.op) {
      case PredicateOp::kIsNan:
      case PredicateOp::kNotNan:
        return NotNull();
      case PredicateOp::kEqual:
      case PredicateOp::kIn:
        return InclusiveSet();
      case PredicateOp::kNotEqual:
      case PredicateOp::kNotIn:
        return NotNull();
      default:
        break;
    }
    if (transform_.kind() == TransformKind::kBucket) return NotNull();
    switch (leaf_.op) {
      case PredicateOp::kStartsWith:
        return StartsWith(true);
      case PredicateOp::kNotStartsWith:
        return NotStartsWithInclusive();
      case PredicateOp::kLess:
      case PredicateOp::kLessOrEqual:
        return InclusiveBelow();
      default:
        return InclusiveAbove();
    }
  }

  Predicate Strict() const {
    if (!Usable()) return Predicate::False();
    if (IsIdentity()) return Renamed(leaf_);
    if (IsNullTest(leaf_.op)) return Renamed(leaf_);
    if (leaf_.op == PredicateOp::kNotEqual || leaf_.op == PredicateOp::kNotIn) {
      return StrictNotIn();
    }
    if (transform_.kind() == TransformKind::kBucket) return Predicate::False();
    switch (leaf_.op) {
      case PredicateOp::kStartsWith:
        return StartsWith(false);
      case PredicateOp::kNotStartsWith:
        return NotStartsWithStrict();
      case PredicateOp::kLess:
      case PredicateOp::kLessOrEqual:
        return StrictBelow();
      case PredicateOp::kGreater:
      case PredicateOp::kGreaterOrEqual:
        return StrictAbove();
      default:
        return Predicate::False();
    }
  }

 private:
  bool Usable() const {
    if (!field_.source_ids.empty() && field_.source_ids.size() > 1) return false;
    if (transform_.kind() == TransformKind::kVoid) return false;
    if (transform_.kind() == TransformKind::kUnknown) return false;
    return transform_.CanApply(source_);
  }

  // The day of a date is the date.
  bool IsIdentity() const {
    return transform_.kind() == TransformKind::kIdentity ||
           (transform_.kind() == TransformKind::kDay && source_.id() == TypeId::kDate);
  }

  bool IsTime() const {
    return transform_.kind() == TransformKind::kYear ||
           transform_.kind() == TransformKind::kMonth || transform_.kind() == TransformKind::kDay ||
           transform_.kind() == TransformKind::kHour;
  }

  bool IsWrapping() const {
    return transform_.kind() == TransformKind::kTruncate &&
           (source_.id() == TypeId::kInt || source_.id() == TypeId::kLong);
  }

  Predicate Renamed(Predicate leaf) const {
    leaf.field_id = field_.field_id;
    return leaf;
  }
  Predicate NotNull() const { return Predicate::Unary(PredicateOp::kNotNull, field_.field_id); }
  Predicate Make(PredicateOp op, Value value) const {
    return Predicate::Compare(op, field_.field_id, std::move(value));
  }
  const Value& literal() const { return leaf_.literals[0]; }

  // Truncating within one width of the smallest integer wraps around to a large one, which may lie
  // below the largest multiple of the width or be one.
  bool Wraps(const Value& value) const {
    return IsWrapping() && transform_.Apply(value).integer() > value.integer();
  }
  // What all values that wrap become; nullopt where none does.
  std::optional<Value> Wrapped() const {
    if (!IsWrapping()) return std::nullopt;
    const int64_t least = source_.id() == TypeId::kInt ? std::numeric_limits<int32_t>::min()
                                                       : std::numeric_limits<int64_t>::min();
    const Value value = Value::OfInteger(source_.id(), least);
    if (!Wraps(value)) return std::nullopt;
    return transform_.Apply(value);
  }

  // Writers of old versions rounded years, months, days and hours before 1970 towards zero, so
  // that a file's partition may be one too high there.
  std::optional<Value> RoundedUp(const Value& result) const {
    if (!IsTime() || result.integer() >= 0) return std::nullopt;
    return Neighbour(result, 1);
  }

  std::vector<Value> Images() const {
    std::vector<Value> images;
    for (const Value& value : leaf_.literals) {
      Value image = transform_.Apply(value);
      if (auto up = RoundedUp(image)) images.push_back(std::move(*up));
      images.push_back(std::move(image));
    }
    std::sort(images.begin(), images.end(),
              [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
    images.erase(std::unique(images.begin(), images.end()), images.end());
    return images;
  }

  Predicate InclusiveSet() const {
    std::vector<Value> images = Images();
    if (images.size() == 1) return Make(PredicateOp::kEqual, std::move(images[0]));
    return Predicate::In(field_.field_id, std::move(images));
  }

  Predicate StrictNotIn() const {
    std::vector<Value> images = Images();
    if (images.size() == 1) return Make(PredicateOp::kNotEqual, std::move(images[0]));
    return Predicate::NotIn(field_.field_id, std::move(images));
  }

  Predicate InclusiveBelow() const {
    Value bound = literal();
    if (leaf_.op == PredicateOp::kLess) {
      if (auto below = Neighbour(bound, -1)) bound = std::move(*below);
    }
    Value image = transform_.Apply(bound);
    if (auto up = RoundedUp(image)) image = std::move(*up);
    if (Wraps(bound)) return NotNull();
    Predicate below = Make(PredicateOp::kLessOrEqual, std::move(image));
    auto wrapped = Wrapped();
    if (!wrapped) return below;
    return Predicate::Or({std::move(below), Make(PredicateOp::kEqual, std::move(*wrapped))});
  }

  Predicate InclusiveAbove() const {
    Value bound = literal();
    if (leaf_.op == PredicateOp::kGreater) {
      if (auto above = Neighbour(bound, 1)) bound = std::move(*above);
    }
    if (Wraps(bound)) return NotNull();
    return Make(PredicateOp::kGreaterOrEqual, transform_.Apply(bound));
  }

  Predicate StrictBelow() const {
    Value bound = literal();
    if (leaf_.op == PredicateOp::kLessOrEqual) {
      if (auto above = Neighbour(bound, 1)) bound = std::move(*above);
    }
    if (Wraps(bound)) return Predicate::False();
    return Make(PredicateOp::kLess, transform_.Apply(bound));
  }

  Predicate StrictAbove() const {
    Value bound = literal();
    if (leaf_.op == PredicateOp::kGreaterOrEqual) {
      if (auto below = Neighbour(bound, -1)) bound = std::move(*below);
    }
    if (Wraps(bound)) return Predicate::False();
    Value image = transform_.Apply(bound);
    if (auto up = RoundedUp(image)) image = std::move(*up);
    Predicate above = Make(PredicateOp::kGreater, std::move(image));
    auto wrapped = Wrapped();
    if (!wrapped) return above;
    return Predicate::And({std::move(above), Make(PredicateOp::kNotEqual, std::move(*wrapped))});
  }

  // A prefix no longer than the width survives truncation whole.
  bool PrefixFits() const { return transform_.Apply(literal()) == literal(); }

  Predicate StartsWith(bool inclusive) const {
    if (PrefixFits()) return Renamed(leaf_);
    return inclusive ? Make(PredicateOp::kEqual, transform_.Apply(literal())) : Predicate::False();
  }
  Predicate NotStartsWithInclusive() const { return PrefixFits() ? Renamed(leaf_) : NotNull(); }
  Predicate NotStartsWithStrict() const {
    if (PrefixFits()) return Renamed(leaf_);
    return Make(PredicateOp::kNotEqual, transform_.Apply(literal()));
  }

  const Predicate& leaf_;
  const PartitionField& field_;
  const Transform& transform_;
  const Type& source_;
};

Predicate Project(const Predicate& predicate, const PartitionSpec& spec, const Schema& schema,
                  bool inclusive) {
  switch (predicate.op) {
    case PredicateOp::kTrue:
    case PredicateOp::kFalse:
      return predicate;
    case PredicateOp::kAnd:
    case PredicateOp::kOr: {
      std::vector<Predicate> parts;
      for (const Predicate& child : predicate.children) {
        parts.push_back(Project(child, spec, schema, inclusive));
      }
      return Simplified(predicate.op, std::move(parts));
    }
    case PredicateOp::kNot:
      CRANNOG_CHECK(false);  // bound predicates have none
    default:
      break;
  }
  CRANNOG_CHECK(IsSet(predicate.op) || predicate.literals.size() <= 1);
  const NestedField* source = schema.FindById(predicate.field_id);
  std::vector<Predicate> parts;
  for (const PartitionField& field : spec.fields) {
    if (source == nullptr || field.source_id != predicate.field_id) continue;
    const LeafProjection projection(predicate, field, source->type);
    parts.push_back(inclusive ? projection.Inclusive() : projection.Strict());
  }
  return Simplified(inclusive ? PredicateOp::kAnd : PredicateOp::kOr, std::move(parts));
}

}  // namespace

Predicate ProjectInclusive(const BoundPredicate& predicate, const PartitionSpec& spec,
                           const Schema& schema) {
  return Project(predicate.root(), spec, schema, true);
}

Predicate ProjectStrict(const BoundPredicate& predicate, const PartitionSpec& spec,
                        const Schema& schema) {
  return Project(predicate.root(), spec, schema, false);
}

}  // namespace crannog::table::iceberg
