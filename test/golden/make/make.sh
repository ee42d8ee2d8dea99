#!/usr/bin/env bash
## usage: test/golden/make/make.sh pyiceberg|spark|java|duckdb|crosscheck [CASE...]
##
## Makes golden tables anew (or one writer's cases) and their expected rows, replacing those in the
## tree. crosscheck ENGINE [WRITER/CASE...] reads them by an engine that did not write them.
source "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/steps.sh"

here="$root/test/golden/make"
writer=${1:-}
[ -n "$writer" ] || wrong "make.sh needs a writer"
shift
environment() { bash "$root/scripts/venv.sh" "$1"; }
jars() { bash "$root/test/conformance/jars.sh" "$1"; }
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
cd "$(mktemp -d)"  # Spark leaves folders where it runs
case "$writer" in
  pyiceberg) exec nice "$(environment recipes)" -W ignore "$here/pyiceberg_tables.py" "$@" ;;
  spark)
    CRANNOG_SPARK_JARS=$(jars spark) exec nice "$(environment spark)" "$here/spark_tables.py" "$@"
    ;;
  java)
    CRANNOG_SPARK_JARS=$(jars spark) CRANNOG_JAVA_JARS=$(jars java) \
      exec nice "$(environment spark)" "$here/java_tables.py" "$@"
    ;;
  duckdb)
    # The reference server binds every interface, so it gets a network of its own.
    python=$(environment recipes)
    CRANNOG_REST_JARS=$(jars rest) exec nice unshare --net \
      bash -c 'ip link set lo up && exec "$0" "$@"' "$python" "$here/duckdb_tables.py" "$@"
    ;;
  crosscheck)
    engine=${1:-}
    kind=iceberg
    [ "$engine" != spark ] || kind=spark
    CRANNOG_SPARK_JARS=$([ "$kind" = iceberg ] || jars spark) \
      exec nice "$(environment "$kind")" -W ignore "$here/crosscheck.py" "$@"
    ;;
  *) wrong "there is no writer '$writer'" ;;
esac
