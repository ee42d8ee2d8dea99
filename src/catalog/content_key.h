// The name of a table, view or namespace in the catalog: `bronze.orders`.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crannog::catalog {

// A value. Elements are any UTF-8 without control characters (below U+0020), case-sensitive, not
// empty; at most kKeyElementsMax of them and kKeyBytesMax bytes together (limits.h).
// Keys order by their elements: a parent sorts directly before everything beneath it.
class ContentKey {
 public:
  // The empty key names the root, which holds nothing itself and is the parent of all.
  ContentKey() = default;
  // kInvalid when an element breaks the rules above; no elements give the root.
  static Result<ContentKey> Of(const std::vector<std::string>& elements);
  // Reads what ToString() prints: elements separated by dots; one that needs it stands in double
  // quotes, within which a double quote is doubled. Unquoted, anything but a dot, a quote and
  // blanks is taken as it stands. kInvalid; the empty text is kInvalid too.
  static Result<ContentKey> Parse(std::string_view text);
  // Takes bytes that encoded() gave. kCorrupt for any others.
  static Result<ContentKey> Decode(std::string_view encoded);

  bool IsRoot() const { return encoded_.empty(); }
  size_t size() const;  // number of elements
  std::vector<std::string> elements() const;
  // The last element; empty for the root.
  std::string_view name() const;
  // The key without its last element; the root's parent is the root.
  ContentKey parent() const;
  // kInvalid as Of().
  Result<ContentKey> Child(std::string_view name) const;
  // True when `ancestor` is a proper ancestor: every key but the root lies beneath the root.
  bool IsBeneath(const ContentKey& ancestor) const;

  // `bronze."odd.name"`: as people write it, and Parse() reads it.
  std::string ToString() const;
  // Elements joined by a zero byte: sorts as keys do, and is what trees and commits store.
  const std::string& encoded() const { return encoded_; }

  friend bool operator==(const ContentKey&, const ContentKey&) = default;
  friend std::strong_ordering operator<=>(const ContentKey&, const ContentKey&) = default;

 private:
  explicit ContentKey(std::string encoded) : encoded_(std::move(encoded)) {}

  std::string encoded_;
};

}  // namespace crannog::catalog

template <>
struct std::hash<crannog::catalog::ContentKey> {
  size_t operator()(const crannog::catalog::ContentKey& key) const noexcept {
    return std::hash<std::string>()(key.encoded());
  }
};
