// Avro schemas: from JSON to a tree with names resolved.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "codec/avro.h"
#include "codec/json_at.h"

namespace crannog::codec {
namespace {

constexpr int kDepthMax = 64;
constexpr int32_t kFixedBytesMax = 1 << 26;
// A value's least size is only used to bound counts; beyond this it stops adding up.
constexpr size_t kSizeBytesMinCap = size_t{1} << 20;

constexpr std::array<std::pair<std::string_view, AvroType>, 8> kPrimitives = {{
    {"null", AvroType::kNull},
    {"boolean", AvroType::kBoolean},
    {"int", AvroType::kInt},
    {"long", AvroType::kLong},
    {"float", AvroType::kFloat},
    {"double", AvroType::kDouble},
    {"bytes", AvroType::kBytes},
    {"string", AvroType::kString},
}};

std::optional<AvroType> PrimitiveNamed(std::string_view name) {
  for (const auto& [known, type] : kPrimitives) {
    if (known == name) return type;
  }
  return std::nullopt;
}

size_t MinBytes(const AvroSchema& schema) {
  size_t bytes = 1;
  switch (schema.type) {
    case AvroType::kNull:
      return 0;
    case AvroType::kFloat:
      return 4;
    case AvroType::kDouble:
      return 8;
    case AvroType::kFixed:
      return static_cast<size_t>(schema.size);
    case AvroType::kUnion:
      bytes = kSizeBytesMinCap;
      for (const auto& branch : schema.branches) bytes = std::min(bytes, branch->size_bytes_min);
      return bytes + 1;
    case AvroType::kRecord:
      bytes = 0;
      for (const auto& field : schema.fields) bytes += field.schema->size_bytes_min;
      return std::min(bytes, kSizeBytesMinCap);
    default:
      return bytes;
  }
}

class Parser {
 public:
  Result<AvroSchemaPtr> Parse(const JsonAt& at, int depth, const std::string& space) {
    if (depth > kDepthMax) return at.Wrong("the schema nests too deeply");
    if (++nodes_ > kNodesMax) return at.Wrong("the schema has too many parts");
    if (at.json().is_string()) return ParseName(at, at.json().string(), space);
    if (at.json().is_array()) return ParseUnion(at, depth, space);
    CRANNOG_RETURN_IF_ERROR(at.ExpectObject());
    CRANNOG_ASSIGN(const JsonAt type, at.Member("type"));
    if (!type.json().is_string()) return Parse(type, depth + 1, space);
    return ParseObject(at, type.json().string(), depth, space);
  }

 private:
  static constexpr size_t kNodesMax = 100000;

  // Counts parts too: names let a small schema spell out an enormous one, which every value of it
  // would be walked through.
  static Result<AvroSchemaPtr> Sealed(AvroSchema schema) {
    schema.size_bytes_min = MinBytes(schema);
    if (schema.items != nullptr) schema.part_count += schema.items->part_count;
    for (const auto& branch : schema.branches) schema.part_count += branch->part_count;
    for (const auto& field : schema.fields) schema.part_count += field.schema->part_count;
    if (schema.part_count > kNodesMax) {
      return Fail(Code::kCorrupt, "the Avro schema has too many parts");
    }
    return std::make_shared<const AvroSchema>(std::move(schema));
  }

  Result<AvroSchemaPtr> ParseName(const JsonAt& at, const std::string& name,
                                  const std::string& space) {
    if (const auto primitive = PrimitiveNamed(name)) {
      AvroSchema schema;
      schema.type = *primitive;
      return Sealed(std::move(schema));
    }
    auto found = named_.find(name);
    if (found == named_.end() && !space.empty()) found = named_.find(space + "." + name);
    if (found == named_.end()) return at.Wrong("unknown type " + QuoteJson(name));
    if (found->second == nullptr) {
      return Fail(Code::kUnsupported, at.Path() + ": recursive Avro types are not supported");
    }
    return found->second;
  }

  Result<AvroSchemaPtr> ParseUnion(const JsonAt& at, int depth, const std::string& space) {
    AvroSchema schema;
    schema.type = AvroType::kUnion;
    const size_t size = at.json().array().size();
    if (size == 0) return at.Wrong("a union of nothing");
    for (size_t i = 0; i < size; ++i) {
      CRANNOG_ASSIGN(auto branch, Parse(at.At(i), depth + 1, space));
      if (branch->type == AvroType::kUnion) return at.Wrong("a union inside a union");
      schema.branches.push_back(std::move(branch));
    }
    return Sealed(std::move(schema));
  }

  Result<AvroSchemaPtr> ParseObject(const JsonAt& at, const std::string& type, int depth,
                                    const std::string& space) {
    AvroSchema schema;
    if (const Json* logical = at.json().Find("logicalType");
        logical != nullptr && logical->is_string()) {
      schema.logical_type = logical->string();
    }
    CRANNOG_RETURN_IF_ERROR(ReadIds(at, schema));
    if (const auto primitive = PrimitiveNamed(type)) {
      schema.type = *primitive;
      return Sealed(std::move(schema));
    }
    if (type == "array" || type == "map") {
      schema.type = type == "array" ? AvroType::kArray : AvroType::kMap;
      CRANNOG_ASSIGN(const JsonAt items, at.Member(type == "array" ? "items" : "values"));
      CRANNOG_ASSIGN(schema.items, Parse(items, depth + 1, space));
      return Sealed(std::move(schema));
    }
    if (type == "record" || type == "error" || type == "fixed" || type == "enum") {
      return ParseNamed(at, type, std::move(schema), depth, space);
    }
    return ParseName(at, type, space);
  }

  static Status ReadIds(const JsonAt& at, AvroSchema& schema) {
    CRANNOG_ASSIGN(schema.element_id, at.IntIfAny("element-id"));
    CRANNOG_ASSIGN(schema.key_id, at.IntIfAny("key-id"));
    CRANNOG_ASSIGN(schema.value_id, at.IntIfAny("value-id"));
    CRANNOG_ASSIGN(const auto precision, at.IntIfAny("precision"));
    CRANNOG_ASSIGN(const auto scale, at.IntIfAny("scale"));
    CRANNOG_ASSIGN(const auto adjust_to_utc, at.BoolIfAny("adjust-to-utc"));
    schema.adjust_to_utc = adjust_to_utc.value_or(false);
    schema.precision = precision.value_or(0);
    schema.scale = scale.value_or(0);
    return {};
  }

  Result<AvroSchemaPtr> ParseNamed(const JsonAt& at, const std::string& type, AvroSchema schema,
                                   int depth, std::string space) {
    CRANNOG_ASSIGN(schema.name, at.String("name"));
    CRANNOG_ASSIGN(const auto own_space, at.StringIfAny("namespace"));
    if (own_space) space = *own_space;
    std::string full = schema.name;
    if (const size_t dot = full.rfind('.'); dot != std::string::npos) {
      space = full.substr(0, dot);
    } else if (!space.empty()) {
      full = space + "." + full;
    }
    named_[full] = nullptr;  // until it is whole, a mention is a recursion
    if (type == "fixed") {
      schema.type = AvroType::kFixed;
      CRANNOG_ASSIGN(schema.size, at.Int("size"));
      if (schema.size < 0 || schema.size > kFixedBytesMax) return at.Wrong("bad size of a fixed");
    } else if (type == "enum") {
      schema.type = AvroType::kEnum;
      CRANNOG_ASSIGN(const JsonAt symbols, at.Member("symbols"));
      CRANNOG_ASSIGN(schema.symbols, symbols.AsStrings());
    } else {
      schema.type = AvroType::kRecord;
      CRANNOG_RETURN_IF_ERROR(ParseFields(at, schema, depth, space));
    }
    CRANNOG_ASSIGN(auto sealed, Sealed(std::move(schema)));
    named_[full] = sealed;
    return sealed;
  }

  Status ParseFields(const JsonAt& at, AvroSchema& schema, int depth, const std::string& space) {
    CRANNOG_ASSIGN(const JsonAt fields, at.Member("fields"));
    CRANNOG_ASSIGN(const size_t size, fields.ArraySize());
    for (size_t i = 0; i < size; ++i) {
      const JsonAt field = fields.At(i);
      AvroField parsed;
      CRANNOG_ASSIGN(parsed.name, field.String("name"));
      CRANNOG_ASSIGN(parsed.field_id, field.IntIfAny("field-id"));
      CRANNOG_ASSIGN(const JsonAt type, field.Member("type"));
      CRANNOG_ASSIGN(parsed.schema, Parse(type, depth + 1, space));
      schema.fields.push_back(std::move(parsed));
    }
    return {};
  }

  std::unordered_map<std::string, AvroSchemaPtr> named_;
  size_t nodes_ = 0;
};

}  // namespace

Result<AvroSchemaPtr> ParseAvroSchema(const Json& json) {
  Parser parser;
  return parser.Parse(JsonAt(json), 0, "");
}

const AvroSchema* AvroSchema::OptionalOf(int* null_branch) const {
  if (type != AvroType::kUnion || branches.size() != 2) return nullptr;
  for (int i = 0; i < 2; ++i) {
    const auto& other = branches[static_cast<size_t>(1 - i)];
    if (branches[static_cast<size_t>(i)]->type != AvroType::kNull) continue;
    *null_branch = i;
    return other.get();
  }
  return nullptr;
}

}  // namespace crannog::codec
