## usage: ./dev fresh [COMMAND...]
##
## Proves that the README is the whole truth: makes an empty Debian 12 root (debootstrap), copies
## the checkout into it and runs the README's two commands there, `./dev demo` and `./dev test`,
## or the COMMANDs given. Package mirrors, proxies and certificates are those of this machine,
## read from apt and the environment when it runs. Needs root. The empty root is kept in
## ~/.cache/crannog/fresh for the next time; the used one is removed when all went well.
##
## examples:
##   ./dev fresh
##   ./dev fresh './dev setup' './dev setup'
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

commands=("$@")
((${#commands[@]})) || commands=('./dev demo' './dev test')
[ "$(id -u)" = 0 ] || die "./dev fresh makes a root file system and needs root" "sudo ./dev fresh"
install_packages debootstrap
fresh="$CRANNOG_DEPS/fresh"
used="$fresh/root"
mkdir -p "$fresh"

# The machine's own Debian repositories, a line each: address, release, component.
repositories() {
  apt-get indextargets --format '$(ORIGIN)|$(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' | sed -n 's/^Debian|//p' | sort -u
}

make_base() {
  local mirror
  [ -n "$(repositories)" ] || apt-get -q update
  mirror=$(repositories | awk '$2 == "bookworm" { print $1; exit }')
  [ -n "$mirror" ] || {
    echo "apt knows no mirror of Debian 12 (bookworm)"
    return 1
  }
  rm -rf "$fresh/base.new" "$fresh/base"
  debootstrap --variant=minbase bookworm "$fresh/base.new" "$mirror" &&
    mv "$fresh/base.new" "$fresh/base"
}

# What of this machine's network set-up the new root needs.
give_network() {
  cp -L /etc/resolv.conf /etc/hosts "$used/etc/"
  rm -rf "$used"/etc/apt/sources.list "$used"/etc/apt/sources.list.d/*
  repositories | sed 's/^/deb /' >"$used/etc/apt/sources.list"
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)' \
    >"$used/etc/apt/apt.conf.d/90machine" || true
  # The package ca-certificates takes these into its bundle when it is installed.
  mkdir -p "$used/usr/local/share/ca-certificates"
  cp -L /usr/local/share/ca-certificates/*.crt "$used/usr/local/share/ca-certificates/" \
    2>/dev/null || true
}

# Proxies, certificates and registries of the environment, as NAME=VALUE.
machine_environment() {
  env | grep -iE '^((http|https|ftp|all|no)_proxy|npm_config_registry|npm_config_cafile)=' || true
  env | grep -E '^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|PIP_CERT|PIP_INDEX_URL)=' || true
  env | grep -E '^(PIP_EXTRA_INDEX_URL|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)=' || true
}

make_used() {
  rm -rf "$used"
  cp -a "$fresh/base" "$used" && give_network
  local file
  # Certificate files that no package of the new root would make.
  machine_environment | cut -d= -f2- | while read -r file; do
    case "$file" in /etc/ssl/certs*) continue ;; esac
    if [ -f "$file" ]; then install -D -m 644 "$file" "$used$file"; fi
  done
  mkdir -p "$used/crannog"
  tar -C "$root" --exclude=./build --exclude=./.git -cf - . | tar -C "$used/crannog" -xf -
}

# The mounts live in a name space of their own and end with the command, however it ends.
inside() {
  mapfile -t variables < <(machine_environment)
  unshare --mount --propagation private bash -euc '
    mount --rbind /dev "$0/dev"
    mount -t proc proc "$0/proc" 2>/dev/null || mount --rbind /proc "$0/proc"
    exec chroot "$@"' "$used" "$used" /usr/bin/env -i HOME=/root LANG=C.UTF-8 CI=true \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${variables[@]}" \
    bash -c "cd /crannog && $1" </dev/null
}

[ -d "$fresh/base" ] || step "debootstrap an empty Debian 12" make_base ||
  die "debootstrap failed" "the lines above say why"
step "copy the empty root and the checkout" make_used || die "could not make $used"
report=()
for command in "${commands[@]}"; do
  begin=$(now_ms)
  say "  in an empty Debian 12: $command"
  inside "$command" || die "'$command' failed in an empty Debian 12 ($(seconds_since "$begin"))" \
    "look around: chroot $used"
  report+=("$(done_in "  $command" "$begin")")
done
printf '%s\n' "${report[@]}"
du -sh "$used" | awk '{ print "  disk used: " $1 }'
rm -rf "$used"
done_in "fresh: all passed" "$started_ms"
