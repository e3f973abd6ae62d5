#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "fermata/testing/temporary_folder.hpp"

using fermata::testing::TemporaryFolder;

inline std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}
