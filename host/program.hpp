#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "configuration_reference.hpp"
#include "exit_code.hpp"
#include "loading/plugin_directories.hpp"
#include "options.hpp"
#include "running/application.hpp"

namespace fermata::host {

/// The program from its command line to its exit code: one member function for each verb.
class Program {
 public:
  explicit Program(Options options);
  ~Program();
  int run();

 private:
  struct Work;

  int run_verb();
  ExitCode serve();
  ExitCode check();
  ExitCode list_plugins();
  ExitCode list_commands();
  ExitCode write_schema();
  ExitCode write_reference();
  ExitCode new_plugin();
  int run_command();

  /// Loads the configuration and the plugins, and connects them. Of their code nothing has run then but what their
  /// libraries do while they are loaded.
  Work& prepare(LogSettings (*log_settings)(LogSettings));
  Configuration load_configuration(Problems& problems) const;
  PluginLoader loader(const Configuration* configuration) const;
  Libraries all_libraries() const;

  Options options_;
  std::unique_ptr<Work> work_;  ///< once a verb has put plugins to work
};

}  // namespace fermata::host
