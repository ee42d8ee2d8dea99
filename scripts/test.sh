## usage: ./dev test [NAME] [--build release|debug|asan|tsan]
##
## Builds, then runs the tests: unit tests of every folder, SQL files (test/sql), fault, model and
## golden tests, the fuzz corpora, the blocks of README.md and docs/, and tidy. NAME runs those
## whose name contains it. What failed is printed whole, with the command that runs it alone.
##
##   peers           the slow tests against the real other systems (Spark and others); else left out
##   --build KIND    the build to test; release by default
##
## examples:
##   ./dev test
##   ./dev test sql
##   ./dev test catalog --build asan
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

kind=release
name=""
while (($#)); do
  case "$1" in
    --build) [ $# -ge 2 ] || wrong "--build needs a kind"; kind=$2; shift ;;
    -*) wrong "./dev test does not know '$1'" ;;
    *) [ -z "$name" ] || wrong "./dev test takes one NAME"; name=$1 ;;
  esac
  shift
done
[[ "$kind" =~ ^(release|debug|asan|tsan)$ ]] || wrong "there is no build '$kind'"

bash "$root/scripts/build.sh" "$kind"
left_out=peers
case "$kind" in asan | tsan) left_out='peers|text' ;; esac
chosen=(-LE "$left_out")
if [ "$name" = peers ]; then
  chosen=(-L peers)
elif [ -n "$name" ]; then
  chosen+=(-R "$name")
fi
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$root/test/lsan.supp:print_suppressions=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
begin=$(now_ms)
if ! ctest --test-dir "$root/build/tree/$kind" "${chosen[@]}" -j "$(nproc)" \
  --output-on-failure --no-tests=error; then
  die "tests failed on the $kind build ($(seconds_since "$begin"))" \
    "one of them alone: ./dev test NAME --build $kind"
fi
done_in "test ${name:-all} ($kind)" "$begin"
