## usage: ./dev build [release|debug|asan|tsan] [--werror] [TARGET...]
##
## Sets up when needed, configures and builds. The program of the release build is
## build/release/crannog with its shared libraries beside it: the folder runs on any Debian 12.
## Object files are under build/tree/.
##
##   --werror   warnings are errors (they are by default; this sets it back where it was turned off)
##
## examples:
##   ./dev build
##   ./dev build asan
##   ./dev build debug catalog_test
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

kind=release
options=()
targets=()
for argument in "$@"; do
  case "$argument" in
    release | debug | asan | tsan) kind=$argument ;;
    --werror) options+=(-D CRANNOG_WERROR=ON) ;;
    -*) wrong "./dev build does not know '$argument'" ;;
    *) targets+=("$argument") ;;
  esac
done

# Checkouts at other paths share what was compiled: no path of this one is in the cache's keys.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros,locale

CRANNOG_QUIET=1 bash "$root/scripts/setup.sh"
tree="$root/build/tree/$kind"
if [ ! -f "$tree/build.ninja" ] || ((${#options[@]})); then
  mkdir -p "$tree"
  step "configure $kind" cmake -S "$root" --preset "$kind" \
    -D "CRANNOG_DEPS=$CRANNOG_DEPS" -D "CRANNOG_DIST=$root/build/$kind" "${options[@]}" || {
    rm -f "$tree/build.ninja"
    die "configuring the $kind build failed" "the lines above say why"
  }
fi

# On a terminal ninja keeps one moving line. In a log: a line now and then, and all that went wrong.
sparse() {
  local line shown
  shown=$(now_ms)
  while IFS= read -r line; do
    case "$line" in
      "  ["*)
        (($(now_ms) - shown < 30000)) && continue
        shown=$(now_ms)
        ;;
      "ninja: "*) [[ "$line" == *failed* ]] || continue ;;
    esac
    printf '%s\n' "$line"
  done
}
compile() { NINJA_STATUS='  [%f/%t %es] ' ninja -C "$tree" "${targets[@]}"; }
if [ -t 1 ]; then compile; else compile | sparse; fi ||
  die "the $kind build failed" \
    "the first error above is the one to mend; then rerun ./dev build $kind"
done_in "build $kind" "$started_ms"
if [ -x "$root/build/$kind/crannog" ] && ((${#targets[@]} == 0)); then
  say "  build/$kind/crannog"
fi
