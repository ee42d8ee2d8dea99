#include "table/iceberg/format/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/check.h"

namespace crannog::table::iceberg {
namespace {

constexpr int kDepthMax = 32;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

Status Schema::Index(const NestedField& field, const Above& above, ShortNames& short_names) {
  if (above.depth > kDepthMax) return Fail(Code::kInvalid, "the schema nests too deeply");
  const std::string name = above.prefix + field.name;
  const std::string short_name = above.short_prefix + field.name;
  std::optional<int32_t> parent;
  if (above.parent != nullptr) parent = above.parent->id;
  if (!by_id_.emplace(field.id, Place{&field, name, parent, above.inside_list_or_map}).second) {
    return Fail(Code::kInvalid, fmt::format("field id {} of \"{}\" is used twice", field.id, name));
  }
  if (!by_name_.emplace(name, field.id).second) {
    return Fail(Code::kInvalid, fmt::format("two fields are named \"{}\"", name));
  }
  by_name_caseless_.emplace(Lower(name), field.id);
  if (short_name != name) short_names.emplace_back(short_name, field.id);
  highest_field_id_ = std::max(highest_field_id_, field.id);

  const bool repeats = field.type.id() == TypeId::kList || field.type.id() == TypeId::kMap;
  const bool in_repeating = above.parent != nullptr && above.parent->type.id() != TypeId::kStruct;
  const bool passed_over =
      in_repeating && field.name != "key" && field.type.id() == TypeId::kStruct;
  Above below{name + ".", passed_over ? above.short_prefix : short_name + ".", &field,
              above.inside_list_or_map || repeats, above.depth + 1};
  for (const NestedField& child : field.type.fields()) {
    CRANNOG_RETURN_IF_ERROR(Index(child, below, short_names));
  }
  return {};
}

Status Schema::CheckIdentifiers() const {
  for (const int32_t id : identifier_field_ids_) {
    const NestedField* field = FindById(id);
    if (field == nullptr) {
      return Fail(Code::kInvalid, fmt::format("identifier field {} does not exist", id));
    }
    const TypeId type = field->type.id();
    if (field->type.is_nested() || type == TypeId::kFloat || type == TypeId::kDouble) {
      return Fail(Code::kInvalid, fmt::format("identifier field {} is of type {}", NameOf(id),
                                              field->type.ToString()));
    }
    if (IsInsideListOrMap(id)) {
      return Fail(Code::kInvalid,
                  fmt::format("identifier field {} is inside a list or map", NameOf(id)));
    }
    for (const NestedField* at = field; at != nullptr;) {
      if (!at->required) {
        return Fail(Code::kInvalid,
                    fmt::format("identifier field {} or what holds it is optional", NameOf(id)));
      }
      const auto parent = ParentOf(at->id);
      at = parent ? FindById(*parent) : nullptr;
    }
  }
  return {};
}

Result<SchemaPtr> Schema::MakeLenient(int32_t schema_id, std::vector<NestedField> fields,
                                      std::vector<int32_t> identifier_field_ids) {
  const std::shared_ptr<Schema> schema(new Schema());
  schema->schema_id_ = schema_id;
  schema->type_ = Type::Struct(std::move(fields));
  schema->identifier_field_ids_ = std::move(identifier_field_ids);
  ShortNames short_names;
  for (const NestedField& field : schema->fields()) {
    CRANNOG_RETURN_IF_ERROR(schema->Index(field, Above(), short_names));
  }
  // Last, so that a full name always wins.
  for (const auto& [name, id] : short_names) {
    schema->by_name_.emplace(name, id);
    schema->by_name_caseless_.emplace(Lower(name), id);
  }
  return SchemaPtr(schema);
}

Result<SchemaPtr> Schema::Make(int32_t schema_id, std::vector<NestedField> fields,
                               std::vector<int32_t> identifier_field_ids) {
  CRANNOG_ASSIGN(SchemaPtr schema,
                 MakeLenient(schema_id, std::move(fields), std::move(identifier_field_ids)));
  CRANNOG_RETURN_IF_ERROR(schema->CheckIdentifiers());
  for (const auto& [id, place] : schema->by_id_) {
    if (place.field->name.empty()) {
      return Fail(Code::kInvalid, fmt::format("field {} has no name", id));
    }
    if (place.field->type.id() == TypeId::kUnknown && place.field->required) {
      return Fail(Code::kInvalid,
                  fmt::format("\"{}\": a required field of type unknown", place.name));
    }
  }
  return schema;
}

const NestedField* Schema::FindById(int32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.field;
}

const NestedField* Schema::FindByName(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : FindById(found->second);
}

const NestedField* Schema::FindByNameCaseless(std::string_view name) const {
  const auto found = by_name_caseless_.find(Lower(name));
  return found == by_name_caseless_.end() ? nullptr : FindById(found->second);
}

std::string_view Schema::NameOf(int32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::string_view() : std::string_view(found->second.name);
}

std::optional<int32_t> Schema::ParentOf(int32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : found->second.parent;
}

bool Schema::IsInsideListOrMap(int32_t id) const {
  const auto found = by_id_.find(id);
  return found != by_id_.end() && found->second.inside_list_or_map;
}

namespace {

// A field that was asked for is kept whole; one that holds such a field is kept around it.
std::optional<NestedField> SelectField(const NestedField& field,
                                       const std::unordered_set<int32_t>& ids) {
  if (ids.contains(field.id)) return field;
  std::vector<NestedField> kept;
  for (const NestedField& child : field.type.fields()) {
    if (auto selected = SelectField(child, ids)) kept.push_back(std::move(*selected));
  }
  if (kept.empty()) return std::nullopt;
  NestedField copy = field;
  if (field.type.id() == TypeId::kStruct) {
    copy.type = Type::Struct(std::move(kept));
  } else if (field.type.id() == TypeId::kList) {
    copy.type = Type::List(std::move(kept[0]));
  } else {
    const bool has_value = kept.back().name == "value";
    copy.type = Type::Map(kept.front().name == "key" ? kept.front() : field.type.key(),
                          has_value ? kept.back() : field.type.value());
  }
  return copy;
}

}  // namespace

SchemaPtr Schema::Select(std::span<const int32_t> ids) const {
  const std::unordered_set<int32_t> wanted(ids.begin(), ids.end());
  std::vector<NestedField> kept;
  for (const NestedField& field : fields()) {
    if (auto selected = SelectField(field, wanted)) kept.push_back(std::move(*selected));
  }
  auto schema = MakeLenient(schema_id_, std::move(kept), {});
  CRANNOG_CHECK(schema.has_value());  // a part of a valid schema is valid
  return *schema;
}

SchemaPtr Schema::WithId(int32_t schema_id) const {
  auto schema = MakeLenient(schema_id, fields(), identifier_field_ids_);
  CRANNOG_CHECK(schema.has_value());
  return *schema;
}

bool Schema::SameFields(const Schema& other) const {
  return type_ == other.type_ &&
         std::ranges::is_permutation(identifier_field_ids_, other.identifier_field_ids_);
}

std::string Schema::ToString() const {
  std::string text = "table {";
  for (const NestedField& field : fields()) {
    text += fmt::format("\n  {}: {}: {} {}", field.id, field.name,
                        field.required ? "required" : "optional", field.type.ToString());
  }
  return text + "\n}";
}

namespace {

Type RebuildType(const Type& type, std::vector<NestedField> fields) {
  switch (type.id()) {
    case TypeId::kStruct:
      return Type::Struct(std::move(fields));
    case TypeId::kList:
      return Type::List(std::move(fields[0]));
    case TypeId::kMap:
      return Type::Map(std::move(fields[0]), std::move(fields[1]));
    default:
      return type;
  }
}

}  // namespace

std::vector<NestedField> AssignFreshIds(std::vector<NestedField> fields, int32_t& next_id) {
  for (NestedField& field : fields) field.id = next_id++;
  for (NestedField& field : fields) {
    if (field.type.is_primitive()) continue;
    field.type = RebuildType(field.type, AssignFreshIds(field.type.fields(), next_id));
  }
  return fields;
}

}  // namespace crannog::table::iceberg
