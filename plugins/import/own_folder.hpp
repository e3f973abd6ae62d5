#pragma once
#include <filesystem>
#include <string>

#include "fermata/error.hpp"

namespace fermata::imports {

/// The folder of reports, for the program's own user only, without copies of databases that a killed program has left.
/// **Errors**: io.
inline void make_own_folder(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::exists(folder, error)) {
    fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error) throw Error(Code::io, "the folder of reports " + folder.native() + " can't be made: " + error.message());
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().native().starts_with("copy-")) fs::remove_all(entry.path(), error);
}

}  // namespace fermata::imports
