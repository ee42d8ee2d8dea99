#include "table/iceberg/format/types.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "table/iceberg/format/schema.h"

namespace crannog::table::iceberg {
namespace {

constexpr std::array<std::string_view, 23> kNames = {
    "unknown",        "boolean",   "int",    "long",      "float",       "double",
    "decimal",        "date",      "time",   "timestamp", "timestamptz", "timestamp_ns",
    "timestamptz_ns", "string",    "uuid",   "fixed",     "binary",      "variant",
    "geometry",       "geography", "struct", "list",      "map"};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Result<int32_t> ParseNumber(std::string_view text, std::string_view whole) {
  text = Trim(text);
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Fail(Code::kInvalid, fmt::format("type \"{}\": a number is expected", whole));
  }
  return number;
}

// The text between "name(" and ")", or nullopt.
std::optional<std::string_view> Arguments(std::string_view text, std::string_view name, char open,
                                          char close) {
  if (!text.starts_with(name)) return std::nullopt;
  text = Trim(text.substr(name.size()));
  if (text.size() < 2 || text.front() != open || text.back() != close) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

Result<Type> ParseDecimal(std::string_view arguments, std::string_view whole) {
  const size_t comma = arguments.find(',');
  if (comma == std::string_view::npos) {
    return Fail(Code::kInvalid,
                fmt::format("type \"{}\": precision and scale are expected", whole));
  }
  CRANNOG_ASSIGN(const int32_t precision, ParseNumber(arguments.substr(0, comma), whole));
  CRANNOG_ASSIGN(const int32_t scale, ParseNumber(arguments.substr(comma + 1), whole));
  if (precision < 1 || precision > Type::kDecimalPrecisionMax || scale < 0 || scale > precision) {
    return Fail(Code::kInvalid, fmt::format("type \"{}\": precision is 1 to 38 and scale 0 to "
                                            "the precision",
                                            whole));
  }
  return Type::Decimal(precision, scale);
}

}  // namespace

std::string_view TypeIdName(TypeId id) { return kNames[static_cast<size_t>(id)]; }

Type::Type(TypeId id) : id_(id) {
  CRANNOG_CHECK(id != TypeId::kDecimal && id != TypeId::kFixed && id < TypeId::kGeometry);
}

Type Type::Decimal(int precision, int scale) {
  CRANNOG_CHECK(precision >= 1 && precision <= kDecimalPrecisionMax);
  CRANNOG_CHECK(scale >= 0 && scale <= precision);
  Type type;
  type.id_ = TypeId::kDecimal;
  type.precision_ = static_cast<uint8_t>(precision);
  type.scale_ = static_cast<uint8_t>(scale);
  return type;
}

Type Type::Fixed(int32_t length) {
  CRANNOG_CHECK(length >= 0);
  Type type;
  type.id_ = TypeId::kFixed;
  type.length_ = length;
  return type;
}

Type Type::Geometry(std::string crs) {
  Type type;
  type.id_ = TypeId::kGeometry;
  type.geo_ = std::make_shared<const Geo>(Geo{std::move(crs), {}});
  return type;
}

Type Type::Geography(std::string crs, std::string algorithm) {
  Type type;
  type.id_ = TypeId::kGeography;
  type.geo_ = std::make_shared<const Geo>(Geo{std::move(crs), std::move(algorithm)});
  return type;
}

Type Type::Struct(std::vector<NestedField> fields) {
  Type type;
  type.id_ = TypeId::kStruct;
  type.fields_ = std::make_shared<const std::vector<NestedField>>(std::move(fields));
  return type;
}

Type Type::List(NestedField element) {
  element.name = "element";
  Type type;
  type.id_ = TypeId::kList;
  std::vector<NestedField> fields;
  fields.push_back(std::move(element));
  type.fields_ = std::make_shared<const std::vector<NestedField>>(std::move(fields));
  return type;
}

Type Type::Map(NestedField key, NestedField value) {
  key.name = "key";
  key.required = true;
  value.name = "value";
  Type type;
  type.id_ = TypeId::kMap;
  std::vector<NestedField> fields;
  fields.push_back(std::move(key));
  fields.push_back(std::move(value));
  type.fields_ = std::make_shared<const std::vector<NestedField>>(std::move(fields));
  return type;
}

Result<Type> Type::ParsePrimitive(std::string_view text) {
  const std::string_view whole = text;
  text = Trim(text);
  for (size_t i = 0; i < static_cast<size_t>(TypeId::kGeometry); ++i) {
    const auto id = static_cast<TypeId>(i);
    if (kNames[i] == text && id != TypeId::kDecimal && id != TypeId::kFixed) return Type(id);
  }
  if (const auto arguments = Arguments(text, "decimal", '(', ')')) {
    return ParseDecimal(*arguments, whole);
  }
  if (const auto arguments = Arguments(text, "fixed", '[', ']')) {
    CRANNOG_ASSIGN(const int32_t length, ParseNumber(*arguments, whole));
    if (length >= 0) return Fixed(length);
  }
  if (text == "geometry") return Geometry();
  if (const auto arguments = Arguments(text, "geometry", '(', ')')) {
    return Geometry(std::string(Trim(*arguments)));
  }
  if (text == "geography") return Geography();
  if (const auto arguments = Arguments(text, "geography", '(', ')')) {
    const size_t comma = arguments->rfind(',');
    if (comma == std::string_view::npos) return Geography(std::string(Trim(*arguments)));
    return Geography(std::string(Trim(arguments->substr(0, comma))),
                     std::string(Trim(arguments->substr(comma + 1))));
  }
  return Fail(Code::kInvalid, fmt::format("\"{}\" is no primitive type of Iceberg", whole));
}

const std::string& Type::crs() const {
  CRANNOG_CHECK(geo_ != nullptr);
  return geo_->crs;
}

const std::string& Type::algorithm() const {
  CRANNOG_CHECK(geo_ != nullptr);
  return geo_->algorithm;
}

const std::vector<NestedField>& Type::fields() const {
  static const std::vector<NestedField> kNone;
  return fields_ == nullptr ? kNone : *fields_;
}

const NestedField& Type::element() const {
  CRANNOG_CHECK(id_ == TypeId::kList);
  return (*fields_)[0];
}

const NestedField& Type::key() const {
  CRANNOG_CHECK(id_ == TypeId::kMap);
  return (*fields_)[0];
}

const NestedField& Type::value() const {
  CRANNOG_CHECK(id_ == TypeId::kMap);
  return (*fields_)[1];
}

std::string Type::ToString() const {
  const std::string name(TypeIdName(id_));
  switch (id_) {
    case TypeId::kDecimal:
      return fmt::format("decimal({}, {})", precision_, scale_);
    case TypeId::kFixed:
      return fmt::format("fixed[{}]", length_);
    case TypeId::kGeometry:
      return crs().empty() ? name : fmt::format("geometry({})", crs());
    case TypeId::kGeography:
      if (crs().empty()) return name;
      if (algorithm().empty()) return fmt::format("geography({})", crs());
      return fmt::format("geography({}, {})", crs(), algorithm());
    case TypeId::kStruct:
    case TypeId::kList:
    case TypeId::kMap: {
      std::string inside;
      for (const NestedField& field : fields()) {
        inside += fmt::format("{}{}: {}: {} {}", inside.empty() ? "" : ", ", field.id, field.name,
                              field.required ? "required" : "optional", field.type.ToString());
      }
      return fmt::format("{}<{}>", name, inside);
    }
    default:
      return name;
  }
}

int Type::format_version_min() const {
  switch (id_) {
    case TypeId::kUnknown:
    case TypeId::kTimestampNs:
    case TypeId::kTimestampTzNs:
    case TypeId::kVariant:
    case TypeId::kGeometry:
    case TypeId::kGeography:
      return 3;
    default:
      break;
  }
  int version = 1;
  for (const NestedField& field : fields()) {
    version = std::max(version, field.type.format_version_min());
  }
  return version;
}

bool operator==(const Type& a, const Type& b) {
  if (a.id_ != b.id_ || a.precision_ != b.precision_ || a.scale_ != b.scale_ ||
      a.length_ != b.length_) {
    return false;
  }
  if (a.geo_ != nullptr) return a.crs() == b.crs() && a.algorithm() == b.algorithm();
  return a.fields_ == b.fields_ || a.fields() == b.fields();
}

bool CanPromote(const Type& from, const Type& to, int format_version) {
  if (from == to) return true;
  if (from.id() == TypeId::kUnknown) return format_version >= 3;
  switch (from.id()) {
    case TypeId::kInt:
      return to.id() == TypeId::kLong;
    case TypeId::kFloat:
      return to.id() == TypeId::kDouble;
    case TypeId::kDate:
      return format_version >= 3 &&
             (to.id() == TypeId::kTimestamp || to.id() == TypeId::kTimestampNs);
    case TypeId::kDecimal:
      return to.id() == TypeId::kDecimal && to.scale() == from.scale() &&
             to.precision() >= from.precision();
    default:
      return false;
  }
}

int DecimalBytesRequired(int precision) {
  // The least n with 2^(8n-1) > 10^precision - 1.
  double digits = 0;
  int bytes = 0;
  while (digits < precision) digits = (8.0 * ++bytes - 1) * 0.30102999566398119521;
  return bytes;
}

}  // namespace crannog::table::iceberg
