// Typed access to a parsed JSON document whose errors name the place: "$.snapshots[3].summary".
//
// A JsonAt is a pair of pointers; the path is only spelled out when something is wrong. A child
// refers to its parent, so keep parents alive while children are in use. Every failure is
// kCorrupt.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"

namespace crannog::codec {

class JsonAt {
 public:
  explicit JsonAt(const Json& root) : json_(&root) {}

  const Json& json() const { return *json_; }
  std::string Path() const;
  // kCorrupt "<path>: <what>".
  std::unexpected<Error> Wrong(std::string_view what) const;

  Status ExpectObject() const;
  // The element count; kCorrupt when this is no array.
  Result<size_t> ArraySize() const;
  JsonAt At(size_t index) const;  // index < ArraySize()

  // A required member of any kind. An absent one is kCorrupt; null counts as absent.
  Result<JsonAt> Member(std::string_view key) const;
  std::optional<JsonAt> MemberIfAny(std::string_view key) const;

  // This value itself.
  Result<bool> AsBool() const;
  Result<int32_t> AsInt() const;
  Result<int64_t> AsLong() const;
  Result<std::string> AsString() const;
  Result<std::vector<int32_t>> AsInts() const;
  Result<std::vector<std::string>> AsStrings() const;
  // String to string; numbers and booleans among the values are taken as their text, since
  // several writers leave them unquoted.
  Result<std::map<std::string, std::string>> AsStringMap() const;

  // Required members.
  Result<bool> Bool(std::string_view key) const;
  Result<int32_t> Int(std::string_view key) const;
  Result<int64_t> Long(std::string_view key) const;
  Result<std::string> String(std::string_view key) const;
  // Members that may be absent or null.
  Result<std::optional<bool>> BoolIfAny(std::string_view key) const;
  Result<std::optional<int32_t>> IntIfAny(std::string_view key) const;
  Result<std::optional<int64_t>> LongIfAny(std::string_view key) const;
  Result<std::optional<std::string>> StringIfAny(std::string_view key) const;

 private:
  JsonAt(const Json& json, const JsonAt* parent, std::string_view key, size_t index)
      : json_(&json), parent_(parent), key_(key), index_(index) {}

  const Json* json_;
  const JsonAt* parent_ = nullptr;
  std::string_view key_;
  size_t index_ = 0;
};

}  // namespace crannog::codec
