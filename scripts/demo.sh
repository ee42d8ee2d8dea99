## usage: ./dev demo [NAME] [--scale N]
##
## Sets up, builds, and runs the examples (all of examples/, or NAME) from raw data to a report,
## each in a fresh lake under build/demo/NAME that stays there to be looked at.
##
##   --scale N   N times the data, where the example makes its own
##
## examples:
##   ./dev demo
##   ./dev demo flights
##   ./dev demo ecommerce --scale 1000
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

name=""
arguments=()
while (($#)); do
  case "$1" in
    --scale)
      [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || wrong "--scale needs a whole number above zero"
      arguments+=(--scale "$2")
      shift
      ;;
    -*) wrong "./dev demo does not know '$1'" ;;
    *) [ -z "$name" ] || wrong "./dev demo takes one NAME"; name=$1 ;;
  esac
  shift
done

mapfile -t known < <(find "$root/examples" -mindepth 2 -maxdepth 2 -name run -printf '%h\n' \
  2>/dev/null |
  xargs -r -n 1 basename | sort)
names=("${known[@]}")
if [ -n "$name" ]; then
  [ -x "$root/examples/$name/run" ] || wrong "there is no example '$name'; there are: ${known[*]}"
  names=("$name")
fi
((${#names[@]})) || die "no example is in examples/"

bash "$root/scripts/build.sh" release crannog
export CRANNOG="$root/build/release/crannog"
for each in "${names[@]}"; do
  begin=$(now_ms)
  say ""
  "$root/examples/$each/run" "${arguments[@]}" ||
    die "the example $each failed" "its lines above say at which step; again: ./dev demo $each"
  done_in "example $each" "$begin"
done
