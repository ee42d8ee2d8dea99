// Commit bodies of the Iceberg REST protocol: updates and requirements as any client may send them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "table/iceberg/metadata_builder.h"
#include "table/iceberg/table_update.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace crannog::table::iceberg;  // NOLINT: one function
  const auto commit = ParseTableCommit(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!commit) return 0;
  // What was read is written in a form that reads back as itself.
  const std::string text = WriteTableCommit(*commit);
  const auto again = ParseTableCommit(text);
  if (!again || WriteTableCommit(*again) != text) std::abort();
  MetadataBuilder builder;
  if (builder.ApplyAll(commit->updates)) (void)std::move(builder).Build(1);
  return 0;
}
