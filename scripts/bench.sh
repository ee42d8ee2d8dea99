## usage: ./dev bench NAME [--json] [ARGUMENTS]
##
## Builds the release, then runs the benchmark NAME: bench/NAME.py, or the program of
## bench/NAME.cc or bench/*_NAME.cc. Each prints its figure, the peer's figure of the same run,
## the ratio, the spread and the target; with --json one object a line. Run on an otherwise idle
## machine.
##
## examples:
##   ./dev bench commits
##   ./dev bench tpch --json
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

available() {
  find "$root/bench" -maxdepth 1 \( -name '*.cc' -o -name '*.py' \) -printf '%f\n' |
    sed 's/\.[a-z]*$//' | sort -u | tr '\n' ' '
}
name=${1:-}
[ -n "$name" ] || wrong "./dev bench needs a NAME; there are: $(available)"
shift

tree="$root/build/tree/release"
if [ -f "$root/bench/$name.py" ]; then
  bash "$root/scripts/build.sh" release crannog >&2
  CRANNOG="$root/build/release/crannog" exec python3 "$root/bench/$name.py" "$@"
fi
mapfile -t sources < <(find "$root/bench" -maxdepth 1 \
  \( -name "$name.cc" -o -name "*_$name.cc" \) | sort)
((${#sources[@]})) || wrong "there is no benchmark '$name'; there are: $(available)"
programs=()
for source in "${sources[@]}"; do programs+=("bench_$(basename "$source" .cc)"); done
bash "$root/scripts/build.sh" release "${programs[@]}" >&2
for program in "${programs[@]}"; do "$tree/bench/$program" "$@"; done
