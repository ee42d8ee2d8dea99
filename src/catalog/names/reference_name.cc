#include "catalog/names/reference_name.h"

#include <algorithm>
#include <string>

#include "catalog/names/limits.h"

namespace crannog::catalog {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string Shown(std::string_view name) {
  return '\'' + std::string(name.substr(0, kReferenceNameBytesMax)) + '\'';
}

}  // namespace

Status CheckReferenceName(std::string_view name) {
  if (name.empty() || name.size() > kReferenceNameBytesMax) {
    return Fail(Code::kInvalid, "reference name: must have 1 to " +
                                    std::to_string(kReferenceNameBytesMax) +
                                    " bytes: " + Shown(name));
  }
  const auto allowed = [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '/' || c == '_' || c == '-';
  };
  if (!IsLetter(name.front()) || !std::all_of(name.begin(), name.end(), allowed) ||
      name.back() == '.' || name.back() == '/' || name.find("..") != std::string_view::npos) {
    return Fail(Code::kInvalid,
                "reference name: must start with a letter, go on with letters, digits, '.', '/', "
                "'_' and '-', hold no '..' and not end in '.' or '/': " +
                    Shown(name));
  }
  const bool hash_like =
      name.size() >= 8 && name.size() <= 64 && std::all_of(name.begin(), name.end(), IsHexDigit);
  if (hash_like || name == "HEAD" || name == "DETACHED") {
    return Fail(Code::kInvalid,
                "reference name: could be taken for a hash or is reserved: " + Shown(name));
  }
  return {};
}

}  // namespace crannog::catalog
