// Ctrl-C: noticed by a flag, so that whoever runs a statement can stop it and go on.
#pragma once

namespace crannog::cli {

// From now on the first Ctrl-C only sets the flag; a second one before the flag is taken ends the
// process, since somebody who presses it twice means it.
void CatchInterrupts();

// True once per Ctrl-C.
bool TakeInterrupt();

}  // namespace crannog::cli
