#!/bin/sh
# usage: plugins/admin/web/build.sh DESTINATION
#
# Builds the web application into the folder DESTINATION. It needs npm and node (Debian: nodejs, npm), and the network.
# Where node is too old for the build tools (Debian 12 has 18), a newer one is fetched from the npm registry for the build.
set -eu

if [ $# != 1 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 64
fi
for program in npm node; do
  command -v "$program" >/dev/null || {
    echo "The web application is built with $program, which is not here. On Debian: apt-get install nodejs npm" >&2
    exit 1
  }
done

source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
destination=$(cd "$1" && pwd)
cd "$source"

is_new_enough='const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
if ! node -e "$is_new_enough"; then
  newer=$(mktemp -d)
  trap 'rm -rf "$newer"' EXIT
  npm install --prefix "$newer" --loglevel=error --no-audit --no-fund node@22
  PATH=$newer/node_modules/node/bin:$PATH
  export PATH
fi
npm ci --loglevel=error --no-audit --no-fund
FERMATA_WEB_OUT=$destination npm run --silent build
