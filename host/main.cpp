#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "exit_code.hpp"
#include "fermata/error.hpp"
#include "options.hpp"
#include "program.hpp"

namespace {

/// glibc gives up to eight heaps to each processor, and each keeps what was free in it: for a program of many threads
/// that rest for the most time, twice the memory and no gain in speed (docs/performance.md).
void limit_heaps() {
  if (std::getenv("MALLOC_ARENA_MAX") == nullptr)
    ::mallopt(M_ARENA_MAX, static_cast<int>(std::max(2u, std::thread::hardware_concurrency())));
}

}  // namespace

int main(int argc, char** argv) {
  using namespace fermata::host;
  limit_heaps();
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return Program(Options::parse(words, process_environment())).run();
  } catch (const fermata::Error& e) {
    std::cerr << "fermata: " << e.what() << '\n';
    return static_cast<int>(ExitCode::usage);
  } catch (const std::exception& e) {
    std::cerr << "fermata: internal error: " << e.what() << '\n';
    return static_cast<int>(ExitCode::failure);
  }
}
