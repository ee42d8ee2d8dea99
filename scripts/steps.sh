# Sourced by the other scripts: where things are, and lines that say what goes on and how long
# it took.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CRANNOG_DEPS=${CRANNOG_DEPS:-${HOME:-/root}/.cache/crannog}
export CRANNOG_DEPS

now_ms() { date +%s%3N; }
started_ms=$(now_ms)

# seconds_since MS: "3.2 s", "2 min 05 s"
seconds_since() {
  local ms=$(($(now_ms) - $1))
  if ((ms < 60000)); then
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
  else
    printf '%d min %02d s' $((ms / 60000)) $((ms / 1000 % 60))
  fi
}

say() { printf '%s\n' "$*"; }
done_in() { printf '%-52s %s\n' "$1" "$(seconds_since "$2")"; }

# die WHAT [WHAT TO DO NEXT]: exit 1.
die() {
  printf 'error: %s\n' "$1" >&2
  if [ $# -gt 1 ]; then printf '       %s\n' "${@:2}" >&2; fi
  exit 1
}
# wrong WHAT: the command line is not understood; exit 2.
wrong() {
  printf 'error: %s (try --help)\n' "$1" >&2
  exit 2
}

# step WHAT COMMAND...: runs it quietly with a line and a time; shows its output only when it fails.
step() {
  local what=$1 begin log
  shift
  begin=$(now_ms)
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then
    done_in "  $what" "$begin"
    rm -f "$log"
  else
    local code=$?
    tail -n 25 "$log" | sed 's/^/    /' >&2
    rm -f "$log"
    return "$code"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    printf 'installing packages needs root: run as root, or install sudo\n' >&2
    return 1
  fi
}

# missing_packages NAME...: those not installed, a line each.
missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^installed //p' | sort -u)
}

# install_packages NAME...: those that are missing; the package lists are refreshed only when
# they do not know a name.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) && return 0
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  if ! step "apt-get install (${#missing[@]} packages)" \
    "${apt[@]}" install --no-install-recommends "${missing[@]}" 2>/dev/null; then
    step "apt-get update" "${apt[@]}" update ||
      die "apt-get update failed" "check the network and /etc/apt, then rerun ./dev setup"
    step "apt-get install (${#missing[@]} packages)" \
      "${apt[@]}" install --no-install-recommends "${missing[@]}" ||
      die "apt-get could not install: ${missing[*]}" \
        "the last lines above say why; mend it, then rerun ./dev setup"
  fi
}
