#include "table/iceberg/format/name_mapping.h"

#include <algorithm>
#include <utility>

#include "codec/json_at.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;
using codec::JsonAt;

constexpr int kDepthMax = 100;

std::vector<MappedField> MapFields(const std::vector<NestedField>& fields) {
  std::vector<MappedField> mapped;
  for (const NestedField& field : fields) {
    mapped.push_back({field.id, {field.name}, MapFields(field.type.fields())});
  }
  return mapped;
}

Json ToJson(const std::vector<MappedField>& fields) {
  Json list = Json::NewArray();
  for (const MappedField& field : fields) {
    Json json = Json::NewObject();
    if (field.field_id) json.Set("field-id", *field.field_id);
    Json names = Json::NewArray();
    for (const std::string& name : field.names) names.Append(name);
    json.Set("names", std::move(names));
    if (!field.fields.empty()) json.Set("fields", ToJson(field.fields));
    list.Append(std::move(json));
  }
  return list;
}

Result<std::vector<MappedField>> FromJson(const JsonAt& at, int depth) {
  if (depth > kDepthMax) return at.Wrong("the mapping nests too deeply");
  CRANNOG_ASSIGN(const size_t size, at.ArraySize());
  std::vector<MappedField> fields;
  for (size_t i = 0; i < size; ++i) {
    const JsonAt item = at.At(i);
    MappedField field;
    CRANNOG_ASSIGN(field.field_id, item.IntIfAny("field-id"));
    CRANNOG_ASSIGN(const JsonAt names, item.Member("names"));
    CRANNOG_ASSIGN(field.names, names.AsStrings());
    if (const auto nested = item.MemberIfAny("fields")) {
      CRANNOG_ASSIGN(field.fields, FromJson(*nested, depth + 1));
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

const MappedField* NameMapping::Find(const MappedField* parent, std::string_view name) const {
  for (const MappedField& field : parent == nullptr ? fields : parent->fields) {
    if (std::ranges::find(field.names, name) != field.names.end()) return &field;
  }
  return nullptr;
}

NameMapping MakeNameMapping(const Schema& schema) { return {MapFields(schema.fields())}; }

std::string WriteNameMapping(const NameMapping& mapping) {
  return codec::WriteJson(ToJson(mapping.fields));
}

Result<NameMapping> ParseNameMapping(std::string_view json_text) {
  CRANNOG_ASSIGN(const Json json, codec::ParseJson(json_text));
  CRANNOG_ASSIGN(auto fields, FromJson(JsonAt(json), 0));
  return NameMapping{std::move(fields)};
}

}  // namespace crannog::table::iceberg
