## usage: ./dev clean
##
## Removes build/: every build, lakes of the demo, inputs found by fuzzing. What set-up fetched
## stays.
##
## examples:
##   ./dev clean
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
(($# == 0)) || wrong "./dev clean does not know '$1'"
rm -rf "$root/build"
done_in "removed build/" "$started_ms"
