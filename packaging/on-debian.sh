#!/bin/bash
set -euo pipefail

usage() {
  cat <<'END'
usage: packaging/on-debian.sh [--also ARCHITECTURE] SUITE COMMAND...

Runs a command in a copy of these sources on another Debian (SUITE: bookworm, trixie), whose root file system is made the
first time and kept in build/roots/SUITE; the sources are in its /src. Compilers share this machine's cache (ccache).
Needs root, and mmdebstrap.

  --also ARCHITECTURE   packages of this architecture can be installed beside those of the machine's own, to build for it
                        (packaging/packages.sh --architecture); kept in build/roots/SUITE-ARCHITECTURE
END
}

also=
case ${1:-} in
  --help | -h) usage && exit 0 ;;
  --also) also=${2:?} && shift 2 ;;
esac
[ $# -ge 2 ] || { usage >&2 && exit 64; }
suite=$1
shift

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD/build/roots/$suite${also:+-$also}
mkdir -p build/roots
if [ ! -e "$root/src" ]; then
  packaging/root-file-system.sh "$suite" "$root" --include=ca-certificates,ccache,git \
    ${also:+--architectures="$(dpkg --print-architecture),$also"}
  mkdir "$root/src" "$root/ccache"
fi
# What is not the sources', such as /src/build, stays for the next time; what no longer is one of them goes. What has changed
# is newer than all that was built of it, though it may have been changed while that was being built.
sources=$root/sources
git ls-files -z --cached --others --exclude-standard | sort -z >"$sources.new"
while IFS= read -r -d '' file; do
  cmp --silent -- "$file" "$root/src/$file" ||
    cp --parents --no-dereference --preserve=mode,links --target-directory "$root/src" -- "$file"
done <"$sources.new"
[ ! -e "$sources" ] || comm -z -23 "$sources" "$sources.new" | (cd "$root/src" && xargs -0 rm -f)
mv "$sources.new" "$sources"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cache=$(ccache --get-config cache_dir)
mkdir -p "$cache"

# This machine's, where it reaches others through something that has a certificate of its own.
registry=$(npm config get registry 2>/dev/null || true)
certificates=/etc/this-machines-certificates.pem
cp /etc/ssl/certs/ca-certificates.crt "$root$certificates" 2>/dev/null || certificates=

# Mounts end with the command.
export root cache registry certificates
exec unshare --mount --propagation private bash -euc '
  mount --bind "$root" "$root"  # what is mounted there can be made private, as in a machine of its own
  mount --bind "$cache" "$root/ccache"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
  exec env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CCACHE_DIR=/ccache \
    DEBIAN_FRONTEND=noninteractive ${registry:+npm_config_registry="$registry"} ${certificates:+NODE_EXTRA_CA_CERTS="$certificates" SSL_CERT_FILE="$certificates"} chroot "$root" sh -c "cd /src && exec \"\$@\"" sh "$@"
' bash "$@"
