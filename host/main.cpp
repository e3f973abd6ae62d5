#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "exit_code.hpp"
#include "fermata/error.hpp"
#include "options.hpp"
#include "program.hpp"

int main(int argc, char** argv) {
  using namespace fermata::host;
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return Program(Options::parse(words, process_environment())).run();
  } catch (const fermata::Error& e) {
    std::cerr << "fermata: " << e.what() << '\n';
    return static_cast<int>(ExitCode::usage);
  } catch (const std::exception& e) {
    std::cerr << "fermata: internal error: " << e.what() << '\n';
    return static_cast<int>(ExitCode::failure);
  }
}
