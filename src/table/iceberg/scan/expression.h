// Predicates over the columns of a table, by field id, with typed literals.
//
// A row matches a predicate when SQL's three-valued logic says TRUE: a comparison with NULL never
// matches, and NOT over it does not either. Floating point follows the SQL engine: NaN equals
// itself and is greater than everything else, so `x > 5` matches NaN.
//
// Plain values, safe to copy and to share between threads.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {

enum class PredicateOp : uint8_t {
  kTrue,
  kFalse,
  kAnd,  // of children; no children: true
  kOr,   // of children; no children: false
  kNot,  // of the one child
  // Unary, on field_id.
  kIsNull,
  kNotNull,
  kIsNan,
  kNotNan,  // neither NaN nor NULL
  // With literals[0].
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  kStartsWith,
  kNotStartsWith,
  // With any number of literals, none of them null.
  kIn,
  kNotIn,
};

struct Predicate {
  PredicateOp op = PredicateOp::kTrue;
  int32_t field_id = 0;
  std::vector<Value> literals;
  std::vector<Predicate> children;

  static Predicate True() { return {}; }
  static Predicate False();
  static Predicate And(std::vector<Predicate> children);
  static Predicate Or(std::vector<Predicate> children);
  static Predicate Not(Predicate child);
  // kIsNull, kNotNull, kIsNan, kNotNan.
  static Predicate Unary(PredicateOp op, int32_t field_id);
  // The operators that take one literal.
  static Predicate Compare(PredicateOp op, int32_t field_id, Value literal);
  static Predicate In(int32_t field_id, std::vector<Value> literals);
  static Predicate NotIn(int32_t field_id, std::vector<Value> literals);

  bool IsTrue() const { return op == PredicateOp::kTrue; }
  bool IsFalse() const { return op == PredicateOp::kFalse; }
};

// `(ts > 2026-01-01 and id in (1, 2))`, columns by name where `schema` knows them: for EXPLAIN,
// logs and tests.
std::string ToString(const Predicate& predicate, const Schema& schema);

// A predicate in normal form for one schema: no kNot, constants folded, every field a primitive of
// that schema, every literal of its field's type, the literals of kIn sorted and distinct.
class BoundPredicate {
 public:
  BoundPredicate() = default;  // true
  // `root` is a part of another bound predicate.
  static BoundPredicate OfNormalForm(Predicate root);
  const Predicate& root() const { return root_; }
  bool IsTrue() const { return root_.IsTrue(); }
  bool IsFalse() const { return root_.IsFalse(); }
  // Distinct ids of the fields it tests, ascending.
  std::vector<int32_t> FieldIds() const;

 private:
  friend Result<BoundPredicate> Bind(const Predicate&, const Schema&);
  Predicate root_;
};

// Literals are converted when that loses nothing (1 to 1L, 1.50 to a wider decimal); one that its
// column cannot hold decides the comparison (int_col < 5000000000 becomes int_col is not null).
//   kInvalid      no such field, or not a primitive, or a literal of another kind of type
//   kTooLarge     nested deeper or with more nodes than scan/limits.h allows
Result<BoundPredicate> Bind(const Predicate& predicate, const Schema& schema);

}  // namespace crannog::table::iceberg
