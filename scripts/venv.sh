## usage: scripts/venv.sh NAME
##
## Prints the python of a virtual environment with the pinned packages of test/requirements-
## NAME.txt, making it when it is not there. A changed file makes a new one; several callers at
## once wait for the first.
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

name=${1:-}
requirements="$root/test/requirements-$name.txt"
[ -f "$requirements" ] || wrong "there is no $requirements"
digest=$(sha256sum <"$requirements" | cut -c 1-12)
venv="$CRANNOG_DEPS/venv/$name-$digest"

mkdir -p "$CRANNOG_DEPS/venv"
exec 9>"$CRANNOG_DEPS/venv/.lock-$name"
flock 9
if [ ! -f "$venv/complete" ]; then
  rm -rf "$venv"
  {
    step "make the python environment $name" python3 -m venv "$venv" &&
      step "fetch its packages" "$venv/bin/python" -m pip install -q -r "$requirements"
  } >&2 || die "could not make the python environment $name" "check the network, then run it again"
  touch "$venv/complete"
fi
say "$venv/bin/python"
