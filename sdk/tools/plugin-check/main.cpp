#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "exit_code.hpp"
#include "fermata/error.hpp"
#include "plugin_check.hpp"

int main(int argc, char** argv) {
  using namespace fermata::plugin_check;
  using fermata::host::ExitCode;
  const auto end = [](ExitCode code, const std::string& message) {
    std::cerr << "fermata-plugin-check: " << message << (message.ends_with('\n') ? "" : "\n");
    return static_cast<int>(code);
  };
  CheckOptions options;
  try {
    options = CheckOptions::parse({argv + 1, argv + argc});
  } catch (const fermata::Error& e) {
    return end(ExitCode::usage, e.what());
  }
  if (options.help) {
    std::cout << CheckOptions::usage();
    return 0;
  }
  if (options.version) {
    std::cout << "fermata-plugin-check " FERMATA_VERSION " (plugin interface " << FERMATA_ABI_MAJOR << '.'
              << FERMATA_ABI_MINOR << ")\n";
    return 0;
  }
  try {
    return PluginCheck(options).run();
  } catch (const std::invalid_argument& e) {
    return end(ExitCode::usage, e.what());
  } catch (const fermata::Error& e) {
    return end(e.code() == fermata::Code::invalid ? ExitCode::configuration : ExitCode::failure, e.what());
  } catch (const std::exception& e) {
    return end(ExitCode::failure, e.what());
  }
}
