// Partition spec evolution: what ALTER TABLE .. SET PARTITIONED BY and ADD or DROP PARTITION FIELD
// do. Specification: "Partition Evolution".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/partition_spec.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/format/transform.h"
#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

// Not thread-safe. Every failure of a method leaves the update as it was.
class SpecUpdate {
 public:
  // `table` must outlive this.
  explicit SpecUpdate(const TableMetadata& table);

  //   kExists    the term or name is there    kNotFound  no such column    kInvalid
  Status AddField(const UnboundPartitionField& term);
  // By the partition field's name. In a v1 table the field stays with the void transform.
  //   kNotFound
  Status RemoveField(std::string_view name);
  Status RemoveTerm(const UnboundPartitionField& term);
  Status RenameField(std::string_view name, std::string_view new_name);
  // The whole spec at once, as SET PARTITIONED BY; field ids of terms that were ever used are kept.
  Status Replace(const std::vector<UnboundPartitionField>& terms);

  bool changed() const;
  // AddSpec and SetDefaultSpec; nothing when nothing changed.
  std::vector<TableUpdate> Updates() const;

 private:
  Status Adopt(const std::vector<UnboundPartitionField>& terms);
  std::vector<UnboundPartitionField> Terms() const;
  Status Remove(size_t index);

  const TableMetadata* table_;
  SchemaPtr schema_;
  std::vector<PartitionField> fields_;
};

}  // namespace crannog::table::iceberg
