#include "table/iceberg/manifest/manifest_avro_schema.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "codec/json.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/manifest/partition_avro.h"

namespace crannog::table::iceberg {
namespace {

// Collects a record's fields.
class Record {
 public:
  void Required(int id, std::string_view name, const std::string& type) {
    Add(fmt::format(R"({{"name":"{}","type":{},"field-id":{}}})", name, type, id));
  }
  void Optional(int id, std::string_view name, const std::string& type) {
    Add(fmt::format(R"({{"name":"{}","type":["null",{}],"default":null,"field-id":{}}})", name,
                    type, id));
  }
  void Add(const std::string& field) { fields_ += (fields_.empty() ? "" : ",") + field; }
  std::string Finish(std::string_view name) const {
    return fmt::format(R"({{"type":"record","name":"{}","fields":[{}]}})", name, fields_);
  }

 private:
  std::string fields_;
};

std::string MapOf(int key_id, int value_id, std::string_view value_type) {
  Record pair;
  pair.Required(key_id, "key", R"("int")");
  pair.Required(value_id, "value", fmt::format("\"{}\"", value_type));
  return fmt::format(R"({{"type":"array","items":{},"logicalType":"map"}})",
                     pair.Finish(fmt::format("k{}_v{}", key_id, value_id)));
}

std::string ListOf(int element_id, std::string_view type) {
  return fmt::format(R"({{"type":"array","items":"{}","element-id":{}}})", type, element_id);
}

std::string PartitionRecord(const Type& partition) {
  Record record;
  std::set<std::string> named;
  for (const NestedField& field : partition.fields()) {
    const std::string name = AvroName(field.name);
    // Where Avro's rules change a name the reference notes the true one.
    const std::string original = name == field.name ? ""
                                                    : fmt::format(R"(,"iceberg-field-name":{})",
                                                                  codec::QuoteJson(field.name));
    record.Add(fmt::format(R"({{"name":"{}","type":["null",{}],"default":null,"field-id":{}{}}})",
                           name, AvroTypeJson(field.type, named), field.id, original));
  }
  return record.Finish("r102");
}

std::string DataFileRecord(const Type& partition, int format_version) {
  const std::string text = R"("string")";
  const std::string number = R"("long")";
  Record record;
  record.Required(134, "content", R"("int")");
  record.Required(100, "file_path", text);
  record.Required(101, "file_format", text);
  record.Required(102, "partition", PartitionRecord(partition));
  record.Required(103, "record_count", number);
  record.Required(104, "file_size_in_bytes", number);
  record.Optional(108, "column_sizes", MapOf(117, 118, "long"));
  record.Optional(109, "value_counts", MapOf(119, 120, "long"));
  record.Optional(110, "null_value_counts", MapOf(121, 122, "long"));
  record.Optional(137, "nan_value_counts", MapOf(138, 139, "long"));
  record.Optional(125, "lower_bounds", MapOf(126, 127, "bytes"));
  record.Optional(128, "upper_bounds", MapOf(129, 130, "bytes"));
  record.Optional(131, "key_metadata", R"("bytes")");
  record.Optional(132, "split_offsets", ListOf(133, "long"));
  record.Optional(135, "equality_ids", ListOf(136, "int"));
  record.Optional(140, "sort_order_id", R"("int")");
  if (format_version >= 3) record.Optional(142, "first_row_id", number);
  record.Optional(143, "referenced_data_file", text);
  if (format_version >= 3) {
    record.Optional(144, "content_offset", number);
    record.Optional(145, "content_size_in_bytes", number);
  }
  return record.Finish("r2");
}

}  // namespace

std::string ManifestAvroSchema(const Type& partition, int format_version) {
  Record record;
  record.Required(0, "status", R"("int")");
  record.Optional(1, "snapshot_id", R"("long")");
  record.Optional(3, "sequence_number", R"("long")");
  record.Optional(4, "file_sequence_number", R"("long")");
  record.Required(2, "data_file", DataFileRecord(partition, format_version));
  return record.Finish("manifest_entry");
}

}  // namespace crannog::table::iceberg
