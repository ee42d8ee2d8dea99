// Why a commit, merge or revert was refused, key by key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/content.h"
#include "catalog/content_key.h"

namespace crannog::catalog {

// Nessie's conflict types.
enum class ConflictReason : uint8_t {
  kKeyExists,
  kKeyDoesNotExist,
  kPayloadDiffers,    // the key holds another kind of content
  kContentIdDiffers,  // dropped and created again, or another table moved here
  kValueDiffers,      // changed by somebody else since the base
  kNamespaceAbsent,
  kNamespaceNotEmpty,
  kNotANamespace,
  kUnexpectedHash,  // a reference's head is not the expected one; the key is the root
};

// "KEY_EXISTS", ...: Nessie's names.
std::string_view ConflictReasonName(ConflictReason reason);

struct Conflict {
  ContentKey key;  // for the namespace reasons: the namespace
  ConflictReason reason = ConflictReason::kValueDiffers;
  // What the key holds at the head now, so that the caller can rebase onto it; none when absent.
  std::optional<Content> current;
  std::string message;
};

// "CONFLICT on bronze.orders: VALUE_DIFFERS ...; and 2 more"
std::string DescribeConflicts(const std::vector<Conflict>& conflicts);

}  // namespace crannog::catalog
