#include "table/iceberg/schema_update.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.h"

namespace crannog::table::iceberg {

namespace {

using Fields = std::vector<NestedField>;
// Gets the siblings among which a field stands, and where.
using Edit = std::function<void(Fields& siblings, size_t index)>;

Type WithFields(const Type& type, Fields fields) {
  switch (type.id()) {
    case TypeId::kStruct:
      return Type::Struct(std::move(fields));
    case TypeId::kList:
      return Type::List(std::move(fields[0]));
    case TypeId::kMap:
      return Type::Map(std::move(fields[0]), std::move(fields[1]));
    default:
      break;
  }
  CRANNOG_CHECK(false);
}

// Types are shared and immutable: everything above the edited field is made anew.
bool EditField(Fields& fields, int32_t id, const Edit& edit) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].id == id) {
      edit(fields, i);
      return true;
    }
    if (!fields[i].type.is_nested()) continue;
    Fields inner = fields[i].type.fields();
    if (EditField(inner, id, edit)) {
      fields[i].type = WithFields(fields[i].type, std::move(inner));
      return true;
    }
  }
  return false;
}

bool Contains(const NestedField& field, int32_t id) {
  if (field.id == id) return true;
  if (!field.type.is_nested()) return false;
  return std::ranges::any_of(field.type.fields(),
                             [&](const NestedField& inner) { return Contains(inner, id); });
}

bool IsIdentifier(const Schema& schema, int32_t id) {
  const std::vector<int32_t>& ids = schema.identifier_field_ids();
  return std::ranges::find(ids, id) != ids.end();
}

std::unexpected<Error> Invalid(std::string_view path, std::string why) {
  return Fail(Code::kInvalid, "column " + std::string(path) + ": " + std::move(why));
}

// Puts the field at `from` where `position` says.
Status Place(Fields& fields, size_t from, const ColumnPosition& position) {
  NestedField moved = std::move(fields[from]);
  fields.erase(fields.begin() + static_cast<ptrdiff_t>(from));
  auto at = fields.end();
  using Kind = ColumnPosition::Place;
  if (position.place == Kind::kFirst) at = fields.begin();
  if (position.place == Kind::kBefore || position.place == Kind::kAfter) {
    at = std::ranges::find(fields, position.sibling, &NestedField::name);
    if (at == fields.end()) {
      return Fail(Code::kNotFound, "column " + moved.name + ": no sibling " + position.sibling);
    }
    if (position.place == Kind::kAfter) ++at;
  }
  fields.insert(at, std::move(moved));
  return {};
}

}  // namespace

SchemaUpdate::SchemaUpdate(const TableMetadata& table)
    : table_(&table), last_column_id_(table.last_column_id) {
  int32_t next_id = 0;
  for (const SchemaPtr& schema : table.schemas) {
    next_id = std::max(next_id, schema->schema_id() + 1);
  }
  schema_ = table.CurrentSchema()->WithId(next_id);
}

Result<const NestedField*> SchemaUpdate::Find(std::string_view path) const {
  const NestedField* field = schema_->FindByName(path);
  if (field == nullptr) return Fail(Code::kNotFound, "no column " + std::string(path));
  return field;
}

Result<const NestedField*> SchemaUpdate::FindColumn(std::string_view path) const {
  CRANNOG_ASSIGN(const NestedField* field, Find(path));
  const auto parent = schema_->ParentOf(field->id);
  if (parent) {
    const NestedField* holder = schema_->FindById(*parent);
    if (holder != nullptr && holder->type.id() != TypeId::kStruct) {
      return Invalid(path, "the parts of a list or map have no name or place of their own");
    }
  }
  return field;
}

// The id of the field whose struct gets a column: the one at `path`, or the element of that list,
// or the value of that map.
Result<int32_t> SchemaUpdate::StructFor(std::string_view path) const {
  CRANNOG_ASSIGN(const NestedField* field, Find(path));
  if (field->type.id() == TypeId::kList) field = &field->type.element();
  if (field->type.id() == TypeId::kMap) field = &field->type.value();
  if (field->type.id() != TypeId::kStruct) return Invalid(path, "is no struct");
  return field->id;
}

Status SchemaUpdate::Adopt(Fields fields, std::vector<int32_t> identifiers) {
  CRANNOG_ASSIGN(SchemaPtr schema,
                 Schema::Make(schema_->schema_id(), std::move(fields), std::move(identifiers)));
  schema_ = std::move(schema);
  changed_ = true;
  return {};
}

Status SchemaUpdate::CheckNew(const NewColumn& column) const {
  const std::string path = column.parent.empty() ? column.name : column.parent + "." + column.name;
  if (column.name.empty()) return Invalid(path, "no name");
  if (schema_->FindByName(path) != nullptr) {
    return Fail(Code::kExists, "column " + path + " exists");
  }
  if (column.type.format_version_min() > table_->format_version) {
    return Invalid(path, column.type.ToString() + " needs format version " +
                             std::to_string(column.type.format_version_min()));
  }
  if (!column.default_value.is_null() && table_->format_version < 3) {
    return Invalid(path, "default values need format version 3");
  }
  const bool may_have_rows = !table_->snapshots.empty();
  if (column.required && column.default_value.is_null() && may_have_rows) {
    return Invalid(path, "a required column needs a default, since the table may have rows");
  }
  return {};
}

Status SchemaUpdate::AddColumn(const NewColumn& column) {
  CRANNOG_RETURN_IF_ERROR(CheckNew(column));
  NestedField field;
  field.name = column.name;
  field.type = column.type;
  field.required = column.required;
  field.doc = column.doc;
  if (!column.default_value.is_null()) {
    CRANNOG_ASSIGN(const Value value, column.default_value.To(column.type));
    field.initial_default = value;
    field.write_default = value;
  }
  int32_t next_id = last_column_id_ + 1;
  field = AssignFreshIds({std::move(field)}, next_id)[0];
  Fields fields = schema_->fields();
  Status placed;
  const auto insert = [&](Fields& siblings) {
    siblings.push_back(std::move(field));
    placed = Place(siblings, siblings.size() - 1, column.position);
  };
  if (column.parent.empty()) {
    insert(fields);
  } else {
    CRANNOG_ASSIGN(const int32_t parent, StructFor(column.parent));
    EditField(fields, parent, [&](Fields& siblings, size_t index) {
      Fields inner = siblings[index].type.fields();
      insert(inner);
      siblings[index].type = Type::Struct(std::move(inner));
    });
  }
  CRANNOG_RETURN_IF_ERROR(placed);
  CRANNOG_RETURN_IF_ERROR(Adopt(std::move(fields), schema_->identifier_field_ids()));
  last_column_id_ = next_id - 1;
  return {};
}

Status SchemaUpdate::CheckDroppable(const NestedField& field) const {
  const std::string path(schema_->NameOf(field.id));
  for (const PartitionField& partition : table_->DefaultSpec()->fields) {
    if (partition.transform.kind() == TransformKind::kVoid) continue;
    if (Contains(field, partition.source_id)) {
      return Invalid(path, "partition field " + partition.name + " is made from it");
    }
  }
  for (const SortField& sort : table_->DefaultSortOrder()->fields) {
    if (Contains(field, sort.source_id)) return Invalid(path, "the sort order is made from it");
  }
  for (const int32_t id : schema_->identifier_field_ids()) {
    if (Contains(field, id)) return Invalid(path, "it is or holds an identifier column");
  }
  return {};
}

Status SchemaUpdate::DropColumn(std::string_view path) {
  CRANNOG_ASSIGN(const NestedField* field, FindColumn(path));
  CRANNOG_RETURN_IF_ERROR(CheckDroppable(*field));
  Fields fields = schema_->fields();
  bool last = false;
  EditField(fields, field->id, [&](Fields& siblings, size_t index) {
    last = siblings.size() == 1;
    siblings.erase(siblings.begin() + static_cast<ptrdiff_t>(index));
  });
  if (last) return Invalid(path, "the last column of its struct or table cannot go");
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::RenameColumn(std::string_view path, std::string_view new_name) {
  CRANNOG_ASSIGN(const NestedField* field, FindColumn(path));
  if (new_name.empty()) return Invalid(path, "no new name");
  if (field->name == new_name) return {};
  Fields fields = schema_->fields();
  bool taken = false;
  EditField(fields, field->id, [&](Fields& siblings, size_t index) {
    taken = std::ranges::find(siblings, new_name, &NestedField::name) != siblings.end();
    siblings[index].name = new_name;
  });
  if (taken) return Fail(Code::kExists, "column " + std::string(new_name) + " exists");
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::PromoteColumn(std::string_view path, const Type& type) {
  CRANNOG_ASSIGN(const NestedField* field, Find(path));
  if (field->type == type) return {};
  if (!CanPromote(field->type, type, table_->format_version)) {
    return Invalid(path, field->type.ToString() + " cannot become " + type.ToString());
  }
  if (const auto parent = schema_->ParentOf(field->id)) {
    const NestedField* holder = schema_->FindById(*parent);
    if (holder != nullptr && holder->type.id() == TypeId::kMap &&
        holder->type.key().id == field->id) {
      return Invalid(path, "the key of a map cannot change");
    }
  }
  // Only dates change what a transform makes of them: days become microseconds.
  if (field->type.id() == TypeId::kDate) {
    for (const PartitionSpecPtr& spec : table_->partition_specs) {
      for (const PartitionField& partition : spec->fields) {
        if (partition.source_id == field->id &&
            partition.transform.kind() != TransformKind::kVoid) {
          return Invalid(path, "partition field " + partition.name + " would change its values");
        }
      }
    }
  }
  Fields fields = schema_->fields();
  Status converted;
  EditField(fields, field->id, [&](Fields& siblings, size_t index) {
    NestedField& edited = siblings[index];
    edited.type = type;
    for (Value* value : {&edited.initial_default, &edited.write_default}) {
      if (value->is_null()) continue;
      auto wider = value->To(type);
      if (wider) {
        *value = std::move(*wider);
      } else {
        converted = std::unexpected(std::move(wider.error()));
      }
    }
  });
  CRANNOG_RETURN_IF_ERROR(converted);
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::MakeOptional(std::string_view path) {
  CRANNOG_ASSIGN(const NestedField* field, Find(path));
  if (!field->required) return {};
  if (IsIdentifier(*schema_, field->id)) {
    return Invalid(path, "an identifier column is required");
  }
  if (const auto parent = schema_->ParentOf(field->id)) {
    const NestedField* holder = schema_->FindById(*parent);
    if (holder != nullptr && holder->type.id() == TypeId::kMap &&
        holder->type.key().id == field->id) {
      return Invalid(path, "the key of a map is required");
    }
  }
  Fields fields = schema_->fields();
  EditField(fields, field->id,
            [](Fields& siblings, size_t index) { siblings[index].required = false; });
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::MakeRequired(std::string_view path, bool allow_incompatible) {
  CRANNOG_ASSIGN(const NestedField* field, Find(path));
  if (field->required) return {};
  if (!allow_incompatible) return Invalid(path, "it is optional, so rows may hold nulls");
  Fields fields = schema_->fields();
  EditField(fields, field->id,
            [](Fields& siblings, size_t index) { siblings[index].required = true; });
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::SetDoc(std::string_view path, std::optional<std::string> doc) {
  CRANNOG_ASSIGN(const NestedField* field, Find(path));
  if (field->doc == doc) return {};
  Fields fields = schema_->fields();
  EditField(fields, field->id, [&](Fields& siblings, size_t index) { siblings[index].doc = doc; });
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::SetWriteDefault(std::string_view path, const Value& value) {
  CRANNOG_ASSIGN(const NestedField* field, FindColumn(path));
  if (table_->format_version < 3) return Invalid(path, "default values need format version 3");
  if (value.is_null() && field->required) return Invalid(path, "a required column, a null default");
  Value converted;
  if (!value.is_null()) {
    CRANNOG_ASSIGN(converted, value.To(field->type));
  }
  Fields fields = schema_->fields();
  EditField(fields, field->id,
            [&](Fields& siblings, size_t index) { siblings[index].write_default = converted; });
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::MoveColumn(std::string_view path, const ColumnPosition& position) {
  CRANNOG_ASSIGN(const NestedField* field, FindColumn(path));
  Fields fields = schema_->fields();
  Status placed;
  EditField(fields, field->id,
            [&](Fields& siblings, size_t index) { placed = Place(siblings, index, position); });
  CRANNOG_RETURN_IF_ERROR(placed);
  return Adopt(std::move(fields), schema_->identifier_field_ids());
}

Status SchemaUpdate::SetIdentifierFields(const std::vector<std::string>& paths) {
  std::vector<int32_t> ids;
  for (const std::string& path : paths) {
    CRANNOG_ASSIGN(const NestedField* field, Find(path));
    ids.push_back(field->id);
  }
  return Adopt(schema_->fields(), std::move(ids));
}

std::vector<TableUpdate> SchemaUpdate::Updates() const {
  if (!changed_) return {};
  return {AddSchema{schema_}, SetCurrentSchema{kLastAdded}};
}

}  // namespace crannog::table::iceberg
