#!/bin/sh
# usage: plugins/viewer-ohif/fetch.sh DESTINATION
#
# Fetches the OHIF viewer from the npm registry, in the version and with the checksum that package-lock.json names, and
# puts what the plugin serves into the folder DESTINATION. It needs npm and node (Debian: nodejs, npm), and the network.
set -eu

if [ $# != 1 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
for program in npm node; do
  command -v "$program" >/dev/null || {
    echo "The OHIF viewer is fetched with $program, which is not here. On Debian: apt-get install nodejs npm" >&2
    exit 1
  }
done

source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$(dirname "$1")"
destination=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$source/package.json" "$source/package-lock.json" "$work"
npm ci --prefix "$work" --loglevel=error --ignore-scripts --no-audit --no-fund || {
  echo "npm could not fetch the OHIF viewer; the archive works without it" >&2
  exit 1
}
node "$source/prepare.mjs" "$work/node_modules/@ohif/app" "$destination"
