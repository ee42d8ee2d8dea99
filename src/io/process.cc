#include "io/process.h"

#include <unistd.h>

#include <array>

namespace crannog::io {

int64_t ProcessId() { return getpid(); }

std::string HostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

}  // namespace crannog::io
