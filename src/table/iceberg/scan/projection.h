// From predicates over rows to predicates over partition values, through every transform
// (specification, Scan Planning). The result's field ids are partition field ids and its literals
// are of the transforms' result types.
#pragma once

#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/scan/expression.h"

namespace crannog::table::iceberg {

// Inclusive: whenever a row matches `predicate`, its partition matches the result. What a transform
// cannot say (unknown or void transforms, columns the spec does not use) becomes true.
Predicate ProjectInclusive(const BoundPredicate& predicate, const PartitionSpec& spec,
                           const Schema& schema);

// Strict: whenever a partition matches the result, every row of it matches `predicate`. What a
// transform cannot say becomes false.
Predicate ProjectStrict(const BoundPredicate& predicate, const PartitionSpec& spec,
                        const Schema& schema);

}  // namespace crannog::table::iceberg
