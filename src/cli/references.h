// What `branch` and `tag` share.
#pragma once

#include <string>

#include "base/result.h"
#include "catalog/reference.h"
#include "cli/command.h"

namespace crannog::cli {

Status ListReferences(const Invocation& invocation, catalog::ReferenceKind kind,
                      const std::string& format);
Status CreateReference(const Invocation& invocation, catalog::ReferenceKind kind,
                       const std::string& name, const std::string& from);
// kInvalid when `name` is of the other kind.
Status DropReference(const Invocation& invocation, catalog::ReferenceKind kind,
                     const std::string& name);
// A branch only: created under the new name, then dropped under the old one.
Status RenameReference(const Invocation& invocation, catalog::ReferenceKind kind,
                       const std::string& name, const std::string& to);

}  // namespace crannog::cli
