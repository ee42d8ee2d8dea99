#include "sql/engine/view.h"

#include <utility>

#include "duckdb/parser/parsed_data/create_view_info.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"
#include "table/iceberg/format/view_metadata.h"

namespace crannog::sql::engine {
namespace {

constexpr uint64_t kViewBytesMax = uint64_t{64} << 20;

Result<iceberg::ViewMetadata> LoadView(const Lake& lake, const std::string& location) {
  CRANNOG_ASSIGN(auto bytes, object::ReadAll(lake.files, location, kViewBytesMax));
  return iceberg::ParseViewMetadata(bytes, location);
}

Result<iceberg::SchemaPtr> ViewSchema(const duckdb::CreateViewInfo& info) {
  std::vector<iceberg::NestedField> fields;
  for (size_t i = 0; i < info.types.size(); ++i) {
    iceberg::NestedField field;
    field.name = i < info.aliases.size() ? info.aliases[i] : info.names[i];
    CRANNOG_ASSIGN(field.type, ToIcebergType(info.types[i]));
    fields.push_back(std::move(field));
  }
  int32_t next_id = 1;
  return iceberg::Schema::Make(0, iceberg::AssignFreshIds(std::move(fields), next_id));
}

}  // namespace

duckdb::unique_ptr<duckdb::CatalogEntry> MakeViewEntry(duckdb::SchemaCatalogEntry& schema,
                                                       const catalog::ContentKey& key,
                                                       const catalog::IcebergView& view,
                                                       const Lake& lake) {
  const auto metadata = Unwrap(LoadView(lake, view.metadata_location));
  const auto& version = metadata.CurrentVersion();
  const auto* representation = version.FindDialect(kViewDialect);
  if (!representation)
    Throw(Error(Code::kUnsupported,
                "view " + key.ToString() + " has no SQL in the dialect " + kViewDialect));
  duckdb::CreateViewInfo info(schema, std::string(key.name()));
  info.query = duckdb::CreateViewInfo::ParseSelect(representation->sql);
  info.sql = representation->sql;
  for (const auto& field : metadata.CurrentSchema()->fields()) {
    info.aliases.push_back(field.name);
    info.names.push_back(field.name);
    info.types.push_back(ToEngineType(field.type));
  }
  return duckdb::make_uniq<duckdb::ViewCatalogEntry>(schema.catalog, schema, info);
}

Status WriteView(LakeTransaction& transaction, const catalog::ContentKey& key,
                 duckdb::CreateViewInfo& info) {
  const auto& lake = transaction.lake();
  CRANNOG_ASSIGN(const auto* content, transaction.Find(key));
  iceberg::ViewMetadata metadata;
  if (const auto* old = content ? content->As<catalog::IcebergView>() : nullptr) {
    CRANNOG_ASSIGN(metadata, LoadView(lake, old->metadata_location));
  } else {
    metadata.view_uuid = io::NewUuidV4(lake.random).ToString();
    metadata.location = lake.NewLocation(key);
  }
  iceberg::ViewVersion version;
  version.timestamp_ms = lake.clock.NowMillis();
  version.summary = {{"engine-name", "crannog"}, {"operation", "create"}};
  version.representations = {{"sql", info.query->ToString(), kViewDialect}};
  version.default_namespace = key.parent().elements();
  CRANNOG_ASSIGN(auto schema, ViewSchema(info));
  const int32_t version_id = iceberg::SetViewVersion(metadata, std::move(version), schema);
  catalog::IcebergView view;
  view.metadata_location =
      metadata.location + "/metadata/" + io::NewUuidV4(lake.random).ToString() + ".metadata.json";
  view.version_id = version_id;
  view.schema_id = metadata.CurrentVersion().schema_id;
  view.sql_text = metadata.CurrentVersion().representations.front().sql;
  view.dialect = kViewDialect;
  object::WriteOptions options;
  options.durability = object::Durability::kWithNextCommit;
  CRANNOG_RETURN_IF_ERROR(object::WriteAll(lake.files, view.metadata_location,
                                           iceberg::WriteViewMetadata(metadata), options));
  return transaction.Put(key, std::move(view));
}

}  // namespace crannog::sql::engine
