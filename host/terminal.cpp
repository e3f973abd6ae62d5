#include "terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "fermata/error.hpp"

namespace fermata::host {
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

void Terminal::write(std::string_view text) { std::cout << text << std::flush; }

void Terminal::report(std::string_view text) { std::cerr << text << std::flush; }

std::string_view Terminal::new_password(std::string_view name) {
  if (::isatty(STDIN_FILENO) == 0) return password_ = read_line();
  password_ = typed("New password of " + std::string(name) + ": ");
  if (typed("Once more: ") != password_) throw Error(Code::invalid, "the two passwords differ; nothing was changed");
  return password_;
}

}  // namespace fermata::host
