#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "fermata/testing/temporary_folder.hpp"

namespace fermata::worklist::testing {

struct TemporaryFolder : fermata::testing::TemporaryFolder {
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path() / name).rdbuf();
    return text.str();
  }
  bool has(const std::string& name) const { return std::filesystem::exists(path() / name); }
  void remove(const std::string& name) const { std::filesystem::remove(path() / name); }
};

}  // namespace fermata::worklist::testing
