#!/bin/sh
# usage: plugins/admin/web/build.sh DESTINATION
#        plugins/admin/web/build.sh --test
#
# Builds the web application into the folder DESTINATION, or runs its unit tests. It needs npm and node (Debian: nodejs,
# npm), and the network. Where node is too old for the tools (Debian 12 has 18), a newer one is fetched from the npm
# registry for the time of the build.
set -eu

if [ $# != 1 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
for program in npm node; do
  command -v "$program" >/dev/null || {
    echo "The web application is built with $program, which is not here. On Debian: apt-get install nodejs npm" >&2
    exit 1
  }
done

if [ "$1" != --test ]; then
  mkdir -p "$1"
  destination=$(cd "$1" && pwd)
fi
cd "$(dirname "$0")"

is_new_enough='const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
if ! node -e "$is_new_enough"; then
  newer=$(mktemp -d)
  trap 'rm -rf "$newer"' EXIT
  npm install --prefix "$newer" --loglevel=error --no-audit --no-fund node@22
  PATH=$newer/node_modules/node/bin:$PATH
  export PATH
fi
npm ci --loglevel=error --no-audit --no-fund
if [ "$1" = --test ]; then
  npm test --silent
else
  FERMATA_WEB_OUT=$destination npm run --silent build
fi
