#!/bin/bash
# The last line is the total: "N passed, N failed".
set -uo pipefail

usage() {
  cat <<'END'
usage: packaging/test.sh [stage...]

Installs the Debian packages that the tests need, builds, and runs the stages named, or the first five:

  format   clang-format has nothing to change
  unit     everything that CTest knows, built by GCC
  config   `fermata check` on every file in config/
  system   the built archive in scenarios (pytest, tests/system), as many at a time as there are processors, and one more
  fuzz     libFuzzer on every parser, 20 seconds each (FERMATA_FUZZ_SECONDS)
  tidy     clang-tidy, Clang's static analyzer included, on what is compiled in host/ and plugins/, without tests. Sources that
           passed before and read nothing that has changed are not looked at again. With FERMATA_TIDY_SECONDS it begins
           no further one after so long, and says how many it did not look at
  asan     CTest, the scenarios that store and find and those of HTTP, built by Clang with AddressSanitizer and
           UndefinedBehaviorSanitizer
  tsan     the tests of host and plugins and the scenarios that store and find, built by Clang with ThreadSanitizer
  cppcheck cppcheck on all that is compiled, but for the tests of Catch2
  packages the Debian packages and the container's image, built, and tried on fresh file systems; needs root
  debian13 everything that CTest knows, and the packages, built and tried on Debian 13; needs root
  arm64    the Debian packages for arm64, built here, and run by an emulator; needs root

It exits with 1 if anything failed. Results are left in build/test-results.
END
}

default_stages="format unit config system fuzz"
all_stages="$default_stages tidy asan tsan cppcheck packages debian13 arm64"
case ${1:-} in --help | -h) usage && exit 0 ;; esac
stages=${*:-$default_stages}
for stage in $stages; do
  case " $all_stages " in
    *" $stage "*) ;;
    *) usage >&2 && exit 64 ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
results=$PWD/build/test-results
rm -rf "$results"
mkdir -p "$results"
jobs=$(nproc)
export CTEST_PARALLEL_LEVEL=$jobs
export PYTHONDONTWRITEBYTECODE=1
export LSAN_OPTIONS=suppressions=$PWD/tests/leaks.supp
export TSAN_OPTIONS="suppressions=$PWD/tests/races.supp die_after_fork=0"
export UBSAN_OPTIONS=print_stacktrace=1
export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache

heading() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

# check NAME COMMAND...: one test, passed if the command succeeds
check() {
  local name=$1
  shift
  heading "$name"
  if "$@"; then
    echo "passed $name" >>"$results/checks.txt"
  else
    echo "failed $name" | tee -a "$results/checks.txt"
    return 1
  fi
}

# build PRESET [target...]: everything, if no target is named
build() { check "build $1" build_preset "$@"; }
build_preset() {
  local targets=()
  [ $# = 1 ] || targets=(--target "${@:2}")
  cmake --preset "$1" --log-level=WARNING >/dev/null &&
    cmake --build --preset "$1" --parallel "$jobs" "${targets[@]}"
}

# Their own reports count what they ran; a run that leaves no report counts as one failure.
run_ctest() {
  heading "ctest $1"
  ctest --preset "$1" --no-tests=error --timeout 300 --output-junit "$results/ctest-$1.xml" "${@:2}"
  [ -s "$results/ctest-$1.xml" ] || check "ctest $1" false
}
run_pytest() {
  local preset=$1
  shift
  heading "scenarios $preset"
  FERMATA_BUILD=$PWD/build/$preset /usr/bin/python3 -m pytest -p no:cacheprovider -q --durations=5 -rs \
    --junitxml "$results/pytest-$preset.xml" "$@"
  [ -s "$results/pytest-$preset.xml" ] || check "scenarios $preset" false
}

sources() { git ls-files -z -- "$@"; }
format_is_right() { sources '*.hpp' '*.cpp' '*.h' | xargs -0 clang-format --dry-run -Werror; }
config_is_right() { build/dev/bin/fermata check --config "$1"; }
cppcheck_is_right() {
  local tests=()
  mapfile -t tests < <(git ls-files -- '*_test.cpp')
  cppcheck --project=build/dev/compile_commands.json -j "$jobs" --quiet --error-exitcode=1 \
    --enable=warning,performance,portability --suppressions-list=packaging/cppcheck-suppressions.txt "${tests[@]/#/-i}"
}
peers_from_npm() {
  command -v npm >/dev/null || packaging/install-packages.sh <(printf 'nodejs\nnpm\n')
  for folder in peers browser; do
    [ -d "tests/system/$folder/node_modules" ] || npm ci --silent --no-audit --no-fund --prefix "tests/system/$folder" || return
  done
}

stage_format() { check "clang-format" format_is_right; }
stage_unit() { build dev && run_ctest dev; }
stage_config() {
  build dev || return
  for file in config/*.yaml; do check "$file" config_is_right "$file"; done
}
stage_system() {
  check "peers from npm" peers_from_npm
  build dev || return
  check "the viewer's files" cmake --build --preset dev --target viewer-ohif-files
  check "the web page" cmake --build --preset dev --target admin-web
  check "the web page's own tests" plugins/admin/web/build.sh --test
  run_pytest dev --numprocesses $((jobs + 1)) tests/system
}
stage_asan() {
  build asan && run_ctest asan &&
    run_pytest asan tests/system/test_store_find_get.py tests/system/test_osirix.py tests/system/test_http.py
}
stage_tsan() {
  local plugins tests
  mapfile -t plugins < <(cd plugins && ls -- */plugin.cpp | cut -d / -f 1)
  mapfile -t tests < <(cd plugins && ls -d -- */tests libraries/*/tests | sed 's|/tests$||; s|.*/||; s|$|-tests|')
  build tsan fermata fermata-host-tests "${plugins[@]}" "${tests[@]}" &&
    run_ctest tsan --tests-regex "^($(IFS='|' && echo "fermata-host-tests|${tests[*]}")):" &&
    run_pytest tsan tests/system/test_store_find_get.py
}
stage_tidy() {
  build dev && check "clang-tidy" packaging/tidy.py ${FERMATA_TIDY_SECONDS:+"--seconds=$FERMATA_TIDY_SECONDS"}
}
stage_cppcheck() {
  check "compilation database" cmake --preset dev --log-level=WARNING &&
    check "cppcheck" cppcheck_is_right
}

stage_fuzz() {
  build fuzz fuzzers && check "fuzzers" tests/fuzz/run.py --build build/fuzz --seconds "${FERMATA_FUZZ_SECONDS:-20}"
}
stage_packages() {
  check "what it takes" packaging/install-packages.sh packaging/packages-packaging.txt &&
    check "packages of this Debian" packaging/packages.sh --preset dev &&
    run_pytest dev tests/packages/test_debian.py tests/packages/test_container.py tests/packages/test_docker.py
}
stage_debian13() {
  check "what it takes" packaging/install-packages.sh packaging/packages-packaging.txt || return
  check "Debian 13: ctest" packaging/on-debian.sh trixie packaging/test.sh unit
  check "Debian 13: packages" packaging/on-debian.sh trixie packaging/packages.sh --preset dev &&
    FERMATA_SUITE=trixie FERMATA_PACKAGES=$PWD/build/roots/trixie/src/build/dev/packages \
      run_pytest dev tests/packages/test_debian.py
}
stage_arm64() {
  check "what it takes" packaging/install-packages.sh packaging/packages-packaging.txt || return
  check "arm64: packages" packaging/on-debian.sh --also arm64 "$(. /etc/os-release && echo "$VERSION_CODENAME")" \
    packaging/packages.sh --architecture arm64 && run_pytest dev tests/packages/test_arm64.py
}

check "packages" packaging/install-packages.sh packaging/packages-build.txt packaging/packages-test.txt
for stage in $stages; do "stage_$stage"; done

heading "total"
/usr/bin/python3 packaging/total.py "$results"
