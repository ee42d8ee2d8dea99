// What every catalog of one open lake shares.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "catalog/content_key.h"
#include "catalog/repository.h"
#include "io/clock.h"
#include "io/random.h"
#include "object/files.h"
#include "sql/engine/lake/append_queue.h"
#include "sql/engine/lake/offered_scans.h"
#include "table/iceberg/commit.h"

namespace crannog::sql::engine {

namespace iceberg = table::iceberg;

// Files that need not be durable before the commit that names them: their writer says so here, and
// the engine's file system, which only sees a path, asks. Thread-safe.
class DeferredFiles {
 public:
  void Add(std::string location);
  // Whether it was added; it is forgotten then.
  bool Take(const std::string& location);

 private:
  std::mutex mutex_;  // guards locations_
  std::unordered_set<std::string> locations_;
};

// Not owned; everything outlives the lake. Thread-safe as its parts.
struct Lake {
  object::Files& files;
  catalog::Repository& repository;
  io::Clock& clock;
  io::Random& random;
  iceberg::PlanningCache& planning;
  iceberg::MetadataCache& metadata;
  DeferredFiles& deferred;
  AppendQueue& appends;
  OfferedScans& offered;
  std::string warehouse;  // where new tables go: "s3://warehouse", without a slash at the end

  iceberg::TableEnvironment environment() const;
  Result<iceberg::TableMetadataPtr> LoadTable(std::string_view metadata_location) const;
  // A fresh location for a table or view of that name: ".../bronze/orders_<8 hex digits>".
  std::string NewLocation(const catalog::ContentKey& key) const;
};

// What the catalog keeps of a prepared table.
catalog::Content ToContent(const catalog::ContentId& id, const iceberg::PreparedTable& table);

// The catalog's name for a schema of SQL: nested namespaces are written with dots.
//   kInvalid  no content key can be made of it
Result<catalog::ContentKey> NamespaceKey(std::string_view schema);
std::string SchemaName(const catalog::ContentKey& key);

// The schema unqualified names resolve in; it is there even before its namespace is.
inline constexpr std::string_view kDefaultSchema = "main";

}  // namespace crannog::sql::engine
