#include "running/plugin_thread.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace fermata::host {

/// Shared with the thread, which may outlive the object.
struct PluginThread::State {
  enum class Phase { idle, calling, given_up, late, parted, ending };

  std::mutex mutex;
  std::condition_variable changed;
  Phase phase = Phase::idle;
  Step step;
  Late late;
  std::exception_ptr failure;

  void enter(Phase next) {
    phase = next;
    changed.notify_all();
  }
};

PluginThread::PluginThread() : state_(std::make_shared<State>()), thread_([state = state_] { run(state); }) {}

PluginThread::~PluginThread() {
  if (part()) {
    thread_.detach();
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->enter(State::Phase::ending);
  }
  thread_.join();
}

void PluginThread::run(const std::shared_ptr<State>& state) {
  using Phase = State::Phase;
  std::unique_lock lock(state->mutex);
  for (;;) {
    state->changed.wait(lock, [&] { return state->phase == Phase::calling || state->phase == Phase::ending; });
    if (state->phase == Phase::ending) return;
    const auto step = std::exchange(state->step, nullptr);
    lock.unlock();
    std::exception_ptr failure;
    try {
      step();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (state->phase == Phase::parted) return;
    if (state->phase == Phase::given_up) {
      state->enter(Phase::late);
      lock.unlock();
      state->late(failure != nullptr);
      lock.lock();
    } else {
      state->failure = failure;
    }
    state->enter(Phase::idle);
  }
}

void PluginThread::call(Step step) {
  call_until([] { return Clock::time_point::max(); }, std::move(step), {});
}

bool PluginThread::call_until(const Deadline& deadline, Step step, Late late) {
  std::unique_lock lock(state_->mutex);
  const auto ended = [&] { return state_->phase == State::Phase::idle; };
  state_->changed.wait(lock, ended);
  state_->step = std::move(step);
  state_->late = std::move(late);
  state_->enter(State::Phase::calling);
  while (!ended()) {
    const auto end = deadline();
    if (end == Clock::time_point::max()) {
      state_->changed.wait(lock, ended);
    } else if (!state_->changed.wait_until(lock, end, ended) && deadline() <= Clock::now()) {
      state_->enter(State::Phase::given_up);
      return false;
    }
  }
  if (const auto failure = std::exchange(state_->failure, nullptr)) std::rethrow_exception(failure);
  return true;
}

bool PluginThread::stuck() const {
  const std::lock_guard lock(state_->mutex);
  return state_->phase == State::Phase::given_up || state_->phase == State::Phase::parted;
}

bool PluginThread::part() {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return state_->phase != State::Phase::late; });
  if (state_->phase == State::Phase::given_up) state_->enter(State::Phase::parted);
  return state_->phase == State::Phase::parted;
}

}  // namespace fermata::host
