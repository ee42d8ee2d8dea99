#include "sql/engine/lake/lake.h"

#include <utility>

namespace crannog::sql::engine {

void DeferredFiles::Add(std::string location) {
  std::lock_guard guard(mutex_);
  locations_.insert(std::move(location));
}

bool DeferredFiles::Take(const std::string& location) {
  std::lock_guard guard(mutex_);
  return locations_.erase(location) > 0;
}

iceberg::TableEnvironment Lake::environment() const {
  iceberg::TableEnvironment environment;
  environment.files = &files;
  environment.planning = &planning;
  environment.metadata = &metadata;
  environment.clock = &clock;
  environment.random = &random;
  return environment;
}

Result<iceberg::TableMetadataPtr> Lake::LoadTable(std::string_view metadata_location) const {
  return metadata.Load(files, metadata_location);
}

std::string Lake::NewLocation(const catalog::ContentKey& key) const {
  std::string location = warehouse;
  for (const auto& element : key.elements()) {
    location += '/';
    for (const char c : element) {
      const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
      location += plain || static_cast<unsigned char>(c) >= 0x80 ? c : '_';
    }
  }
  return location + '_' + io::NewUuidV4(random).ToString().substr(0, 8);
}

catalog::Content ToContent(const catalog::ContentId& id, const iceberg::PreparedTable& table) {
  catalog::IcebergTable body;
  body.metadata_location = table.metadata_location;
  body.snapshot_id = table.snapshot_id.value_or(-1);
  body.schema_id = table.schema_id;
  body.spec_id = table.spec_id;
  body.sort_order_id = table.sort_order_id;
  catalog::Content content;
  content.id = id;
  content.body = std::move(body);
  return content;
}

Result<catalog::ContentKey> NamespaceKey(std::string_view schema) {
  return catalog::ContentKey::Parse(schema);
}

std::string SchemaName(const catalog::ContentKey& key) { return key.ToString(); }

}  // namespace crannog::sql::engine
