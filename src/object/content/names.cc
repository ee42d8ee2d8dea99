#include "object/content/names.h"

#include <algorithm>
#include <string>

#include "object/content/limits.h"

namespace crannog::object {

namespace {

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// The length of the well-formed sequence that starts `text`, 0 if there is none (RFC 3629).
size_t Utf8SequenceSize(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xf0 ? 4 : (lead >= 0xe0 ? 3 : 2);
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and beyond U+10FFFF.
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;
  if (lead == 0xed && byte(1) > 0x9f) return 0;
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;
  return size;
}

size_t SizeOf(const std::map<std::string, std::string>& map) {
  size_t size = 0;
  for (const auto& [name, value] : map) size += name.size() + value.size();
  return size;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t size = Utf8SequenceSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

Status CheckBucketName(std::string_view name) {
  const bool good =
      name.size() >= kBucketNameSizeMin && name.size() <= kBucketNameSizeMax &&
      IsLowerOrDigit(name.front()) && IsLowerOrDigit(name.back()) &&
      std::ranges::all_of(name, [](char c) { return IsLowerOrDigit(c) || c == '-' || c == '.'; }) &&
      name.find("..") == std::string_view::npos;
  if (good) return {};
  return Fail(Code::kInvalid,
              "bucket name \"" + std::string(name.substr(0, kBucketNameSizeMax + 1)) +
                  "\": must be 3 to 63 of a-z, 0-9, '-' and '.', and begin and end with a letter "
                  "or digit");
}

Status CheckKey(std::string_view key) {
  if (key.empty()) return Fail(Code::kInvalid, "object key: empty");
  if (key.size() > kKeySizeBytesMax) {
    return Fail(Code::kInvalid, "object key: longer than " + std::to_string(kKeySizeBytesMax) +
                                    " bytes: " + std::to_string(key.size()));
  }
  if (key.find('\0') != std::string_view::npos) {
    return Fail(Code::kInvalid, "object key: contains a NUL byte");
  }
  if (!IsUtf8(key)) return Fail(Code::kInvalid, "object key: not UTF-8");
  return {};
}

Status CheckAttributes(const Attributes& attributes) {
  const size_t size = attributes.content_type.size() + SizeOf(attributes.headers) +
                      SizeOf(attributes.user_metadata) + SizeOf(attributes.tags);
  if (size <= kAttributesSizeBytesMax) return {};
  return Fail(Code::kTooLarge, "object attributes: " + std::to_string(size) + " bytes, allowed " +
                                   std::to_string(kAttributesSizeBytesMax));
}

}  // namespace crannog::object
