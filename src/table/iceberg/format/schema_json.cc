#include "table/iceberg/format/schema_json.h"

#include <utility>

#include "table/iceberg/format/value_json.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;
using codec::JsonAt;

constexpr int kDepthMax = 100;

Json FieldToJson(const NestedField& field) {
  Json json = Json::NewObject();
  json.Set("id", field.id).Set("name", field.name).Set("required", field.required);
  json.Set("type", TypeToJson(field.type));
  if (field.doc) json.Set("doc", *field.doc);
  if (!field.initial_default.is_null()) {
    json.Set("initial-default", ValueToJson(field.type, field.initial_default));
  }
  if (!field.write_default.is_null()) {
    json.Set("write-default", ValueToJson(field.type, field.write_default));
  }
  return json;
}

Json FieldsToJson(const std::vector<NestedField>& fields) {
  Json list = Json::NewArray();
  for (const NestedField& field : fields) list.Append(FieldToJson(field));
  return list;
}

Result<Type> ReadType(const JsonAt& at, int depth);

Result<Value> ReadDefault(const JsonAt& field, std::string_view key, const Type& type) {
  const auto member = field.MemberIfAny(key);
  if (!member) return Value();
  auto value = ValueFromJson(type, member->json());
  if (!value) return member->Wrong(value.error().message());
  return value;
}

Result<NestedField> ReadField(const JsonAt& at, int depth) {
  NestedField field;
  CRANNOG_ASSIGN(field.id, at.Int("id"));
  CRANNOG_ASSIGN(field.name, at.String("name"));
  CRANNOG_ASSIGN(const auto required, at.BoolIfAny("required"));
  field.required = required.value_or(false);
  CRANNOG_ASSIGN(const JsonAt type, at.Member("type"));
  CRANNOG_ASSIGN(field.type, ReadType(type, depth + 1));
  CRANNOG_ASSIGN(field.doc, at.StringIfAny("doc"));
  CRANNOG_ASSIGN(field.initial_default, ReadDefault(at, "initial-default", field.type));
  CRANNOG_ASSIGN(field.write_default, ReadDefault(at, "write-default", field.type));
  return field;
}

Result<std::vector<NestedField>> ReadFields(const JsonAt& at, int depth) {
  CRANNOG_ASSIGN(const JsonAt list, at.Member("fields"));
  CRANNOG_ASSIGN(const size_t size, list.ArraySize());
  std::vector<NestedField> fields;
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto field, ReadField(list.At(i), depth));
    fields.push_back(std::move(field));
  }
  return fields;
}

// A list's element, a map's key or value: three members with a common prefix.
Result<NestedField> ReadPart(const JsonAt& at, const std::string& name, int depth) {
  NestedField field;
  field.name = name;
  CRANNOG_ASSIGN(field.id, at.Int(name + "-id"));
  CRANNOG_ASSIGN(const JsonAt type, at.Member(name));
  CRANNOG_ASSIGN(field.type, ReadType(type, depth + 1));
  CRANNOG_ASSIGN(const auto required, at.BoolIfAny(name + "-required"));
  field.required = required.value_or(false);
  return field;
}

Result<Type> ReadType(const JsonAt& at, int depth) {
  if (depth > kDepthMax) return at.Wrong("the type nests too deeply");
  if (at.json().is_string()) {
    auto type = Type::ParsePrimitive(at.json().string());
    if (!type) return at.Wrong(type.error().message());
    return type;
  }
  CRANNOG_ASSIGN(const std::string kind, at.String("type"));
  if (kind == "struct") {
    CRANNOG_ASSIGN(auto fields, ReadFields(at, depth));
    return Type::Struct(std::move(fields));
  }
  if (kind == "list") {
    CRANNOG_ASSIGN(auto element, ReadPart(at, "element", depth));
    return Type::List(std::move(element));
  }
  if (kind == "map") {
    CRANNOG_ASSIGN(auto key, ReadPart(at, "key", depth));
    CRANNOG_ASSIGN(auto value, ReadPart(at, "value", depth));
    return Type::Map(std::move(key), std::move(value));
  }
  return at.Wrong("a struct, list or map is expected");
}

}  // namespace

Json TypeToJson(const Type& type) {
  Json json = Json::NewObject();
  switch (type.id()) {
    case TypeId::kStruct:
      return json.Set("type", "struct").Set("fields", FieldsToJson(type.fields()));
    case TypeId::kList:
      return json.Set("type", "list")
          .Set("element-id", type.element().id)
          .Set("element", TypeToJson(type.element().type))
          .Set("element-required", type.element().required);
    case TypeId::kMap:
      return json.Set("type", "map")
          .Set("key-id", type.key().id)
          .Set("key", TypeToJson(type.key().type))
          .Set("value-id", type.value().id)
          .Set("value", TypeToJson(type.value().type))
          .Set("value-required", type.value().required);
    default:
      return Json(type.ToString());
  }
}

Result<Type> TypeFromJson(const JsonAt& at) { return ReadType(at, 0); }

Json SchemaToJson(const Schema& schema) {
  Json json = Json::NewObject();
  json.Set("type", "struct").Set("schema-id", schema.schema_id());
  if (!schema.identifier_field_ids().empty()) {
    Json ids = Json::NewArray();
    for (const int32_t id : schema.identifier_field_ids()) ids.Append(id);
    json.Set("identifier-field-ids", std::move(ids));
  }
  return json.Set("fields", FieldsToJson(schema.fields()));
}

Result<SchemaPtr> SchemaFromJson(const JsonAt& at) {
  CRANNOG_RETURN_IF_ERROR(at.ExpectObject());
  CRANNOG_ASSIGN(const auto schema_id, at.IntIfAny("schema-id"));
  CRANNOG_ASSIGN(auto fields, ReadFields(at, 0));
  std::vector<int32_t> identifiers;
  if (const auto ids = at.MemberIfAny("identifier-field-ids")) {
    CRANNOG_ASSIGN(identifiers, ids->AsInts());
  }
  auto schema =
      Schema::MakeLenient(schema_id.value_or(0), std::move(fields), std::move(identifiers));
  if (!schema) return at.Wrong(schema.error().message());
  return schema;
}

Result<SchemaPtr> ParseSchema(std::string_view json_text) {
  CRANNOG_ASSIGN(const Json json, codec::ParseJson(json_text));
  return SchemaFromJson(JsonAt(json));
}

}  // namespace crannog::table::iceberg
