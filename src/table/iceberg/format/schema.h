// A table's schema: fields with ids that never change, looked up by id and by name.
//
// Immutable once made and safe to share between threads. Specification: "Schemas and Data Types".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/types.h"
#include "table/iceberg/format/value.h"

namespace crannog::table::iceberg {

// A column, a struct's field, or the element, key or value of a nested type (with those names).
struct NestedField {
  int32_t id = 0;
  std::string name;
  Type type;
  bool required = false;
  std::optional<std::string> doc;
  // Null means not set. A null default of an optional field says the same.
  Value initial_default;
  Value write_default;

  friend bool operator==(const NestedField& a, const NestedField& b) = default;
};

// Columns every table has, by their reserved ids ("Reserved Field IDs").
inline constexpr int32_t kFieldIdFilePath = 2147483546;  // delete_file_path
inline constexpr int32_t kFieldIdPos = 2147483545;       // delete_file_pos
inline constexpr int32_t kFieldIdRowId = 2147483540;     // _row_id
inline constexpr int32_t kFieldIdLastUpdatedSequence = 2147483539;
inline constexpr int32_t kFieldIdMetadataFile = 2147483646;     // _file
inline constexpr int32_t kFieldIdMetadataPos = 2147483645;      // _pos
inline constexpr int32_t kFieldIdMetadataDeleted = 2147483644;  // _deleted

class Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

class Schema {
 public:
  // Checks that ids and sibling names are unique, types nest at most to the limit, and
  // identifier fields exist, are required, primitive and neither float nor double.
  //   kInvalid  names what is wrong
  static Result<SchemaPtr> Make(int32_t schema_id, std::vector<NestedField> fields,
                                std::vector<int32_t> identifier_field_ids = {});
  // For reading: files may hold schemas that Make refuses to write, in details that do not
  // matter to a reader (identifier fields). Only what lookups need is checked.
  static Result<SchemaPtr> MakeLenient(int32_t schema_id, std::vector<NestedField> fields,
                                       std::vector<int32_t> identifier_field_ids);

  int32_t schema_id() const { return schema_id_; }
  const std::vector<NestedField>& fields() const { return type_.fields(); }
  const Type& AsStruct() const { return type_; }
  const std::vector<int32_t>& identifier_field_ids() const { return identifier_field_ids_; }
  // 0 for a schema without fields.
  int32_t highest_field_id() const { return highest_field_id_; }
  int format_version_min() const { return type_.format_version_min(); }

  // Null when there is none. Names are dotted: "point.x", "items.element", "tags.key"; of a list
  // of structs both "items.element.a" and the short "items.a" are found.
  const NestedField* FindById(int32_t id) const;
  const NestedField* FindByName(std::string_view name) const;
  // ASCII case ignored; where two names differ only by case the first one in order is found.
  const NestedField* FindByNameCaseless(std::string_view name) const;
  // The full dotted name; "" when there is no such field.
  std::string_view NameOf(int32_t id) const;
  // The id of the struct, list or map that holds the field; nullopt at the top and for strangers.
  std::optional<int32_t> ParentOf(int32_t id) const;
  // A primitive column outside lists and maps may have bounds and be a partition source.
  bool IsInsideListOrMap(int32_t id) const;

  // A schema with only those ids and the structs, lists and maps that hold them.
  SchemaPtr Select(std::span<const int32_t> ids) const;
  // The same fields under another schema id.
  SchemaPtr WithId(int32_t schema_id) const;
  // Fields and identifier fields equal, schema ids aside.
  bool SameFields(const Schema& other) const;

  std::string ToString() const;

 private:
  Schema() = default;
  // Where a field stands while the schema is walked; the short prefix leaves out the "element" and
  // "value" that hold a struct.
  struct Above {
    std::string prefix;
    std::string short_prefix;
    const NestedField* parent = nullptr;
    bool inside_list_or_map = false;
    int depth = 0;
  };
  using ShortNames = std::vector<std::pair<std::string, int32_t>>;
  Status Index(const NestedField& field, const Above& above, ShortNames& short_names);
  Status CheckIdentifiers() const;

  struct Place {
    const NestedField* field;
    std::string name;
    std::optional<int32_t> parent;
    bool inside_list_or_map;
  };
  int32_t schema_id_ = 0;
  Type type_;
  std::vector<int32_t> identifier_field_ids_;
  int32_t highest_field_id_ = 0;
  std::unordered_map<int32_t, Place> by_id_;
  std::unordered_map<std::string, int32_t> by_name_;
  std::unordered_map<std::string, int32_t> by_name_caseless_;
};

// Gives every field, nested ones too, a fresh id from `next_id` on, level by level as the
// reference writer does (all columns of a struct first, then what is inside each), and moves
// `next_id` behind the last one. Ids in `fields` are ignored.
std::vector<NestedField> AssignFreshIds(std::vector<NestedField> fields, int32_t& next_id);

}  // namespace crannog::table::iceberg
