#include "table/iceberg/format/value_json.h"

#include <fmt/format.h>

#include "table/iceberg/format/schema.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;

Json MapToJson(const Type& type, const std::vector<Value>& items) {
  Json keys = Json::NewArray();
  Json values = Json::NewArray();
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    keys.Append(ValueToJson(type.key().type, items[i]));
    values.Append(ValueToJson(type.value().type, items[i + 1]));
  }
  return Json::NewObject().Set("keys", std::move(keys)).Set("values", std::move(values));
}

std::unexpected<Error> NoValue(const Type& type, const Json& json) {
  std::string text = codec::WriteJson(json);
  if (text.size() > 80) text = text.substr(0, 80) + "...";
  return Fail(Code::kCorrupt, fmt::format("{} is no {}", text, type.ToString()));
}

Result<Value> StructFromJson(const Type& type, const Json& json) {
  if (!json.is_object()) return NoValue(type, json);
  std::vector<Value> items;
  for (const NestedField& field : type.fields()) {
    const Json* member = json.Find(std::to_string(field.id));
    Value value;
    if (member != nullptr) {
      CRANNOG_ASSIGN(value, ValueFromJson(field.type, *member));
    }
    items.push_back(std::move(value));
  }
  return Value::Nested(TypeId::kStruct, std::move(items));
}

Result<Value> ListFromJson(const Type& type, const Json& json) {
  if (!json.is_array()) return NoValue(type, json);
  std::vector<Value> items;
  for (const Json& item : json.array()) {
    CRANNOG_ASSIGN(auto value, ValueFromJson(type.element().type, item));
    items.push_back(std::move(value));
  }
  return Value::Nested(TypeId::kList, std::move(items));
}

Result<Value> MapFromJson(const Type& type, const Json& json) {
  if (!json.is_object()) return NoValue(type, json);
  const Json* keys = json.Find("keys");
  const Json* values = json.Find("values");
  if (keys == nullptr || values == nullptr || !keys->is_array() || !values->is_array() ||
      keys->array().size() != values->array().size()) {
    return NoValue(type, json);
  }
  std::vector<Value> items;
  for (size_t i = 0; i < keys->array().size(); ++i) {
    CRANNOG_ASSIGN(auto key, ValueFromJson(type.key().type, keys->array()[i]));
    CRANNOG_ASSIGN(auto value, ValueFromJson(type.value().type, values->array()[i]));
    items.push_back(std::move(key));
    items.push_back(std::move(value));
  }
  return Value::Nested(TypeId::kMap, std::move(items));
}

}  // namespace

Json ValueToJson(const Type& type, const Value& value) {
  if (value.is_null()) return Json();
  switch (value.type_id()) {
    case TypeId::kBoolean:
      return Json(value.boolean());
    case TypeId::kInt:
    case TypeId::kLong:
      return Json(value.integer());
    case TypeId::kFloat:
    case TypeId::kDouble:
      return Json(value.number());
    case TypeId::kStruct: {
      Json object = Json::NewObject();
      for (size_t i = 0; i < value.items().size(); ++i) {
        const NestedField& field = type.fields()[i];
        if (value.items()[i].is_null()) continue;  // sub-field defaults stand with the sub-fields
        object.Set(std::to_string(field.id), ValueToJson(field.type, value.items()[i]));
      }
      return object;
    }
    case TypeId::kList: {
      Json array = Json::NewArray();
      for (const Value& item : value.items()) {
        array.Append(ValueToJson(type.element().type, item));
      }
      return array;
    }
    case TypeId::kMap:
      return MapToJson(type, value.items());
    default:
      return Json(value.ToString());
  }
}

Result<Value> ValueFromJson(const Type& type, const Json& json) {
  if (json.is_null()) return Value();
  switch (type.id()) {
    case TypeId::kBoolean:
      if (json.is_bool()) return Value::Boolean(json.boolean());
      return NoValue(type, json);
    case TypeId::kInt:
      if (json.is_int() && json.integer() == static_cast<int32_t>(json.integer())) {
        return Value::Int(static_cast<int32_t>(json.integer()));
      }
      return NoValue(type, json);
    case TypeId::kLong:
      if (json.is_int()) return Value::Long(json.integer());
      return NoValue(type, json);
    case TypeId::kFloat:
      if (json.is_number()) return Value::Float(static_cast<float>(json.number()));
      return NoValue(type, json);
    case TypeId::kDouble:
      if (json.is_number()) return Value::Double(json.number());
      return NoValue(type, json);
    case TypeId::kStruct:
      return StructFromJson(type, json);
    case TypeId::kList:
      return ListFromJson(type, json);
    case TypeId::kMap:
      return MapFromJson(type, json);
    default:
      break;
  }
  if (!json.is_string()) return NoValue(type, json);
  auto value = ParseValue(type, json.string());
  if (!value) return std::unexpected(Error(Code::kCorrupt, value.error().message()));
  return value;
}

}  // namespace crannog::table::iceberg
