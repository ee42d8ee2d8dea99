#include "table/iceberg/new_table.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "base/uuid.h"

namespace crannog::table::iceberg {

namespace {

constexpr std::string_view kFormatVersionProperty = "format-version";
constexpr int kFormatVersionDefault = 2;

Result<int> TakeFormatVersion(std::map<std::string, std::string>& properties, int otherwise) {
  const auto it = properties.find(std::string(kFormatVersionProperty));
  if (it == properties.end()) return otherwise;
  int version = 0;
  const std::string& text = it->second;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), version);
  if (parsed.ptr != text.data() + text.size() || version < 2 || version > kFormatVersionMax) {
    return Fail(Code::kUnsupported, "create a table of format version " + text);
  }
  properties.erase(it);
  return version;
}

Result<SchemaPtr> MakeSchema(std::vector<NestedField> fields,
                             const std::vector<std::string>& identifiers) {
  CRANNOG_ASSIGN(SchemaPtr schema, Schema::Make(0, fields));
  std::vector<int32_t> ids;
  for (const std::string& name : identifiers) {
    const NestedField* field = schema->FindByName(name);
    if (field == nullptr) return Fail(Code::kNotFound, "no identifier column " + name);
    ids.push_back(field->id);
  }
  if (ids.empty()) return schema;
  return Schema::Make(0, std::move(fields), std::move(ids));
}

// Columns that keep their name keep their id, so that old snapshots stay readable beside new ones.
void KeepIds(std::vector<NestedField>& fields, const std::string& prefix, const Schema& old,
             int32_t& next_id) {
  for (NestedField& field : fields) {
    const std::string path = prefix + field.name;
    const NestedField* same = old.FindByName(path);
    field.id = same != nullptr && same->type.id() == field.type.id() ? same->id : next_id++;
    if (!field.type.is_nested()) continue;
    std::vector<NestedField> inner = field.type.fields();
    KeepIds(inner, path + ".", old, next_id);
    if (field.type.id() == TypeId::kStruct) {
      field.type = Type::Struct(std::move(inner));
    } else if (field.type.id() == TypeId::kList) {
      field.type = Type::List(std::move(inner[0]));
    } else {
      field.type = Type::Map(std::move(inner[0]), std::move(inner[1]));
    }
  }
}

}  // namespace

Result<std::vector<TableUpdate>> CreateTableUpdates(const NewTableOptions& options,
                                                    io::Random& random) {
  std::map<std::string, std::string> properties = options.properties;
  CRANNOG_ASSIGN(const int version, TakeFormatVersion(properties, kFormatVersionDefault));
  int32_t next_id = 1;
  CRANNOG_ASSIGN(const SchemaPtr schema,
                 MakeSchema(AssignFreshIds(options.fields, next_id), options.identifier_columns));
  CRANNOG_ASSIGN(PartitionSpec spec,
                 BindPartitionSpec(*schema, options.partitioned_by, {version, {}}));
  spec.spec_id = 0;
  CRANNOG_ASSIGN(SortOrder order, BindSortOrder(*schema, options.sorted_by, {}));
  std::vector<TableUpdate> updates;
  updates.push_back(AssignUuid{io::NewUuidV4(random).ToString()});
  updates.push_back(UpgradeFormatVersion{version});
  updates.push_back(SetLocation{options.location});
  updates.push_back(AddSchema{schema});
  updates.push_back(SetCurrentSchema{kLastAdded});
  updates.push_back(AddSpec{std::move(spec)});
  updates.push_back(SetDefaultSpec{kLastAdded});
  updates.push_back(AddSortOrder{std::move(order)});
  updates.push_back(SetDefaultSortOrder{kLastAdded});
  if (!properties.empty()) updates.push_back(SetProperties{std::move(properties)});
  return updates;
}

Result<TableMetadata> NewTable(const NewTableOptions& options, int64_t now_ms, io::Random& random) {
  CRANNOG_ASSIGN(const std::vector<TableUpdate> updates, CreateTableUpdates(options, random));
  MetadataBuilder builder;
  CRANNOG_RETURN_IF_ERROR(builder.ApplyAll(updates));
  return std::move(builder).Build(now_ms);
}

Result<std::vector<TableUpdate>> ReplaceTableUpdates(const TableMetadata& base,
                                                     const NewTableOptions& options) {
  std::map<std::string, std::string> properties = options.properties;
  CRANNOG_ASSIGN(const int version, TakeFormatVersion(properties, base.format_version));
  std::vector<NestedField> fields = options.fields;
  int32_t next_id = base.last_column_id + 1;
  KeepIds(fields, "", *base.CurrentSchema(), next_id);
  CRANNOG_ASSIGN(const SchemaPtr schema, MakeSchema(std::move(fields), options.identifier_columns));
  CRANNOG_ASSIGN(PartitionSpec spec,
                 BindPartitionSpec(*schema, options.partitioned_by,
                                   {version, base.partition_specs, base.last_partition_id}));
  CRANNOG_ASSIGN(SortOrder order, BindSortOrder(*schema, options.sorted_by, base.sort_orders));
  std::vector<TableUpdate> updates;
  if (version != base.format_version) updates.push_back(UpgradeFormatVersion{version});
  updates.push_back(AddSchema{schema});
  updates.push_back(SetCurrentSchema{kLastAdded});
  updates.push_back(AddSpec{std::move(spec)});
  updates.push_back(SetDefaultSpec{kLastAdded});
  updates.push_back(AddSortOrder{std::move(order)});
  updates.push_back(SetDefaultSortOrder{kLastAdded});
  updates.push_back(RemoveSnapshotRef{std::string(kMainBranch)});
  if (!options.location.empty() && options.location != base.location) {
    updates.push_back(SetLocation{options.location});
  }
  if (!properties.empty()) updates.push_back(SetProperties{std::move(properties)});
  return updates;
}

}  // namespace crannog::table::iceberg
