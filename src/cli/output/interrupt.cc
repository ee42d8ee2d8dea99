#include "cli/output/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace crannog::cli {
namespace {

// A signal handler has no other way to speak than a global.
volatile std::sig_atomic_t interrupted = 0;

extern "C" void OnInterrupt(int) {
  if (interrupted != 0) ::_exit(130);
  interrupted = 1;
}

}  // namespace

void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
}

bool TakeInterrupt() {
  if (interrupted == 0) return false;
  interrupted = 0;
  return true;
}

}  // namespace crannog::cli
