#include "codec/json_at.h"

#include <fmt/format.h>

namespace crannog::codec {

std::string JsonAt::Path() const {
  if (parent_ == nullptr) return "$";
  if (parent_->json_->is_array()) return fmt::format("{}[{}]", parent_->Path(), index_);
  return fmt::format("{}.{}", parent_->Path(), key_);
}

std::unexpected<Error> JsonAt::Wrong(std::string_view what) const {
  return Fail(Code::kCorrupt, fmt::format("{}: {}", Path(), what));
}

Status JsonAt::ExpectObject() const {
  if (!json_->is_object()) return Wrong("an object is expected");
  return {};
}

Result<size_t> JsonAt::ArraySize() const {
  if (!json_->is_array()) return Wrong("a list is expected");
  return json_->array().size();
}

JsonAt JsonAt::At(size_t index) const { return JsonAt(json_->array()[index], this, {}, index); }

std::optional<JsonAt> JsonAt::MemberIfAny(std::string_view key) const {
  if (!json_->is_object()) return std::nullopt;
  // The path keeps the document's own copy of the key: the caller's may not live as long.
  for (const Json::Member& member : json_->object()) {
    if (member.first != key) continue;
    if (member.second.is_null()) return std::nullopt;
    return JsonAt(member.second, this, member.first, 0);
  }
  return std::nullopt;
}

Result<JsonAt> JsonAt::Member(std::string_view key) const {
  CRANNOG_RETURN_IF_ERROR(ExpectObject());
  auto member = MemberIfAny(key);
  if (!member) return Wrong(fmt::format("member \"{}\" is missing", key));
  return *member;
}

Result<bool> JsonAt::AsBool() const {
  if (!json_->is_bool()) return Wrong("true or false is expected");
  return json_->boolean();
}

Result<int64_t> JsonAt::AsLong() const {
  if (!json_->is_int()) return Wrong("an integer is expected");
  return json_->integer();
}

Result<int32_t> JsonAt::AsInt() const {
  CRANNOG_ASSIGN(const int64_t value, AsLong());
  if (value != static_cast<int32_t>(value)) return Wrong("the number exceeds 32 bits");
  return static_cast<int32_t>(value);
}

Result<std::string> JsonAt::AsString() const {
  if (!json_->is_string()) return Wrong("a string is expected");
  return json_->string();
}

Result<std::vector<int32_t>> JsonAt::AsInts() const {
  CRANNOG_ASSIGN(const size_t size, ArraySize());
  std::vector<int32_t> numbers;
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(const int32_t number, At(i).AsInt());
    numbers.push_back(number);
  }
  return numbers;
}

Result<std::vector<std::string>> JsonAt::AsStrings() const {
  CRANNOG_ASSIGN(const size_t size, ArraySize());
  std::vector<std::string> texts;
  for (size_t i = 0; i < size; ++i) {
    CRANNOG_ASSIGN(auto text, At(i).AsString());
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::map<std::string, std::string>> JsonAt::AsStringMap() const {
  CRANNOG_RETURN_IF_ERROR(ExpectObject());
  std::map<std::string, std::string> map;
  for (const Json::Member& member : json_->object()) {
    const Json& value = member.second;
    if (value.is_null()) continue;
    if (value.is_array() || value.is_object()) {
      return Wrong(fmt::format("the value of \"{}\" is no string", member.first));
    }
    map[member.first] = value.is_string() ? value.string() : WriteJson(value);
  }
  return map;
}

Result<bool> JsonAt::Bool(std::string_view key) const {
  CRANNOG_ASSIGN(const JsonAt member, Member(key));
  return member.AsBool();
}

Result<int32_t> JsonAt::Int(std::string_view key) const {
  CRANNOG_ASSIGN(const JsonAt member, Member(key));
  return member.AsInt();
}

Result<int64_t> JsonAt::Long(std::string_view key) const {
  CRANNOG_ASSIGN(const JsonAt member, Member(key));
  return member.AsLong();
}

Result<std::string> JsonAt::String(std::string_view key) const {
  CRANNOG_ASSIGN(const JsonAt member, Member(key));
  return member.AsString();
}

namespace {

template <typename T>
Result<std::optional<T>> Optional(const std::optional<JsonAt>& member,
                                  Result<T> (JsonAt::*read)() const) {
  if (!member) return std::optional<T>();
  CRANNOG_ASSIGN(T value, ((*member).*read)());
  return std::optional<T>(std::move(value));
}

}  // namespace

Result<std::optional<bool>> JsonAt::BoolIfAny(std::string_view key) const {
  return Optional<bool>(MemberIfAny(key), &JsonAt::AsBool);
}

Result<std::optional<int32_t>> JsonAt::IntIfAny(std::string_view key) const {
  return Optional<int32_t>(MemberIfAny(key), &JsonAt::AsInt);
}

Result<std::optional<int64_t>> JsonAt::LongIfAny(std::string_view key) const {
  return Optional<int64_t>(MemberIfAny(key), &JsonAt::AsLong);
}

Result<std::optional<std::string>> JsonAt::StringIfAny(std::string_view key) const {
  return Optional<std::string>(MemberIfAny(key), &JsonAt::AsString);
}

}  // namespace crannog::codec
