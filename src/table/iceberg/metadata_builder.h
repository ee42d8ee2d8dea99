// Applies updates to table metadata: the one place where the rules of the specification about
// what may follow what are enforced, for SQL, REST and maintenance alike.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

using TableMetadataPtr = std::shared_ptr<const TableMetadata>;

// Not thread-safe; used once. After an error the builder is spent.
class MetadataBuilder {
 public:
  // Over an existing table; `base_location` is the metadata file it was read from, which goes to
  // the metadata log.
  MetadataBuilder(const TableMetadata& base, std::string base_location);
  // For a table that does not exist yet: format version 2 unless an update says otherwise.
  MetadataBuilder();

  //   kInvalid      the update contradicts the metadata or the specification; names both
  //   kNotFound     an id or ref that is not there
  //   kUnsupported  a format version beyond 3, or a downgrade
  Status Apply(const TableUpdate& update);
  Status ApplyAll(std::span<const TableUpdate> updates);

  // Whether any Apply changed anything.
  bool changed() const { return changed_; }
  const TableMetadata& current() const { return table_; }

  // Stamps last-updated-ms, logs the previous metadata file (at most
  // `write.metadata.previous-versions-max` entries, 100 by default), and checks the whole.
  //   kInvalid  something a table must have is missing
  Result<TableMetadata> Build(int64_t now_ms) &&;

 private:
  Status ApplyOne(const AssignUuid& update);
  Status ApplyOne(const UpgradeFormatVersion& update);
  Status ApplyOne(const AddSchema& update);
  Status ApplyOne(const SetCurrentSchema& update);
  Status ApplyOne(const AddSpec& update);
  Status ApplyOne(const SetDefaultSpec& update);
  Status ApplyOne(const AddSortOrder& update);
  Status ApplyOne(const SetDefaultSortOrder& update);
  Status ApplyOne(const AddSnapshot& update);
  Status ApplyOne(const SetSnapshotRef& update);
  Status ApplyOne(const RemoveSnapshots& update);
  Status ApplyOne(const RemoveSnapshotRef& update);
  Status ApplyOne(const SetLocation& update);
  Status ApplyOne(const SetProperties& update);
  Status ApplyOne(const RemoveProperties& update);
  Status ApplyOne(const SetStatistics& update);
  Status ApplyOne(const RemoveStatistics& update);
  Status ApplyOne(const SetPartitionStatistics& update);
  Status ApplyOne(const RemovePartitionStatistics& update);
  Status ApplyOne(const RemovePartitionSpecs& update);
  Status ApplyOne(const RemoveSchemas& update);
  Status ApplyOne(const AddEncryptionKey& update);
  Status ApplyOne(const RemoveEncryptionKey& update);

  TableMetadata table_;
  std::string base_location_;
  std::optional<int64_t> base_updated_ms_;
  std::optional<int64_t> base_current_snapshot_;
  std::optional<int32_t> last_added_schema_;
  std::optional<int32_t> last_added_spec_;
  std::optional<int32_t> last_added_order_;
  bool changed_ = false;
};

}  // namespace crannog::table::iceberg
