#pragma once
#include <chrono>
#include <filesystem>

namespace fermata::host {

/// Loads a library in a process of its own: one that stalls or crashes in its initialisers does so there. A thread that
/// stalls in them could not be left behind, since it holds the loader's lock, without which no program goes on for
/// long.
///
/// **Errors**: Error with what it did instead of being loaded. None if the loader refuses it: loading it will tell why.
void try_library(const std::filesystem::path& path, std::chrono::milliseconds limit);

}  // namespace fermata::host
