#!/bin/bash
set -euo pipefail

usage() {
  cat <<'END'
usage: packaging/on-debian.sh SUITE COMMAND...

Runs a command in a copy of these sources on another Debian (SUITE: bookworm, trixie), whose root file system is made the
first time and kept in build/roots/SUITE; the sources are in its /src. Compilers share this machine's cache (ccache).
Needs root, and mmdebstrap.
END
}

case ${1:-} in --help | -h) usage && exit 0 ;; esac
[ $# -ge 2 ] || { usage >&2 && exit 64; }
suite=$1
shift

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD/build/roots/$suite
mkdir -p build/roots
if [ ! -e "$root/src" ]; then
  packaging/root-file-system.sh "$suite" "$root" --include=ca-certificates,ccache,git
  mkdir "$root/src" "$root/ccache"
fi
# What is not the sources', such as /src/build, stays for the next time; what no longer is one of them goes.
sources=$root/sources
git ls-files -z --cached --others --exclude-standard | sort -z >"$sources.new"
xargs -0 cp --parents --no-dereference --preserve --target-directory "$root/src" <"$sources.new"
[ ! -e "$sources" ] || comm -z -23 "$sources" "$sources.new" | (cd "$root/src" && xargs -0 rm -f)
mv "$sources.new" "$sources"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cache=$(ccache --get-config cache_dir)
mkdir -p "$cache"

registry=$(npm config get registry 2>/dev/null || true)  # this machine's

# Mounts end with the command.
export root cache registry
exec unshare --mount --propagation private bash -euc '
  mount --bind "$cache" "$root/ccache"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
  exec env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CCACHE_DIR=/ccache \
    DEBIAN_FRONTEND=noninteractive ${registry:+npm_config_registry="$registry"} chroot "$root" sh -c "cd /src && exec \"\$@\"" sh "$@"
' bash "$@"
