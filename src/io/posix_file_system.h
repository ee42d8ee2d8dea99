// The real disk.
#pragma once

#include "io/file_system.h"

namespace crannog::io {

// Holds no state beyond the locks this process took; make one at start and hand it down.
std::unique_ptr<FileSystem> MakePosixFileSystem();

}  // namespace crannog::io
