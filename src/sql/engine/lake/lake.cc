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
  // Quotes only occur where SchemaName() put them, around an element that has a dot itself.
  if (schema.find('"') != std::string_view::npos) return catalog::ContentKey::Parse(schema);
  std::vector<std::string> elements;
  size_t start = 0;
  for (size_t dot = schema.find('.'); dot != std::string_view::npos;
       dot = schema.find('.', start)) {
    elements.emplace_back(schema.substr(start, dot - start));
    start = dot + 1;
  }
  elements.emplace_back(schema.substr(start));
  return catalog::ContentKey::Of(elements);
}

std::string SchemaName(const catalog::ContentKey& key) {
  std::string name;
  for (const auto& element : key.elements()) {
    if (element.find_first_of(".\"") != std::string::npos) return key.ToString();
    name += (name.empty() ? "" : ".") + element;
  }
  return name;
}

}  // namespace crannog::sql::engine
