// Partition tuples in Avro: the record's schema, its values in and out. Specification: Appendix A.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/avro.h"
#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {

// A primitive's Avro schema as JSON text. Named types are spelled out once in a file: `named`
// holds those that were, and later mentions are by name.
std::string AvroTypeJson(const Type& type, std::set<std::string>& named);

// A name that Avro allows, made as the reference does: "a b" becomes "a_x20b", "1a" "_1a".
std::string AvroName(std::string_view name);

void EncodeAvroValue(const Value& value, codec::AvroEncoder& to);

// How to read one field of the tuple.
struct AvroValuePlan {
  const codec::AvroSchema* schema = nullptr;  // without the union around it
  int null_branch = -1;                       // -1: never null
  Type type;
};

// The plan for a field that is to be of type `wanted`, else of the type the file alone suggests.
//   kCorrupt  no primitive type
Result<AvroValuePlan> PlanAvroValue(const codec::AvroSchema& schema, const Type& wanted);
// After a failure the cursor is not ok() and the value means nothing.
void DecodeAvroValue(const AvroValuePlan& plan, codec::AvroCursor& from, Value& to);

}  // namespace crannog::table::iceberg
