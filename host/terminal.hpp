#pragma once
#include <string>

#include "fermata/command.hpp"

namespace fermata::host {

/// The console of this program: its standard input, output and error. **Thread**: one at a time.
class Terminal final : public Console {
 public:
  void write(std::string_view text) override;
  void report(std::string_view text) override;
  std::string_view new_password(std::string_view name) override;
  bool gone() override { return false; }  // a signal ends the program

 private:
  std::string password_;
};

}  // namespace fermata::host
