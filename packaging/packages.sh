#!/bin/bash
set -euo pipefail

usage() {
  cat <<'END'
usage: packaging/packages.sh [--preset NAME] [--release TEXT] [--architecture arm64]

Builds packages for the Debian that it runs on: fermata, fermata-sdk-dev and fermata-viewer-ohif, into build/NAME/packages.
Installs what that takes first; the web page is built, and the viewer fetched, with npm.

  --preset NAME          a preset of CMake other than release; tests are no part of the packages
  --release TEXT         what follows Fermata's version in that of the packages; 1~deb12 on Debian 12
  --architecture arm64   packages for this architecture, which this machine need not be of, into build/NAME-arm64/packages;
                         its libraries are installed beside the machine's own (once: dpkg --add-architecture arm64)
END
}

preset=release
architecture=
settings=()
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?} && shift 2 ;;
    --release) settings+=("-DFERMATA_PACKAGE_RELEASE=${2:?}") && shift 2 ;;
    --architecture) architecture=${2:?} && shift 2 ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 64 ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
what_it_takes() {
  cat packaging/packages-build.txt
  printf 'catch2\ndpkg-dev\nfile\n'
}
build=build/$preset
case $architecture in
  "") packaging/install-packages.sh <(what_it_takes) ;;
  arm64)
    # Tools are the machine's own, libraries are not.
    packaging/install-packages.sh <(what_it_takes | sed -E 's/\b(lib|zlib)[^ ]+/&:arm64/g') <(echo crossbuild-essential-arm64)
    build+=-arm64
    settings+=(--toolchain packaging/arm64.cmake)
    export DEB_HOST_ARCH=arm64  # whose libraries the packages depend on
    ;;
  *) usage >&2 && exit 64 ;;
esac
command -v npm >/dev/null || packaging/install-packages.sh <(printf 'nodejs\nnpm\n')
if command -v ccache >/dev/null; then
  settings+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake --preset "$preset" -B "$build" "${settings[@]}" --log-level=WARNING >/dev/null
CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 cmake --build "$build" --parallel "$(packaging/compilers-at-once.sh)" --target packaged
rm -f "$build/packages"/*.deb
(cd "$build" && cpack)
