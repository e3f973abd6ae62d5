#include "child_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <system_error>
#include <thread>

namespace fermata::plugin_check {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = std::size_t{64} << 10;
constexpr int kStep = 20;  // milliseconds

std::system_error failed(const char* what) { return {errno, std::generic_category(), what}; }

[[noreturn]] void be_the_child(int output, const std::function<int()>& work) {
  ::setpgid(0, 0);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  int code = 1;
  try {
    code = work();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(code);
}

/// False at the end.
bool read_some(int from, std::string& into) {
  char buffer[4096];
  const auto count = ::read(from, buffer, sizeof buffer);
  if (count <= 0) return false;
  into.append(buffer, std::min<std::size_t>(static_cast<std::size_t>(count), kMostOutput - into.size()));
  return true;
}

bool readable(int from, int milliseconds) {
  pollfd ready{from, POLLIN, 0};
  return ::poll(&ready, 1, milliseconds) > 0;
}

std::optional<int> status_of(pid_t child, int options) {
  int status = 0;
  return ::waitpid(child, &status, options) == child ? std::optional(status) : std::nullopt;
}

}  // namespace

Ending run_in_child(std::chrono::milliseconds limit, const std::function<int()>& work) {
  int pipe[2];
  if (::pipe(pipe) != 0) throw failed("a pipe");
  std::cout.flush();
  std::fflush(nullptr);
  const auto begin = Clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw failed("a process");
  if (child == 0) {
    ::close(pipe[0]);
    be_the_child(pipe[1], work);
  }
  ::setpgid(child, child);  // whichever of the two comes first
  ::close(pipe[1]);

  Ending ending;
  std::optional<int> status;
  while (!status && Clock::now() - begin < limit) {
    if (readable(pipe[0], kStep) && !read_some(pipe[0], ending.output))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // it has closed its output and still runs
    status = status_of(child, WNOHANG);
  }
  ending.time = Clock::now() - begin;
  ::kill(-child, SIGKILL);  // the child, if it is still there, and whatever it has left behind
  if (!status) {
    ending.kind = Ending::Kind::took_too_long;
    status_of(child, 0);
  } else if (WIFSIGNALED(*status)) {
    ending.kind = Ending::Kind::killed_by_signal;
    ending.number = WTERMSIG(*status);
  } else {
    ending.number = WEXITSTATUS(*status);
  }
  while (readable(pipe[0], 0) && read_some(pipe[0], ending.output)) {
  }
  ::close(pipe[0]);
  return ending;
}

}  // namespace fermata::plugin_check
