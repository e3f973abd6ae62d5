#!/bin/bash
set -euo pipefail

usage() {
  cat <<'END'
usage: packaging/quickstart.sh [--build-only]

Installs the Debian packages that Fermata is built with, builds it, and starts it in the foreground with
config/quickstart.yaml. Ctrl-C stops it. The second time it only builds what has changed. The web page is built, and the
OHIF viewer fetched, with npm, which is installed for that; FERMATA_VIEWER=no does without the viewer.

  --build-only   don't start it

Environment: FERMATA_VIEWER and what else config/quickstart.yaml explains.
END
}

start=yes
for option in "$@"; do
  case $option in
    --build-only) start=no ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 64 ;;
  esac
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if ! command -v apt-get >/dev/null; then
  echo "This script is for Debian 12. Elsewhere, install what packaging/packages-build.txt names, then:" >&2
  echo "  cmake --preset release && cmake --build --preset release" >&2
  exit 1
fi
"$root/packaging/install-packages.sh" "$root/packaging/packages-build.txt"

launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi

# Presets are found in the current folder, but a relative FERMATA_DATA is meant where the reader stands.
(
  cd "$root"
  cmake --preset release "${launcher[@]}" --log-level=WARNING >/dev/null
  cmake --build --preset release --parallel "$(packaging/compilers-at-once.sh)"
)
fermata=$root/build/release/bin/fermata

# What npm brings. The archive works without it: where something can't be fetched, it goes on.
from_npm() {
  command -v npm >/dev/null || "$root/packaging/install-packages.sh" <(printf 'nodejs\nnpm\n') || return
  (cd "$root" && cmake --build --preset release --target "$1")
}
from_npm admin-web || echo "The archive starts without its web page: it could not be built." >&2
if [ "${FERMATA_VIEWER:-yes}" != no ] && ! from_npm viewer-ohif-files; then
  echo "The archive starts without the OHIF viewer: it could not be fetched." >&2
  export FERMATA_VIEWER=no
fi
[ "$start" = yes ] || exit 0

title=${FERMATA_AET:-FERMATA}
port=${FERMATA_DIMSE_PORT:-11112}
peer="-aec $title 127.0.0.1 $port"
cat <<END

Fermata starts as $title on port $port and keeps its data in $(realpath --canonicalize-missing "${FERMATA_DATA:-data}").
Its web page is http://127.0.0.1:${FERMATA_HTTP_PORT:-8080}: the first time, open the link that it shows below.
Leave it running, and type in another terminal (the tools come with Debian's package dcmtk; FOLDER has DICOM files):

  echoscu $peer
  dcmsend -nh +sd +r $peer FOLDER
  findscu -S -k QueryRetrieveLevel=STUDY -k PatientName -k StudyInstanceUID $peer
  getscu -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=UID -od . $peer
  movescu -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=UID --port 11113 -od . $peer

README.md goes on from here: viewers on other machines, backups, and what comes next.

END
exec "$fermata" serve --config "$root/config/quickstart.yaml"
