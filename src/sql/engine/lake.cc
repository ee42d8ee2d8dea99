#include "sql/engine/lake.h"

namespace crannog::sql::engine {

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

Result<catalog::ContentKey> NamespaceKey(std::string_view schema) {
  return catalog::ContentKey::Parse(schema);
}

std::string SchemaName(const catalog::ContentKey& key) { return key.ToString(); }

}  // namespace crannog::sql::engine
