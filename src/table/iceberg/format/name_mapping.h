// Name mapping: how columns of files written without field ids find their ids (property
// schema.name-mapping.default; specification: "Column Projection", Appendix C).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/iceberg/format/schema.h"

namespace crannog::table::iceberg {

inline constexpr std::string_view kNameMappingProperty = "schema.name-mapping.default";

struct MappedField {
  std::optional<int32_t> field_id;
  std::vector<std::string> names;
  std::vector<MappedField> fields;

  friend bool operator==(const MappedField& a, const MappedField& b) = default;
};

struct NameMapping {
  std::vector<MappedField> fields;

  // The field under `parent` (null: at the top) that has `name`; null when none has.
  const MappedField* Find(const MappedField* parent, std::string_view name) const;
};

NameMapping MakeNameMapping(const Schema& schema);
std::string WriteNameMapping(const NameMapping& mapping);
//   kCorrupt  names the JSON path
Result<NameMapping> ParseNameMapping(std::string_view json_text);

}  // namespace crannog::table::iceberg
