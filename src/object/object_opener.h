// Opens objects so that what a Reader shows cannot be reclaimed under it. Internal to object/.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "object/reader.h"
#include "object/store_core.h"

namespace crannog::object {

// Thread-safe; takes no lock that a writer holds over its sync.
class ObjectOpener {
 public:
  explicit ObjectOpener(StoreCore& core) : core_(&core) {}

  //   kNotFound  no such object
  //   kUnavailable  it was overwritten kOpenAttemptsMax times in a row while being opened
  Result<std::unique_ptr<Reader>> Open(const Bucket& bucket, std::string_view key);

 private:
  // Nothing when the object changed meanwhile.
  Result<std::unique_ptr<Reader>> Attempt(const Bucket& bucket, std::string_view key);
  Status AddContent(Reader& reader, const ContentRef& content);
  Status AddPiece(Reader& reader, const ContentRef& piece);

  StoreCore* core_;  // not null
};

}  // namespace crannog::object
