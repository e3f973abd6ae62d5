#include "signals.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace fermata::host {
namespace {

constexpr int kPatienceMs = 3000;  // between the second signal and giving up

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

int checked(int descriptor) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "waiting for signals");
  return descriptor;
}

}  // namespace

Signals::Signals(Events& events, std::function<void()> give_up) : events_(events), give_up_(std::move(give_up)) {
  const sigset_t set = watched_signals();
  signals_ = checked(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  finished_ = checked(::eventfd(0, EFD_CLOEXEC));
  thread_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(finished_, &one, sizeof one);
  thread_.join();
  ::close(signals_);
  ::close(finished_);
}

void Signals::watch() {
  for (;;) {
    pollfd watched[] = {{signals_, POLLIN, 0}, {finished_, POLLIN, 0}};
    const int ready = ::poll(watched, 2, stops_ >= 2 ? kPatienceMs : -1);
    if (ready == 0) give_up_();
    if (ready <= 0) continue;
    if (watched[1].revents != 0) return;
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) == sizeof info) handle(static_cast<int>(info.ssi_signo));
  }
}

void Signals::handle(int signal) {
  if (signal == SIGHUP) {
    events_.request_reopen_logs();
  } else if (++stops_ == 1) {
    events_.request_stop();
  } else {
    events_.request_stop_at_once();
  }
}

void block_signals() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace fermata::host
