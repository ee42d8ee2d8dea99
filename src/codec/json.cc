#include "codec/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/check.h"

namespace crannog::codec {

bool Json::boolean() const {
  CRANNOG_CHECK(is_bool());
  return std::get<bool>(value_);
}

int64_t Json::integer() const {
  CRANNOG_CHECK(is_int());
  return std::get<int64_t>(value_);
}

double Json::number() const {
  if (is_int()) return static_cast<double>(integer());
  CRANNOG_CHECK(kind() == Kind::kDouble);
  return std::get<double>(value_);
}

const std::string& Json::string() const {
  CRANNOG_CHECK(is_string());
  return std::get<std::string>(value_);
}

const Json::Array& Json::array() const {
  CRANNOG_CHECK(is_array());
  return std::get<Array>(value_);
}

const Json::Object& Json::object() const {
  CRANNOG_CHECK(is_object());
  return std::get<Object>(value_);
}

const Json* Json::Find(std::string_view key) const {
  for (const Member& member : object()) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Json& Json::Set(std::string_view key, Json value) {
  CRANNOG_CHECK(is_object());
  auto& members = std::get<Object>(value_);
  for (Member& member : members) {
    if (member.first == key) {
      member.second = std::move(value);
      return *this;
    }
  }
  members.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::Append(Json value) {
  CRANNOG_CHECK(is_array());
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

namespace {

// Builds a Json from nlohmann's event parser, which checks grammar, escapes and UTF-8 and calls
// parse_error instead of throwing.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(size_t depth_max) : depth_max_(depth_max) {}

  bool null() override { return Put(Json()); }
  bool boolean(bool value) override { return Put(Json(value)); }
  bool number_integer(int64_t value) override { return Put(Json(value)); }
  bool number_unsigned(uint64_t value) override {
    if (value <= static_cast<uint64_t>(INT64_MAX)) return Put(Json(static_cast<int64_t>(value)));
    return Put(Json(static_cast<double>(value)));
  }
  bool number_float(double value, const std::string& /*text*/) override { return Put(Json(value)); }
  bool string(std::string& value) override { return Put(Json(std::move(value))); }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }
  bool start_object(size_t /*size*/) override { return Open(Json::NewObject()); }
  bool start_array(size_t /*size*/) override { return Open(Json::NewArray()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(std::string& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& /*why*/) override {
    if (error_.empty()) error_ = fmt::format("not JSON at byte {}", position);
    return false;
  }

  const std::string& error() const { return error_; }
  Json TakeRoot() { return std::move(root_); }

 private:
  struct Level {
    bool is_object;
    Json::Array items;
    Json::Object members;
    std::string key;
  };

  bool Open(const Json& empty) {
    if (open_.size() >= depth_max_) {
      error_ = fmt::format("nested deeper than {} levels", depth_max_);
      return false;
    }
    open_.push_back(Level{empty.is_object(), {}, {}, {}});
    return true;
  }
  bool Close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    return Put(level.is_object ? Json::NewObject(std::move(level.members))
                               : Json::NewArray(std::move(level.items)));
  }
  bool Put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Level& level = open_.back(); level.is_object) {
      level.members.emplace_back(std::move(level.key), std::move(value));
    } else {
      level.items.push_back(std::move(value));
    }
    return true;
  }

  size_t depth_max_;
  std::vector<Level> open_;
  Json root_;
  std::string error_;
};

void WriteDouble(double value, std::string& to) {
  if (!std::isfinite(value)) {
    to += "null";
    return;
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  to += text;
  if (text.find_first_of(".e") == std::string_view::npos) to += ".0";
}

void WriteQuoted(std::string_view text, std::string& to) {
  to += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        to += "\\\"";
        break;
      case '\\':
        to += "\\\\";
        break;
      case '\n':
        to += "\\n";
        break;
      case '\r':
        to += "\\r";
        break;
      case '\t':
        to += "\\t";
        break;
      case '\b':
        to += "\\b";
        break;
      case '\f':
        to += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          to += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          to += c;
        }
    }
  }
  to += '"';
}

class Writer {
 public:
  Writer(int indent, std::string& to) : indent_(indent), to_(to) {}

  void Write(const Json& value, int level) {
    switch (value.kind()) {
      case Json::Kind::kNull:
        to_ += "null";
        break;
      case Json::Kind::kBool:
        to_ += value.boolean() ? "true" : "false";
        break;
      case Json::Kind::kInt:
        to_ += std::to_string(value.integer());
        break;
      case Json::Kind::kDouble:
        WriteDouble(value.number(), to_);
        break;
      case Json::Kind::kString:
        WriteQuoted(value.string(), to_);
        break;
      case Json::Kind::kArray:
        WriteArray(value.array(), level);
        break;
      case Json::Kind::kObject:
        WriteObject(value.object(), level);
        break;
    }
  }

 private:
  void Break(int level) {
    if (indent_ == 0) return;
    to_ += '\n';
    to_.append(static_cast<size_t>(indent_ * level), ' ');
  }
  void WriteArray(const Json::Array& items, int level) {
    to_ += '[';
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) to_ += ',';
      Break(level + 1);
      Write(items[i], level + 1);
    }
    if (!items.empty()) Break(level);
    to_ += ']';
  }
  void WriteObject(const Json::Object& members, int level) {
    to_ += '{';
    for (size_t i = 0; i < members.size(); ++i) {
      if (i > 0) to_ += ',';
      Break(level + 1);
      WriteQuoted(members[i].first, to_);
      to_ += indent_ == 0 ? ":" : ": ";
      Write(members[i].second, level + 1);
    }
    if (!members.empty()) Break(level);
    to_ += '}';
  }

  int indent_;
  std::string& to_;
};

}  // namespace

Result<Json> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.size_bytes_max) {
    return Fail(Code::kTooLarge, fmt::format("JSON of {} bytes; at most {} are read", text.size(),
                                             limits.size_bytes_max));
  }
  Builder builder(limits.depth_max);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return Fail(Code::kCorrupt, builder.error().empty() ? "not JSON" : builder.error());
  }
  return builder.TakeRoot();
}

std::string WriteJson(const Json& value, int indent) {
  std::string text;
  Writer(indent, text).Write(value, 0);
  return text;
}

std::string QuoteJson(std::string_view text) {
  std::string quoted;
  WriteQuoted(text, quoted);
  return quoted;
}

}  // namespace crannog::codec
