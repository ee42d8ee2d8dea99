// Schemas and types as JSON: Appendix C, "Schemas".
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "codec/json_at.h"
#include "table/iceberg/format/schema.h"

namespace crannog::table::iceberg {

codec::Json TypeToJson(const Type& type);
Result<Type> TypeFromJson(const codec::JsonAt& at);

// With "schema-id", and "identifier-field-ids" when there are any.
codec::Json SchemaToJson(const Schema& schema);
// A missing schema-id (v1) is 0. Unknown members are ignored.
//   kCorrupt  names the JSON path
Result<SchemaPtr> SchemaFromJson(const codec::JsonAt& at);
Result<SchemaPtr> ParseSchema(std::string_view json_text);

}  // namespace crannog::table::iceberg
