#pragma once
#include <chrono>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace fermata::plugin_check {

/// How one case went.
struct Result {
  enum class Kind { passed, failed, crashed, hung, skipped };
  std::string suite;
  std::string name;
  Kind kind = Kind::passed;
  std::string what;    ///< of a crash, a hang or what was skipped: one line
  std::string output;  ///< what the case has written
  std::chrono::duration<double> time{};

  bool good() const { return kind == Kind::passed || kind == Kind::skipped; }
};

/// One line, and what a case that went wrong has written.
void print(const Result& result, std::ostream& out);
/// "41 passed, 1 failed, 2 skipped"
std::string total(const std::vector<Result>& results);
/// **Errors**: Error io.
void write_junit(const std::filesystem::path& file, const std::string& plugin, const std::vector<Result>& results);

}  // namespace fermata::plugin_check
