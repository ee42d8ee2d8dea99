// String maps and integer lists as JSON, as metadata documents are full of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "codec/json.h"

namespace crannog::table::iceberg {

inline codec::Json StringMapToJson(const std::map<std::string, std::string>& map) {
  codec::Json::Object members;
  for (const auto& [key, value] : map) members.emplace_back(key, codec::Json(value));
  return codec::Json::NewObject(std::move(members));
}

inline codec::Json IntsToJson(const std::vector<int32_t>& numbers) {
  codec::Json list = codec::Json::NewArray();
  for (const int32_t number : numbers) list.Append(number);
  return list;
}

inline codec::Json StringsToJson(const std::vector<std::string>& texts) {
  codec::Json list = codec::Json::NewArray();
  for (const std::string& text : texts) list.Append(text);
  return list;
}

}  // namespace crannog::table::iceberg
