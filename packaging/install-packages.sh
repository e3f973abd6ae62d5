#!/bin/sh
# usage: install-packages.sh LIST...
#
# Installs the Debian packages that the lists name and the machine lacks; does nothing, quickly, if it lacks none.
set -eu

wanted=$(cat "$@" | sed 's/#.*//')
missing=""
for package in $wanted; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root="env"
elif command -v sudo >/dev/null; then
  as_root="sudo env"
else
  echo "These packages are missing, and only root may install them:$missing" >&2
  echo "Become root and run: apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

install() {
  # shellcheck disable=SC2086  # words are meant to be split
  $as_root DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends $missing
}

echo "Installing:$missing"
# The package lists are fetched only when the ones at hand won't do.
install || {
  $as_root apt-get update --quiet
  install
}
