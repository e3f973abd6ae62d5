#pragma once
#include <filesystem>
#include <string_view>

namespace fermata::static_files {

/// `relative` as seen from the folder of the shared library that `function` is in: the build tree and an installation
/// are laid out alike. Empty if the system does not say where that is.
std::filesystem::path path_from_library(const void* function, std::string_view relative);

}  // namespace fermata::static_files
