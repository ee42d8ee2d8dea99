// What a manifest's key-value metadata says. For this folder only.
#pragma once

#include "base/result.h"
#include "codec/avro.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/manifest/manifest_list.h"

namespace crannog::table::iceberg {

struct ManifestHeader {
  int format_version = 1;
  ManifestContent content = ManifestContent::kData;
  SchemaPtr schema;
  PartitionSpec spec;
};

//   kCorrupt, kUnsupported (a later format version)
Result<ManifestHeader> ReadManifestHeader(const codec::AvroFileReader& file);

}  // namespace crannog::table::iceberg
