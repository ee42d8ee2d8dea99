#include "object/files.h"

#include <memory>

namespace crannog::object {

Result<std::string> ReadAll(Files& files, std::string_view location, uint64_t size_bytes_max) {
  CRANNOG_ASSIGN(const std::unique_ptr<FileReader> reader, files.Open(location));
  const uint64_t size = reader->size_bytes();
  if (size > size_bytes_max) {
    return Fail(Code::kTooLarge, "read " + std::string(location) + ": it has " +
                                     std::to_string(size) + " bytes, allowed are " +
                                     std::to_string(size_bytes_max));
  }
  std::string bytes(static_cast<size_t>(size), '\0');
  CRANNOG_ASSIGN(const size_t got, reader->ReadAt(0, bytes));
  if (got == bytes.size()) return bytes;
  return Fail(Code::kCorrupt, "read " + std::string(location) + ": got " + std::to_string(got) +
                                  " of " + std::to_string(size) + " bytes");
}

Status WriteAll(Files& files, std::string_view location, std::string_view bytes,
                const WriteOptions& options) {
  CRANNOG_ASSIGN(const std::unique_ptr<FileWriter> writer, files.Create(location, options));
  CRANNOG_RETURN_IF_ERROR(writer->Append(bytes));
  return writer->Finish();
}

}  // namespace crannog::object
