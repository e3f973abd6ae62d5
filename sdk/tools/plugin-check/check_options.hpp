#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace fermata::plugin_check {

/// The command line. **Errors**: Error invalid with a sentence for who typed it.
struct CheckOptions {
  std::filesystem::path library;
  std::optional<std::filesystem::path> config;
  std::optional<std::regex> include;  ///< found in "suite: case"
  std::optional<std::filesystem::path> junit;
  std::chrono::seconds limit{60};
  bool list = false;
  bool large = false;
  bool in_memory = false;
  bool help = false;
  bool version = false;

  static CheckOptions parse(const std::vector<std::string>& words);
  static std::string usage();
};

}  // namespace fermata::plugin_check
