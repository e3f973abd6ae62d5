#include "loading/library_trial.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

#include "fermata/error.hpp"

namespace fermata::host {
namespace {

using Clock = std::chrono::steady_clock;

/// Not 0: an initialiser that ends its program may do so with success.
constexpr int kLoaded = 93;

[[noreturn]] void load(const std::filesystem::path& path) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ::_exit(kLoaded);
}

/// The status of a process that has ended by then; without one it has not.
std::optional<int> wait_until(Clock::time_point deadline, pid_t process) {
  constexpr std::chrono::microseconds kShortest{200};
  constexpr std::chrono::microseconds kLongest{20'000};
  for (auto pause = kShortest;; pause = std::min(2 * pause, kLongest)) {
    int status = 0;
    if (::waitpid(process, &status, WNOHANG) == process) return status;
    if (Clock::now() >= deadline) return {};
    std::this_thread::sleep_for(pause);
  }
}

void end(pid_t process) {
  ::kill(process, SIGKILL);
  while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

void try_library(const std::filesystem::path& path, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  const pid_t process = ::fork();
  if (process < 0)
    throw Error(Code::unavailable, std::string("it can't be tried in a process of its own: ") + std::strerror(errno) +
                                       "; allow the program more processes and memory");
  if (process == 0) load(path);
  const auto status = wait_until(deadline, process);
  if (!status) {
    end(process);
    throw Error(Code::unavailable,
                fmt::format("the initialisers of {} have not come back for {:g} s; remove the plugin or install it "
                            "again, or give it longer with start_deadline",
                            path.string(), std::chrono::duration<double>(limit).count()));
  }
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == kLoaded) return;
  const auto how = WIFSIGNALED(*status) ? std::string(::strsignal(WTERMSIG(*status)))
                                        : "exit code " + std::to_string(WEXITSTATUS(*status));
  throw Error(Code::io, path.string() + " ends every program that loads it (" + how +
                            "); remove the plugin, or install it again");
}

}  // namespace fermata::host
