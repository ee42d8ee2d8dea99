## usage: ./dev tidy [--no-format]
##
## Checks the house rules over the whole tree in seconds: layers and includes, names, lengths,
## READMEs, dead files, fuzz targets, links of the documents, formatting. Each finding is a line
## `file:line: rule: what`, and each rule's reason is printed once. scripts/tidy/ holds the rules,
## docs/ARCHITECTURE.md the layers.
##
##   --no-format   leave out clang-format
##
## examples:
##   ./dev tidy
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
exec python3 "$root/scripts/tidy" "$root" "$@"
