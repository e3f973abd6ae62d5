#pragma once
#include <filesystem>

namespace fermata::host {

/// Whether a shared library is as long as its own headers say. The system's loader does not ask: what is missing at the
/// end of a file that was copied by halves ends the program with SIGBUS. Files that are no libraries count as whole,
/// since the loader says what is wrong with them.
bool is_whole(const std::filesystem::path& library);

}  // namespace fermata::host
