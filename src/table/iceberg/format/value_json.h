// Values as JSON: Appendix D, "JSON single-value serialization".
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {

// `type` names the fields of nested values; null is JSON null.
codec::Json ValueToJson(const Type& type, const Value& value);
//   kCorrupt  the JSON is no value of that type
Result<Value> ValueFromJson(const Type& type, const codec::Json& json);

}  // namespace crannog::table::iceberg
