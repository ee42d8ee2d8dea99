#include "catalog/content_key.h"

#include <algorithm>

#include "catalog/limits.h"

namespace crannog::catalog {
namespace {

constexpr char kSeparator = '\0';

// The length of the UTF-8 sequence at the front, 0 when it is none (RFC 3629: no overlong forms,
// no surrogates, nothing past U+10FFFF).
size_t Utf8Length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

Status CheckElement(std::string_view element) {
  if (element.empty()) return Fail(Code::kInvalid, "content key: an element is empty");
  for (std::string_view rest = element; !rest.empty();) {
    if (static_cast<uint8_t>(rest.front()) < 0x20) {
      return Fail(Code::kInvalid, "content key: an element holds a control character");
    }
    const size_t length = Utf8Length(rest);
    if (length == 0) return Fail(Code::kInvalid, "content key: an element is not valid UTF-8");
    rest.remove_prefix(length);
  }
  return {};
}

Status CheckSize(size_t elements, size_t bytes) {
  if (elements > kKeyElementsMax) {
    return Fail(Code::kInvalid, "content key: more than " + std::to_string(kKeyElementsMax) +
                                    " elements: " + std::to_string(elements));
  }
  if (bytes > kKeyBytesMax) {
    return Fail(Code::kInvalid, "content key: longer than " + std::to_string(kKeyBytesMax) +
                                    " bytes: " + std::to_string(bytes));
  }
  return {};
}

bool NeedsQuotes(std::string_view element) {
  return element.find_first_of(". \"") != std::string_view::npos;
}

// Takes one element off the front; leaves the dot that follows it.
Result<std::string> TakeElement(std::string_view& text) {
  if (text.empty() || text.front() != '"') {
    const size_t end = std::min(text.find_first_of(". \""), text.size());
    std::string element(text.substr(0, end));
    text.remove_prefix(end);
    return element;
  }
  std::string element;
  text.remove_prefix(1);
  while (true) {
    const size_t end = text.find('"');
    if (end == std::string_view::npos) {
      return Fail(Code::kInvalid, "content key: a double quote is not closed");
    }
    element += text.substr(0, end);
    text.remove_prefix(end + 1);
    if (text.empty() || text.front() != '"') return element;
    element += '"';
    text.remove_prefix(1);
  }
}

}  // namespace

Result<ContentKey> ContentKey::Of(const std::vector<std::string>& elements) {
  std::string encoded;
  for (const std::string& element : elements) {
    CRANNOG_RETURN_IF_ERROR(CheckElement(element));
    if (!encoded.empty()) encoded += kSeparator;
    encoded += element;
  }
  CRANNOG_RETURN_IF_ERROR(CheckSize(elements.size(), encoded.size()));
  return ContentKey(std::move(encoded));
}

Result<ContentKey> ContentKey::Parse(std::string_view text) {
  std::vector<std::string> elements;
  std::string_view rest = text;
  while (true) {
    CRANNOG_ASSIGN(std::string element, TakeElement(rest));
    elements.push_back(std::move(element));
    if (rest.empty()) break;
    if (rest.front() != '.') {
      return Fail(Code::kInvalid, "content key: expected a dot after an element: " +
                                      std::string(text.substr(0, kKeyBytesMax)));
    }
    rest.remove_prefix(1);
  }
  return Of(elements);
}

Result<ContentKey> ContentKey::Decode(std::string_view encoded) {
  if (encoded.empty()) return ContentKey();
  size_t elements = 0;
  for (size_t begin = 0; begin <= encoded.size(); ++elements) {
    const size_t end = std::min(encoded.find(kSeparator, begin), encoded.size());
    if (Status status = CheckElement(encoded.substr(begin, end - begin)); !status) {
      return Fail(Code::kCorrupt, "decode " + status.error().message());
    }
    begin = end + 1;
  }
  if (Status status = CheckSize(elements, encoded.size()); !status) {
    return Fail(Code::kCorrupt, "decode " + status.error().message());
  }
  return ContentKey(std::string(encoded));
}

size_t ContentKey::size() const {
  if (IsRoot()) return 0;
  return 1 + static_cast<size_t>(std::count(encoded_.begin(), encoded_.end(), kSeparator));
}

std::vector<std::string> ContentKey::elements() const {
  std::vector<std::string> elements;
  if (IsRoot()) return elements;
  for (size_t begin = 0; begin <= encoded_.size();) {
    const size_t end = std::min(encoded_.find(kSeparator, begin), encoded_.size());
    elements.push_back(encoded_.substr(begin, end - begin));
    begin = end + 1;
  }
  return elements;
}

std::string_view ContentKey::name() const {
  const size_t last = encoded_.rfind(kSeparator);
  const std::string_view all = encoded_;
  return last == std::string::npos ? all : all.substr(last + 1);
}

ContentKey ContentKey::parent() const {
  const size_t last = encoded_.rfind(kSeparator);
  return last == std::string::npos ? ContentKey() : ContentKey(encoded_.substr(0, last));
}

Result<ContentKey> ContentKey::Child(std::string_view name) const {
  CRANNOG_RETURN_IF_ERROR(CheckElement(name));
  std::string encoded = encoded_;
  if (!encoded.empty()) encoded += kSeparator;
  encoded += name;
  CRANNOG_RETURN_IF_ERROR(CheckSize(size() + 1, encoded.size()));
  return ContentKey(std::move(encoded));
}

bool ContentKey::IsBeneath(const ContentKey& ancestor) const {
  if (ancestor.IsRoot()) return !IsRoot();
  return encoded_.size() > ancestor.encoded_.size() &&
         encoded_[ancestor.encoded_.size()] == kSeparator &&
         encoded_.starts_with(ancestor.encoded_);
}

std::string ContentKey::ToString() const {
  std::string text;
  for (const std::string& element : elements()) {
    if (!text.empty()) text += '.';
    if (!NeedsQuotes(element)) {
      text += element;
      continue;
    }
    text += '"';
    for (const char c : element) {
      if (c == '"') text += '"';
      text += c;
    }
    text += '"';
  }
  return text;
}

}  // namespace crannog::catalog
