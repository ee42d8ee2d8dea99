// JSON values: parsing within limits, and writing with keys in the order they were put.
//
// Integers that fit int64_t stay integers, everything else numeric is a double; neither loses a
// digit on the way through. Nothing throws, whatever the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace crannog::codec {

class Json {
 public:
  enum class Kind : uint8_t { kNull, kBool, kInt, kDouble, kString, kArray, kObject };
  using Member = std::pair<std::string, Json>;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(bool value) : value_(value) {}
  Json(int32_t value) : value_(int64_t{value}) {}
  Json(int64_t value) : value_(value) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  static Json NewArray(Array items = {}) { return Json(Holder(std::move(items))); }
  static Json NewObject(Object members = {}) { return Json(Holder(std::move(members))); }

  Kind kind() const { return static_cast<Kind>(value_.index()); }
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_bool() const { return kind() == Kind::kBool; }
  bool is_int() const { return kind() == Kind::kInt; }
  bool is_number() const { return is_int() || kind() == Kind::kDouble; }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_object() const { return kind() == Kind::kObject; }

  // Each checks the kind: ask first.
  bool boolean() const;
  int64_t integer() const;
  double number() const;  // integers are widened
  const std::string& string() const;
  const Array& array() const;
  const Object& object() const;

  // The member of an object, or null when it is absent or this is no object. The first one wins
  // where a key is repeated.
  const Json* Find(std::string_view key) const;
  // Puts or replaces a member; this must be an object. Returns *this for chaining.
  Json& Set(std::string_view key, Json value);
  // This must be an array.
  Json& Append(Json value);

  friend bool operator==(const Json& a, const Json& b) = default;

 private:
  using Holder = std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object>;
  explicit Json(Holder value) : value_(std::move(value)) {}
  Holder value_;
};

struct JsonLimits {
  size_t size_bytes_max = size_t{1} << 30;
  size_t depth_max = 128;
};

//   kCorrupt   not JSON (the message has the offset), or nested too deeply
//   kTooLarge  longer than the limit
Result<Json> ParseJson(std::string_view text, const JsonLimits& limits = {});

// Compact by default; `indent` > 0 breaks lines and indents by that many spaces. Doubles are
// written in their shortest form that reads back equal, always with a point or an exponent; NaN
// and infinities, which JSON lacks, become null.
std::string WriteJson(const Json& value, int indent = 0);

// `text` as a JSON string with its quotes.
std::string QuoteJson(std::string_view text);

}  // namespace crannog::codec
