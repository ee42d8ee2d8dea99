// Schema evolution by field id: what ALTER TABLE does to columns.
//
// Columns are named by dotted path ("address.street", "items.element.price"; "items.price" finds
// the same). Changes see the ones made before them in the same update. Specification: "Schema
// Evolution".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/schema.h"
#include "table/iceberg/format/table_metadata.h"
#include "table/iceberg/table_update.h"

namespace crannog::table::iceberg {

// Where a column goes among its siblings.
struct ColumnPosition {
  enum class Place : uint8_t { kLast, kFirst, kBefore, kAfter };
  Place place = Place::kLast;
  std::string sibling;  // of kBefore and kAfter: a name, not a path
};

struct NewColumn {
  std::string parent;  // path of the struct that gets it, or of a list or map of structs; "": top
  std::string name;
  Type type;  // ids inside are assigned anew
  bool required = false;
  std::optional<std::string> doc;
  // Both defaults of the specification (format version 3); null: none. Needed for a required
  // column of a table that may hold rows.
  Value default_value;
  ColumnPosition position;
};

// Not thread-safe. Every failure of a method leaves the update as it was.
class SchemaUpdate {
 public:
  // `table` must outlive this.
  explicit SchemaUpdate(const TableMetadata& table);

  //   kExists    a sibling has that name      kNotFound  no such parent or sibling
  //   kInvalid   a required column without default; a type the format version lacks
  Status AddColumn(const NewColumn& column);
  //   kNotFound
  //   kInvalid   the current spec or sort order, or an identifier, is made from it; the last column
  Status DropColumn(std::string_view path);
  //   kExists, kNotFound
  Status RenameColumn(std::string_view path, std::string_view new_name);
  //   kInvalid   no promotion of the specification, or it would change a partition's values
  Status PromoteColumn(std::string_view path, const Type& type);
  Status MakeOptional(std::string_view path);
  //   kInvalid   `allow_incompatible` is false and the column is optional: rows may hold nulls
  Status MakeRequired(std::string_view path, bool allow_incompatible);
  Status SetDoc(std::string_view path, std::optional<std::string> doc);
  // The write default only: values of old rows do not change.
  Status SetWriteDefault(std::string_view path, const Value& value);
  Status MoveColumn(std::string_view path, const ColumnPosition& position);
  Status SetIdentifierFields(const std::vector<std::string>& paths);

  bool changed() const { return changed_; }
  // The schema as it would be now.
  const SchemaPtr& schema() const { return schema_; }
  // AddSchema and SetCurrentSchema; nothing when nothing changed.
  std::vector<TableUpdate> Updates() const;

 private:
  using Fields = std::vector<NestedField>;

  Result<const NestedField*> Find(std::string_view path) const;
  // The same, but not the element of a list or the key or value of a map, which are no columns.
  Result<const NestedField*> FindColumn(std::string_view path) const;
  Result<int32_t> StructFor(std::string_view path) const;
  Status CheckNew(const NewColumn& column) const;
  Status CheckDroppable(const NestedField& field) const;
  // Makes `fields` the columns, if they make a schema.
  Status Adopt(Fields fields, std::vector<int32_t> identifiers);

  const TableMetadata* table_;
  SchemaPtr schema_;  // as it is now, under the id it would get
  int32_t last_column_id_;
  bool changed_ = false;
};

}  // namespace crannog::table::iceberg
