// A broken invariant is our bug: it stops the process, in release builds too, before it can reach
// the disk. What comes from outside (input, files) is an Error instead, never a check.
#pragma once

namespace crannog {

// Prints the condition and where it stands to stderr, then aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace crannog

#define CRANNOG_CHECK(condition)                              \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::crannog::CheckFailed(#condition, __FILE__, __LINE__); \
  } while (false)
