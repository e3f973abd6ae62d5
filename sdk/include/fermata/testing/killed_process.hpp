#pragma once
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::testing {

/// Tells the parent one line, from any thread of the child.
using Say = std::function<void(std::string_view line)>;

namespace detail {

inline void write_line(int pipe, std::string line) {
  line += '\n';  // shorter than PIPE_BUF: arrives in one piece
  if (::write(pipe, line.data(), line.size()) < 0) ::_exit(1);
}

[[noreturn]] inline void run_child(int pipe, const std::function<void(const Say&)>& work) {
  try {
    work([pipe](std::string_view line) { write_line(pipe, std::string(line)); });
    write_line(pipe, "!");
    for (;;) ::pause();
  } catch (const std::exception& error) {
    write_line(pipe, std::string("!") + error.what());
  }
  ::_exit(1);
}

/// Whole lines as they come, until there are `enough`, the child has no more to say, or 30 s have passed in silence.
inline std::vector<std::string> read_lines(int pipe, std::size_t enough, std::string& rest) {
  std::vector<std::string> lines;
  while (lines.size() < enough && (lines.empty() || lines.back().front() != '!')) {
    const auto end = rest.find('\n');
    if (end != std::string::npos) {
      lines.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
      continue;
    }
    pollfd ready{pipe, POLLIN, 0};
    char buffer[4096];
    if (::poll(&ready, 1, 30'000) <= 0) break;
    const auto count = ::read(pipe, buffer, sizeof buffer);
    if (count <= 0) break;
    rest.append(buffer, static_cast<std::size_t>(count));
  }
  return lines;
}

}  // namespace detail

/// Runs `work` in a child process and ends that with SIGKILL once it has said `enough` lines, or is done. Returns all
/// it has said until it died. What `work` throws comes out here; it must not use Catch2's assertions.
///
/// **Thread**: the process must have no other: the child has only this one.
inline std::vector<std::string> run_and_kill(std::size_t enough, const std::function<void(const Say&)>& work) {
  int pipe[2];
  if (::pipe(pipe) != 0) throw std::runtime_error("no pipe can be made");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process can be made");
  if (child == 0) {
    ::close(pipe[0]);
    detail::run_child(pipe[1], work);
  }
  ::close(pipe[1]);
  std::string rest;
  auto lines = detail::read_lines(pipe[0], enough, rest);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (auto& line : detail::read_lines(pipe[0], SIZE_MAX, rest)) lines.push_back(std::move(line));
  ::close(pipe[0]);
  if (!lines.empty() && lines.back().front() == '!') {
    if (lines.back().size() > 1) throw std::runtime_error("in the process to be killed: " + lines.back().substr(1));
    lines.pop_back();
  }
  return lines;
}

}  // namespace fermata::testing
