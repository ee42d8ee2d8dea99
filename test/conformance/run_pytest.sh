#!/usr/bin/env bash
## usage: test/conformance/run_pytest.sh ENVIRONMENT PYTEST-ARGUMENTS...
##
## Runs pytest in the pinned Python environment test/requirements-ENVIRONMENT.txt, and for spark
## with its jars. When the environment cannot be had, says why and exits 77, which ctest counts as
## a skip; where CI is set that is a failure. CRANNOG names the program under test.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/steps.sh"

absent() {
  say "skipped: $1"
  [ -n "${CI:-}" ] && exit 1
  exit 77
}

environment=${1:-}
[ $# -ge 2 ] || wrong "run_pytest.sh needs an environment and what to run"
shift
python=$(bash "$root/scripts/venv.sh" "$environment") || absent "no Python environment $environment"
if [ "$environment" = spark ]; then
  command -v java >/dev/null || absent "Spark needs Java 17"
  CRANNOG_SPARK_JARS=$(bash "$root/test/conformance/jars.sh" spark) || absent "no jars for Spark"
  export CRANNOG_SPARK_JARS
fi
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
exec "$python" -W ignore -m pytest -q -rs -p no:cacheprovider "$@"
