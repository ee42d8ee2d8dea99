#include "table/iceberg/format/partition_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"

namespace crannog::table::iceberg {

bool PartitionSpec::is_unpartitioned() const {
  return std::ranges::all_of(
      fields, [](const auto& field) { return field.transform.kind() == TransformKind::kVoid; });
}

const PartitionField* PartitionSpec::FindByName(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &PartitionField::name);
  return found == fields.end() ? nullptr : &*found;
}

int32_t PartitionSpec::highest_field_id() const {
  int32_t highest = kPartitionFieldIdFirst - 1;
  for (const PartitionField& field : fields) highest = std::max(highest, field.field_id);
  return highest;
}

bool PartitionSpec::SameFields(const PartitionSpec& other) const {
  return std::ranges::equal(fields, other.fields, [](const auto& a, const auto& b) {
    return a.source_id == b.source_id && a.source_ids == b.source_ids && a.name == b.name &&
           a.transform == b.transform;
  });
}

std::string PartitionSpec::ToString() const {
  std::string text;
  for (const PartitionField& field : fields) {
    text += fmt::format("{}{}({}) as {}", text.empty() ? "" : ", ", field.transform.ToString(),
                        field.source_id, field.name);
  }
  return "[" + text + "]";
}

Type PartitionType(const PartitionSpec& spec, const Schema& schema) {
  std::vector<NestedField> fields;
  for (const PartitionField& field : spec.fields) {
    const NestedField* source = schema.FindById(field.source_id);
    NestedField result;
    result.id = field.field_id;
    result.name = field.name;
    result.type = field.transform.ResultType(source == nullptr ? Type() : source->type);
    fields.push_back(std::move(result));
  }
  return Type::Struct(std::move(fields));
}

namespace {

std::string DefaultName(const UnboundPartitionField& field) {
  const std::string& source = field.source_name;
  switch (field.transform.kind()) {
    case TransformKind::kIdentity:
      return source;
    case TransformKind::kTruncate:
      return source + "_trunc";
    case TransformKind::kVoid:
      return source + "_null";
    default:
      break;
  }
  const std::string transform = field.transform.ToString();
  return source + "_" + transform.substr(0, transform.find('['));
}

Status CheckSource(const Schema& schema, const PartitionField& field) {
  const NestedField* source = schema.FindById(field.source_id);
  if (source == nullptr) {
    return Fail(Code::kInvalid, fmt::format("partition field \"{}\": its source column {} does "
                                            "not exist",
                                            field.name, field.source_id));
  }
  if (field.transform.kind() == TransformKind::kVoid) return {};
  if (schema.IsInsideListOrMap(source->id)) {
    return Fail(Code::kInvalid, fmt::format("partition field \"{}\": column {} is inside a list "
                                            "or map",
                                            field.name, schema.NameOf(source->id)));
  }
  if (!field.transform.CanApply(source->type)) {
    return Fail(Code::kInvalid,
                fmt::format("partition field \"{}\": {} does not apply to {} of type {}",
                            field.name, field.transform.ToString(), schema.NameOf(source->id),
                            source->type.ToString()));
  }
  return {};
}

Status CheckName(const Schema& schema, const PartitionField& field) {
  if (field.name.empty()) return Fail(Code::kInvalid, "a partition field has no name");
  const NestedField* column = schema.FindByName(field.name);
  const bool may_share = field.transform.kind() == TransformKind::kIdentity ||
                         field.transform.kind() == TransformKind::kVoid;
  if (column != nullptr && !(may_share && column->id == field.source_id)) {
    return Fail(Code::kInvalid,
                fmt::format("partition field \"{}\": a column has that name", field.name));
  }
  return {};
}

// The id the same transform of the same source already has; a field of another name too, since
// the id belongs to the values and not to the name.
std::optional<int32_t> KnownFieldId(const PartitionSpecContext& context,
                                    const PartitionField& field, const std::set<int32_t>& taken) {
  std::optional<int32_t> other_name;
  for (const PartitionSpecPtr& spec : context.specs) {
    for (const PartitionField& known : spec->fields) {
      if (known.source_id != field.source_id || known.transform != field.transform) continue;
      if (taken.contains(known.field_id)) continue;
      if (known.name == field.name) return known.field_id;
      if (!other_name) other_name = known.field_id;
    }
  }
  return other_name;
}

}  // namespace

Status CheckPartitionSpec(const PartitionSpec& spec, const Schema& schema) {
  for (const PartitionField& field : spec.fields) {
    CRANNOG_RETURN_IF_ERROR(CheckSource(schema, field));
  }
  return {};
}

Result<PartitionSpec> BindPartitionSpec(const Schema& schema,
                                        std::span<const UnboundPartitionField> fields,
                                        const PartitionSpecContext& context) {
  PartitionSpec spec;
  std::set<std::string> names;
  std::set<std::pair<int32_t, std::string>> sources;
  std::set<int32_t> taken;
  int32_t last_id = std::max(context.last_partition_id, kPartitionFieldIdFirst - 1);
  for (const UnboundPartitionField& unbound : fields) {
    const NestedField* source = schema.FindByName(unbound.source_name);
    if (source == nullptr) {
      return Fail(Code::kInvalid,
                  fmt::format("partition by {}: no such column", unbound.source_name));
    }
    PartitionField field;
    field.source_id = source->id;
    field.transform = unbound.transform;
    field.name = unbound.name.empty() ? DefaultName(unbound) : unbound.name;
    CRANNOG_RETURN_IF_ERROR(CheckSource(schema, field));
    CRANNOG_RETURN_IF_ERROR(CheckName(schema, field));
    if (!names.insert(field.name).second) {
      return Fail(Code::kInvalid, fmt::format("two partition fields are named \"{}\"", field.name));
    }
    if (!sources.emplace(field.source_id, field.transform.ToString()).second) {
      return Fail(Code::kInvalid, fmt::format("partition by {}({}) twice",
                                              field.transform.ToString(), unbound.source_name));
    }
    // In v1 ids are not kept in files: readers count fields, so reuse would only mislead.
    std::optional<int32_t> known;
    if (context.format_version >= 2) known = KnownFieldId(context, field, taken);
    if (context.format_version < 2) last_id = std::max(last_id, spec.highest_field_id());
    field.field_id = known ? *known : ++last_id;
    taken.insert(field.field_id);
    spec.fields.push_back(std::move(field));
  }
  int32_t highest_spec_id = -1;
  for (const PartitionSpecPtr& existing : context.specs) {
    if (existing->SameFields(spec)) return *existing;
    highest_spec_id = std::max(highest_spec_id, existing->spec_id);
  }
  spec.spec_id = highest_spec_id + 1;
  return spec;
}

namespace {

// java.net.URLEncoder: letters, digits and ".-*_" stay, a blank becomes '+'.
std::string UrlEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '*' || c == '_';
    if (plain) {
      encoded += c;
    } else if (c == ' ') {
      encoded += '+';
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace

std::string PartitionPath(const PartitionSpec& spec, std::span<const Value> values) {
  CRANNOG_CHECK(spec.fields.size() == values.size());
  std::string path;
  for (size_t i = 0; i < values.size(); ++i) {
    const PartitionField& field = spec.fields[i];
    path += fmt::format("{}{}={}", path.empty() ? "" : "/", UrlEncode(field.name),
                        UrlEncode(field.transform.ToHumanString(values[i])));
  }
  return path;
}

codec::Json PartitionFieldsToJson(const PartitionSpec& spec) {
  codec::Json list = codec::Json::NewArray();
  for (const PartitionField& field : spec.fields) {
    codec::Json json = codec::Json::NewObject();
    if (field.source_ids.empty()) {
      json.Set("source-id", field.source_id);
    } else {
      codec::Json ids = codec::Json::NewArray();
      for (const int32_t id : field.source_ids) ids.Append(id);
      json.Set("source-ids", std::move(ids));
    }
    json.Set("field-id", field.field_id)
        .Set("name", field.name)
        .Set("transform", field.transform.ToString());
    list.Append(std::move(json));
  }
  return list;
}

codec::Json PartitionSpecToJson(const PartitionSpec& spec) {
  return codec::Json::NewObject()
      .Set("spec-id", spec.spec_id)
      .Set("fields", PartitionFieldsToJson(spec));
}

Result<PartitionSpec> PartitionFieldsFromJson(const codec::JsonAt& at, int32_t spec_id) {
  PartitionSpec spec;
  spec.spec_id = spec_id;
  CRANNOG_ASSIGN(const size_t size, at.ArraySize());
  for (size_t i = 0; i < size; ++i) {
    const codec::JsonAt item = at.At(i);
    PartitionField field;
    if (const auto sources = item.MemberIfAny("source-ids")) {
      CRANNOG_ASSIGN(field.source_ids, sources->AsInts());
      if (field.source_ids.empty()) return sources->Wrong("no source");
      field.source_id = field.source_ids[0];
      if (field.source_ids.size() == 1) field.source_ids.clear();
    } else {
      CRANNOG_ASSIGN(field.source_id, item.Int("source-id"));
    }
    CRANNOG_ASSIGN(const auto field_id, item.IntIfAny("field-id"));
    field.field_id = field_id.value_or(kPartitionFieldIdFirst + static_cast<int32_t>(i));
    CRANNOG_ASSIGN(field.name, item.String("name"));
    CRANNOG_ASSIGN(const std::string transform, item.String("transform"));
    auto parsed = Transform::Parse(transform);
    if (!parsed) return item.Wrong(parsed.error().message());
    field.transform = std::move(*parsed);
    spec.fields.push_back(std::move(field));
  }
  return spec;
}

Result<PartitionSpec> PartitionSpecFromJson(const codec::JsonAt& at) {
  CRANNOG_ASSIGN(const int32_t spec_id, at.Int("spec-id"));
  CRANNOG_ASSIGN(const codec::JsonAt fields, at.Member("fields"));
  return PartitionFieldsFromJson(fields, spec_id);
}

}  // namespace crannog::table::iceberg
