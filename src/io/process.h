// Who this process is, for messages to other people's processes.
#pragma once

#include <cstdint>
#include <string>

namespace crannog::io {

int64_t ProcessId();
// "unknown" when the system does not say.
std::string HostName();

}  // namespace crannog::io
