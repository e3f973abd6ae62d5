#!/bin/sh
# usage: install-packages.sh LIST...
#
# Installs the Debian packages that the lists name and the machine lacks; does nothing, quickly, if it lacks none.
# "one | other" in a list means whichever this Debian has.
set -eu

is_installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The first one of alternatives that is installed, or else that can be.
chosen() {
  for name in "$@"; do
    if is_installed "$name"; then echo "$name" && return; fi
  done
  for name in "$@"; do
    # A name that other packages only mention is known to apt-cache, too, but has no record of its own.
    if apt-cache show "$name" 2>/dev/null | grep -q '^Package:'; then echo "$name" && return; fi
  done
  echo "$1"
}

missing_ones() {
  cat "$@" | sed 's/#.*//; s/|/ /g' | while read -r names; do
    [ -n "$names" ] || continue
    # shellcheck disable=SC2086  # words are meant to be split
    name=$(chosen $names)
    is_installed "$name" || printf ' %s' "$name"
  done
}

work=$(mktemp)
trap 'rm -f "$work"' EXIT
cat "$@" >"$work"  # lists may be pipes, which are read once
missing=$(missing_ones "$work")
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
  missing=$(missing_ones "$work")
  install
}
