#!/bin/bash
set -euo pipefail

usage() {
  cat <<'END'
usage: packaging/packages.sh [--preset NAME] [--release TEXT]

Builds packages for the Debian that it runs on: fermata, fermata-sdk-dev and fermata-viewer-ohif, into build/NAME/packages.
Installs what that takes first; the web page is built, and the viewer fetched, with npm.

  --preset NAME    a preset of CMake other than release; tests are no part of the packages
  --release TEXT   what follows Fermata's version in that of the packages; 1~deb12 on Debian 12
END
}

preset=release
settings=()
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?} && shift 2 ;;
    --release) settings+=("-DFERMATA_PACKAGE_RELEASE=${2:?}") && shift 2 ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 64 ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
packaging/install-packages.sh packaging/packages-build.txt <(printf 'catch2\ndpkg-dev\nfile\n')
command -v npm >/dev/null || packaging/install-packages.sh <(printf 'nodejs\nnpm\n')
if command -v ccache >/dev/null; then
  settings+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake --preset "$preset" "${settings[@]}" --log-level=WARNING >/dev/null
cmake --build --preset "$preset" --parallel "$(packaging/compilers-at-once.sh)" --target packaged
rm -f "build/$preset/packages"/*.deb
(cd "build/$preset" && cpack)
