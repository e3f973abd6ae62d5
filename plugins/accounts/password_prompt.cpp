#include "password_prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

/// Shows nothing of what is typed, for its lifetime.
class HiddenInput {
 public:
  HiddenInput() {
    ::tcgetattr(STDIN_FILENO, &before_);
    auto hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~HiddenInput() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
};

std::string read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) throw Error(Code::invalid, "no password was given on standard input");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string typed(const std::string& prompt) {
  std::cerr << prompt << std::flush;
  const HiddenInput hidden;
  return read_line();
}

}  // namespace

std::string ask_password(const std::string& name) {
  if (::isatty(STDIN_FILENO) == 0) return read_line();
  auto password = typed("New password of " + name + ": ");
  if (typed("Once more: ") != password) throw Error(Code::invalid, "the two passwords differ; nothing was changed");
  return password;
}

}  // namespace fermata::accounts
