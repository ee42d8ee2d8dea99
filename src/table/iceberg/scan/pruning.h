// Whether a file, a partition or a whole manifest can hold rows that match a predicate.
//
// "May" answers are inclusive: false is a proof that no row matches. "Must" answers are strict:
// true is a proof that every row matches. Missing statistics make both say the harmless thing.
// Bounds that do not decode are treated as missing. Pure functions.
#pragma once

#include <optional>
#include <span>

#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/manifest/manifest.h"
#include "table/iceberg/scan/expression.h"

namespace crannog::table::iceberg {

// What is known about the values of one column (or partition field) over a set of rows.
struct ColumnSummary {
  bool may_be_null = true;
  bool may_be_non_null = true;  // false: all are null
  bool may_be_nan = true;       // only floating point can be
  bool may_be_non_nan = true;   // false: all are NaN or null
  // Of the values that are neither null nor NaN.
  std::optional<Value> lower;
  std::optional<Value> upper;
};

// Whether bounds of this type can be trusted to be in our order. Those of UUIDs cannot: Java
// writers order them by signed halves, others by bytes, and no file says which.
bool HasOrderedBounds(TypeId id);

// One leaf of a bound predicate against what is known.
bool LeafMayMatch(const Predicate& leaf, const ColumnSummary& column);
bool LeafMustMatch(const Predicate& leaf, const ColumnSummary& column);

// By the column bounds and counts of one data or delete file.
bool FileMayMatch(const BoundPredicate& predicate, const DataFile& file, const Schema& schema);
bool FileMustMatch(const BoundPredicate& predicate, const DataFile& file, const Schema& schema);

// `predicate` is over partition fields, as projection.h makes it (inclusive for May, strict for
// Must); `partition` is the tuple of one file of `spec`.
bool PartitionMayMatch(const Predicate& predicate, const PartitionSpec& spec,
                       std::span<const Value> partition);
bool PartitionMustMatch(const Predicate& predicate, const PartitionSpec& spec,
                        std::span<const Value> partition);
ColumnSummary SummaryOf(const Value& value);

// Order of values as SQL has it: -0.0 equals 0.0. Neither is NaN.
int CompareForSql(const Value& a, const Value& b);

// By the counts and partition summaries of a manifest list's entry. `predicate` is over the
// partition fields of `spec`.
bool ManifestMayMatch(const Predicate& predicate, const PartitionSpec& spec, const Schema& schema,
                      const ManifestFile& manifest);

}  // namespace crannog::table::iceberg
