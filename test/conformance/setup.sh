#!/usr/bin/env bash
# Installs the peers that the conformance tests read with, outside the tree.
#   setup.sh light   PyIceberg, DuckDB with its own Iceberg extension, pytest   (10 s, 0.4 GB)
#   setup.sh spark   Spark 3.5 with iceberg-spark-runtime; needs Java 17 and Maven (1 min, 0.7 GB)
#   setup.sh golden  what only the recipes of test/golden/make need, on top of both
# They land in $CRANNOG_PEERS (default ~/.cache/crannog/peers); a second run is a no-op.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
peers=${CRANNOG_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/crannog/peers}
spark=3.5.7 iceberg=1.11.0
mkdir -p "$peers"

stamp_is() { [ "$(cat "$peers/$1.stamp" 2>/dev/null)" = "$2" ]; }

venv() { # name requirements-file
  local want
  want=$(sha256sum <"$2")
  if stamp_is "$1" "$want"; then return; fi
  python3 -m venv "$peers/$1"
  "$peers/$1/bin/pip" install -q -r "$2" ||
    { echo "could not install $2 into $peers/$1: check the network, then run this again" >&2; exit 1; }
  echo "$want" >"$peers/$1.stamp"
}

jars() { # directory group:artifact:version...
  local dir=$1 deps='' g a v want; shift
  want="$*"
  if stamp_is "$dir" "$want"; then return; fi
  for c in "$@"; do
    IFS=: read -r g a v <<<"$c"
    deps+="<dependency><groupId>$g</groupId><artifactId>$a</artifactId><version>$v</version><exclusions>"
    deps+="<exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>"
  done
  local work
  work=$(mktemp -d)
  cat >"$work/pom.xml" <<X
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>crannog</groupId><artifactId>peers</artifactId><version>1</version>
<dependencies>$deps</dependencies></project>
X
  rm -rf "${peers:?}/$dir"
  mvn -B -q -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$peers/$dir" ||
    { echo "Maven could not copy $want: check the network, then run this again" >&2; exit 1; }
  rm -r "$work"
  echo "$want" >"$peers/$dir.stamp"
}

for what in "${@:-light}"; do
  case $what in
    light) venv light "$here/requirements.txt" ;;
    spark)
      venv spark "$here/requirements-spark.txt"
      jars jars "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:$iceberg" org.xerial:sqlite-jdbc:3.51.1.0
      ;;
    golden)
      venv light "$here/requirements.txt"
      "$peers/light/bin/pip" install -q sqlalchemy==2.0.45
      jars java-jars org.apache.commons:commons-lang3:3.18.0
      ;;
    *) echo "usage: setup.sh [light] [spark] [golden]" >&2; exit 2 ;;
  esac
done
echo "peers are in $peers"
