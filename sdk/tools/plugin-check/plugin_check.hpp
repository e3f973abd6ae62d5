#pragma once
#include <string>
#include <vector>

#include "case.hpp"
#include "check_options.hpp"
#include "exit_code.hpp"
#include "report.hpp"

namespace fermata::plugin_check {

/// The program from its command line to its exit code. The plugin is never loaded into this process: whatever it does,
/// it does to a child.
class PluginCheck {
 public:
  explicit PluginCheck(CheckOptions options) : options_(std::move(options)) {}
  int run();

 private:
  std::vector<Case> wanted_cases(const Described& plugin) const;
  Result run_case(const Case& c) const;

  CheckOptions options_;
};

}  // namespace fermata::plugin_check
