## usage: ./dev fmt [--check]
##
## Formats every C++ file with clang-format 14 and .clang-format. With --check it changes nothing
## and exits 1 when a file would change (./dev tidy does that too).
##
## examples:
##   ./dev fmt
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

how=(-i)
case "${1:-}" in
  "") ;;
  --check) how=(--dry-run -Werror) ;;
  *) wrong "./dev fmt does not know '$1'" ;;
esac
CRANNOG_QUIET=1 bash "$root/scripts/setup.sh"
find "$root/src" "$root/test" "$root/bench" \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 -r -n 20 -P "$(nproc)" clang-format-14 "${how[@]}"
done_in "format" "$started_ms"
