// The rows of multipart uploads. Internal to object/.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "object/content/entry.h"
#include "object/store_core.h"

namespace crannog::object {

std::unexpected<Error> NoUpload(std::string_view upload_id);

// What locates an upload; the key and the upload id as in its row.
struct UploadName {
  std::shared_ptr<Bucket> bucket;
  std::string key;
  std::string upload_id;

  std::string Row() const { return UploadRow(bucket->id, key, upload_id); }
};

//   kInvalid  a key that cannot be;  kNotFound  no such bucket, or an id that cannot be
Result<UploadName> FindUploadName(StoreCore& core, const ObjectName& name,
                                  std::string_view upload_id);

// Nothing when there is no such upload.
Result<std::optional<UploadRecord>> LoadUpload(StoreCore& core, const UploadName& name);

using PartRecords = std::map<uint32_t, PartRecord>;
Result<PartRecords> LoadParts(StoreCore& core, std::string_view upload_id);

}  // namespace crannog::object
