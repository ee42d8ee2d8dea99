// Reads an object and compares it with what its entry says. Internal to object/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/store.h"

namespace crannog::object {

// What does not agree, one phrase each; empty when all does. Recomputes full-object checksums and
// MD5 ETags; those of multipart objects need their parts' bounds, which a finished object keeps
// only as the bounds of its files, and are passed over where they cannot be told.
Result<std::vector<std::string>> VerifyContent(Store& store, std::string_view bucket,
                                               std::string_view key);

}  // namespace crannog::object
