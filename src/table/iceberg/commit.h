// From a buffered change and the newest metadata to files that a catalog commit can make current.
//
// The road of a write: the engine gathers a TableChange; Prepare() checks it against the newest
// metadata, writes manifests, the manifest list and the next metadata file (with
// Durability::kWithNextCommit), and the caller moves the catalog's pointer from the base's location
// to the prepared one in one commit with everything else of its transaction. When somebody else
// moved the pointer first, the caller loads the newer metadata and calls Prepare() again with the
// same change: that is the rebase. Nothing here knows the catalog.
//
// A transaction reads its own writes by scanning the metadata of a PreparedTable that is not
// committed yet; its next statement extends the change (TableChange::Extend) and prepares anew
// from the same base.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/clock.h"
#include "io/random.h"
#include "object/files.h"
#include "table/iceberg/metadata_builder.h"
#include "table/iceberg/metadata_cache.h"
#include "table/iceberg/scan/planning_cache.h"
#include "table/iceberg/table_change.h"

namespace crannog::table::iceberg {

// What table operations stand on. Not owned; all outlive the operations. Thread-safe as its parts.
struct TableEnvironment {
  object::Files* files = nullptr;
  PlanningCache* planning = nullptr;
  MetadataCache* metadata = nullptr;
  io::Clock* clock = nullptr;
  io::Random* random = nullptr;
  // Of the snapshot summary.
  std::string engine_name = "crannog";
  std::string engine_version;
};

// A table as a catalog entry points to it. A table to be created has neither.
struct TableBase {
  TableMetadataPtr table;
  std::string location;  // of its metadata file
};

struct PreparedTable {
  std::string metadata_location;  // what the catalog entry points to next
  TableMetadataPtr table;         // its content
  // Ids for the catalog entry (Nessie's ICEBERG_TABLE content).
  std::optional<int64_t> snapshot_id;  // the current one; nullopt: a table without snapshots
  int32_t schema_id = 0;
  int32_t spec_id = 0;
  int32_t sort_order_id = 0;
  // The snapshot this change made, where it made one (on another branch it is not the current one).
  std::optional<int64_t> new_snapshot_id;
  // Everything written, the metadata file last.
  std::vector<std::string> written;
};

// Writes what makes `change` part of the table. Safe to repeat: every call writes under new names.
//   kConflict     the table moved in a way the change cannot follow; the message says which. The
//                 statement must be run again.
//   kInvalid      the change is wrong on any base (a spec that is not there, a file added twice)
//   kCorrupt, kIo, kExhausted  from reading or writing; nothing became visible
Result<PreparedTable> Prepare(const TableEnvironment& environment, const TableBase& base,
                              const TableChange& change);

// Whether `change`, made on an older state, may go on top of `base`; writes nothing. Prepare() asks
// the same.
Status CheckRebase(const TableEnvironment& environment, const TableMetadata& base,
                   const TableChange& change);

// Deletes the files of a prepared table that was not committed. Errors are left to orphan removal.
void Abandon(const TableEnvironment& environment, const PreparedTable& prepared);

// A commit as REST clients send it: requirements, then updates; the clients wrote the manifests.
//   kConflict  a requirement does not hold
Result<PreparedTable> PrepareUpdates(const TableEnvironment& environment, const TableBase& base,
                                     const TableCommit& commit);

}  // namespace crannog::table::iceberg
