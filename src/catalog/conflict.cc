#include "catalog/conflict.h"

namespace crannog::catalog {

std::string_view ConflictReasonName(ConflictReason reason) {
  switch (reason) {
    case ConflictReason::kKeyExists:
      return "KEY_EXISTS";
    case ConflictReason::kKeyDoesNotExist:
      return "KEY_DOES_NOT_EXIST";
    case ConflictReason::kPayloadDiffers:
      return "PAYLOAD_DIFFERS";
    case ConflictReason::kContentIdDiffers:
      return "CONTENT_ID_DIFFERS";
    case ConflictReason::kValueDiffers:
      return "VALUE_DIFFERS";
    case ConflictReason::kNamespaceAbsent:
      return "NAMESPACE_ABSENT";
    case ConflictReason::kNamespaceNotEmpty:
      return "NAMESPACE_NOT_EMPTY";
    case ConflictReason::kNotANamespace:
      return "NOT_A_NAMESPACE";
    case ConflictReason::kUnexpectedHash:
      return "UNEXPECTED_HASH";
  }
  return "UNKNOWN";
}

std::string DescribeConflicts(const std::vector<Conflict>& conflicts) {
  if (conflicts.empty()) return "no conflict";
  const Conflict& first = conflicts.front();
  std::string text = "conflict on " + first.key.ToString() + ": ";
  text += ConflictReasonName(first.reason);
  if (!first.message.empty()) text += " (" + first.message + ")";
  if (conflicts.size() > 1) text += "; and " + std::to_string(conflicts.size() - 1) + " more";
  return text;
}

}  // namespace crannog::catalog
