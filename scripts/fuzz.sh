## usage: ./dev fuzz [TARGET [SECONDS]]
##
## Builds test/fuzz/TARGET_fuzz.cc with libFuzzer, ASan and UBSan (clang 16, installed when
## missing) and runs it for SECONDS (60), starting from test/fuzz/corpus/TARGET. New inputs go to
## build/fuzz/TARGET; an input that crashes is kept there as crash-*: mend the parser, then move
## it into the corpus, where every test run replays it.
##
## examples:
##   ./dev fuzz
##   ./dev fuzz avro 600
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

mapfile -t known < <(find "$root/test/fuzz" -maxdepth 1 -name '*_fuzz.cc' -printf '%f\n' |
  sed 's/_fuzz\.cc$//' | sort)
target=${1:-}
if [ -z "$target" ]; then
  say "fuzz targets: ${known[*]}"
  exit 0
fi
seconds=${2:-60}
[ -f "$root/test/fuzz/${target}_fuzz.cc" ] ||
  wrong "there is no fuzz target '$target'; there are: ${known[*]}"
[[ "$seconds" =~ ^[0-9]+$ ]] || wrong "SECONDS is a whole number, not '$seconds'"

CRANNOG_QUIET=1 bash "$root/scripts/setup.sh"
install_packages clang-16 libclang-rt-16-dev
tree="$root/build/tree/fuzz"
[ -f "$tree/build.ninja" ] ||
  step "configure fuzz" cmake -S "$root" --preset fuzz -D "CRANNOG_DEPS=$CRANNOG_DEPS" ||
  die "configuring the fuzz build failed" "the lines above say why"
ninja -C "$tree" --quiet "${target}_fuzz" || die "the fuzz build of $target failed"
done_in "build ${target}_fuzz" "$started_ms"

found="$root/build/fuzz/$target"
mkdir -p "$found"
cd "$found"
"$tree/test/fuzz/${target}_fuzz" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=10 \
  -print_final_stats=1 "$found" "$root/test/fuzz/corpus/$target" ||
  die "$target: an input broke the parser" "it is the newest crash-*, oom-* or timeout-* in $found"
done_in "fuzz $target: nothing found" "$started_ms"
