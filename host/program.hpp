#pragma once
#include <memory>

#include "exit_code.hpp"
#include "options.hpp"
#include "preparation.hpp"
#include "work.hpp"

namespace fermata::host {

/// The program from its command line to its exit code: one member function for each verb.
class Program {
 public:
  explicit Program(Options options);
  int run();

 private:
  int run_verb();
  ExitCode serve();
  ExitCode check();
  ExitCode list_plugins();
  ExitCode list_commands();
  ExitCode write_schema();
  ExitCode write_reference();
  ExitCode new_plugin();
  int run_command();

  Work& prepare(LogChoice log_choice);

  Options options_;
  std::unique_ptr<Work> work_;  ///< once a verb has put plugins to work
};

}  // namespace fermata::host
