// Names that people and clients write: content keys, reference names and expressions.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "catalog/content_key.h"
#include "catalog/names/reference_expression.h"
#include "catalog/reference.h"

using namespace crannog::catalog;  // NOLINT: a test program

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto key = ContentKey::Parse(text)) {
    CRANNOG_CHECK(*ContentKey::Parse(key->ToString()) == *key);
    CRANNOG_CHECK(*ContentKey::Decode(key->encoded()) == *key);
  }
  if (const auto key = ContentKey::Decode(text); key && !key->IsRoot()) {
    CRANNOG_CHECK(*ContentKey::Parse(key->ToString()) == *key);
  }
  if (const auto expression = ReferenceExpression::Parse(text)) {
    const auto again = ReferenceExpression::Parse(expression->ToString());
    CRANNOG_CHECK(again && again->name == expression->name && again->hash == expression->hash);
    CRANNOG_CHECK(again->steps.size() == expression->steps.size());
  }
  if (CheckReferenceName(text)) CRANNOG_CHECK(ReferenceExpression::Parse(text).has_value());
  return 0;
}
