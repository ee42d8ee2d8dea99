// The Avro schema manifests are written with, as JSON text. For this folder only.
#pragma once

#include <string>

#include "table/iceberg/format/types.h"

namespace crannog::table::iceberg {

// `partition` is the partition struct. format_version is 2 or 3.
std::string ManifestAvroSchema(const Type& partition, int format_version);

}  // namespace crannog::table::iceberg
