// Decoders of what the catalog keeps on disk. The first byte picks one; what it accepts must come
// out the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "catalog/commit.h"
#include "catalog/content.h"
#include "catalog/reference_store.h"
#include "catalog/tree/encoding.h"
#include "catalog/tree/node.h"

using namespace crannog;           // NOLINT: a test program
using namespace crannog::catalog;  // NOLINT

namespace {

// The forms that the encodings share, one after the other for as long as they can be read.
void TakeForms(std::string_view from) {
  while (!from.empty()) {
    const auto number = tree::TakeSigned(from);
    if (!number) return;
    std::string bytes;
    tree::AppendSigned(bytes, *number);
    std::string_view again = bytes;
    CRANNOG_CHECK(*tree::TakeSigned(again) == *number && again.empty());
    const auto strings = tree::TakeStrings(from);
    if (!strings) return;
    bytes.clear();
    tree::AppendStrings(bytes, *strings);
    again = bytes;
    CRANNOG_CHECK(*tree::TakeStrings(again) == *strings && again.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0:
      if (const auto content = DecodeContent(bytes)) {
        CRANNOG_CHECK(*DecodeContentKind(bytes) == content->kind());
        CRANNOG_CHECK(*DecodeContent(EncodeContent(*content)) == *content);
      }
      break;
    case 1:
      if (const auto commit = DecodeCommit(bytes)) {
        auto again = DecodeCommit(EncodeCommit(*commit));
        CRANNOG_CHECK(again.has_value());
        again->id = commit->id;  // bytes of another spelling have another hash
        CRANNOG_CHECK(*again == *commit);
      }
      break;
    case 2:
      if (const auto node = tree::Node::Decode(std::string(bytes))) {
        const auto again =
            tree::Node::Decode(tree::Node::Encode((*node)->level(), (*node)->entries()));
        CRANNOG_CHECK(again && (*again)->entries().size() == (*node)->entries().size());
      }
      break;
    case 3:
      if (const auto reference = DecodeReference("main", bytes)) {
        CRANNOG_CHECK(*DecodeReference("main", EncodeReference(*reference)) == *reference);
      }
      break;
    case 4:
      if (const auto entry = DecodeReflogEntry(ReflogKey("main", 7), bytes)) {
        CRANNOG_CHECK(*DecodeReflogEntry(ReflogKey("main", 7), EncodeReflogEntry(*entry)) ==
                      *entry);
      }
      break;
    default:
      TakeForms(bytes);
  }
  return 0;
}
