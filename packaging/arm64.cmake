# The toolchain that builds for arm64 on another machine, with the compilers of crossbuild-essential-arm64 and the libraries
# of Debian's architecture arm64 beside the machine's own: packaging/packages.sh --architecture arm64.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(PKG_CONFIG_EXECUTABLE /usr/bin/aarch64-linux-gnu-pkg-config)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)  # runs what was built: tests
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
