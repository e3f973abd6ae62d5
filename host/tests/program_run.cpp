#include "program_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

namespace {

constexpr auto kStep = std::chrono::milliseconds(5);

void redirect(const std::string& file, int descriptor) {
  const int flags = descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
  const int opened = ::open(file.c_str(), flags, 0600);
  ::dup2(opened, descriptor);
  ::close(opened);
}

}  // namespace

ProgramRun::ProgramRun(std::vector<std::string> words, const std::string& config, const Variables& variables,
                       const std::string& input) {
  words.insert(words.begin(), FERMATA_PROGRAM);
  if (!config.empty()) {
    words.emplace_back("--config");
    words.push_back(folder_.write("fermata.yaml", config).string());
  }
  words.emplace_back("--plugin-dir");
  words.emplace_back(FERMATA_TEST_PLUGINS);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto output = (folder_ / "output").string();
  const auto errors = (folder_ / "errors").string();
  const auto given = folder_.write("input", input).string();

  process_ = ::fork();
  if (process_ != 0) return;
  redirect(given, STDIN_FILENO);
  redirect(output, STDOUT_FILENO);
  redirect(errors, STDERR_FILENO);
  ::unsetenv("FERMATA_CONFIG");
  for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  ::execv(FERMATA_PROGRAM, arguments.data());
  ::_exit(127);
}

ProgramRun::~ProgramRun() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void ProgramRun::signal(int number) const { ::kill(process_, number); }

bool ProgramRun::shows(const std::string& text) const {
  for (int i = 0; i < 2000; ++i) {
    if ((output() + errors()).find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

int ProgramRun::exit_code() {
  for (int i = 0; i < 4000; ++i) {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    std::this_thread::sleep_for(kStep);
  }
  return -1;
}
