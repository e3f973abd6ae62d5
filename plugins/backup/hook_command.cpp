#include "hook_command.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "fermata/error.hpp"

namespace fermata::backup {
namespace {

constexpr std::chrono::milliseconds kPoll{20};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment(const std::map<std::string, std::string>& more) {
  std::vector<std::string> list;
  for (char** variable = environ; *variable != nullptr; ++variable) list.emplace_back(*variable);
  for (const auto& [name, value] : more) list.push_back(name + '=' + value);
  return list;
}

/// The program's own thread waits for signals that all others block; a child must not inherit that.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&value_);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&value_, &none);
    sigset_t standard;
    sigemptyset(&standard);
    sigaddset(&standard, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&value_, &standard);
    ::posix_spawnattr_setflags(&value_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&value_); }
  const posix_spawnattr_t* get() const { return &value_; }

 private:
  posix_spawnattr_t value_{};
};

}  // namespace

void run_hook(const HookCommand& command, const std::map<std::string, std::string>& variables,
              std::chrono::milliseconds limit) {
  auto words = command;
  auto texts = environment(variables);
  const Attributes attributes;
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, words.front().c_str(), nullptr, attributes.get(), pointers(words).data(),
                                    pointers(texts).data());
  if (failed != 0)
    throw Error(Code::unavailable, "the command " + command.front() + " can't be started: " + std::strerror(failed));
  const auto end = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      throw Error(Code::unavailable, "the command " + command.front() + " took too long and was ended");
    }
    std::this_thread::sleep_for(kPoll);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Error(Code::unavailable,
              "the command " + command.front() +
                  (WIFEXITED(status) ? " failed with exit code " + std::to_string(WEXITSTATUS(status))
                                     : " was ended by signal " + std::to_string(WTERMSIG(status))));
}

}  // namespace fermata::backup
