#include "running/plugin_thread.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <stdexcept>

using fermata::host::PluginThread;
using namespace std::chrono_literals;

namespace {

PluginThread::Deadline after(std::chrono::milliseconds time) {
  return [end = PluginThread::Clock::now() + time] { return end; };
}

/// A call that goes on until it is let go.
struct Stall {
  std::promise<void> gate;
  std::promise<bool> late;  ///< whether it failed

  PluginThread::Step step() {
    return [open = gate.get_future().share()] { open.wait(); };
  }
  PluginThread::Late tell() {
    return [this](bool failed) { late.set_value(failed); };
  }
};

}  // namespace

TEST_CASE("all calls of a plugin thread are made on one thread, which is not the caller's") {
  PluginThread thread;
  std::thread::id first;
  std::thread::id second;
  thread.call([&] { first = std::this_thread::get_id(); });
  CHECK(thread.call_until(after(1h), [&] { second = std::this_thread::get_id(); }, {}));
  CHECK(first == second);
  CHECK(first != std::this_thread::get_id());
}

TEST_CASE("what a call throws arrives at the caller, and the next call is made") {
  PluginThread thread;
  CHECK_THROWS_AS(thread.call([] { throw std::range_error("far"); }), std::range_error);
  bool called = false;
  thread.call([&] { called = true; });
  CHECK(called);
}

TEST_CASE("a deadline that moves on is not the end") {
  PluginThread thread;
  int asked = 0;
  const auto moving = [&] { return PluginThread::Clock::now() + (++asked < 10 ? 5ms : 1h); };
  std::promise<void> gate;
  std::thread opener([&] {
    std::this_thread::sleep_for(100ms);
    gate.set_value();
  });
  CHECK(thread.call_until(moving, [&] { gate.get_future().wait(); }, {}));
  opener.join();
}

TEST_CASE("a call that was given up and ends after all is told, and the thread is of use again") {
  PluginThread thread;
  Stall stall;
  CHECK_FALSE(thread.call_until(after(10ms), stall.step(), stall.tell()));
  CHECK(thread.stuck());
  stall.gate.set_value();
  CHECK_FALSE(stall.late.get_future().get());
  bool called = false;
  thread.call([&] { called = true; });
  CHECK(called);
  CHECK_FALSE(thread.stuck());
  CHECK_FALSE(thread.part());
}

TEST_CASE("a call that was given up and fails after all is told as failed") {
  PluginThread thread;
  std::promise<void> gate;
  std::promise<bool> late;
  const auto step = [&] {
    gate.get_future().wait();
    throw std::runtime_error("too late anyway");
  };
  CHECK_FALSE(thread.call_until(after(10ms), step, [&](bool failed) { late.set_value(failed); }));
  gate.set_value();
  CHECK(late.get_future().get());
  CHECK_FALSE(thread.part());
}

/// ThreadSanitizer does not see what std::promise does at the exit of a thread.
struct AtThreadExit {
  std::shared_ptr<std::promise<void>> ended;
  ~AtThreadExit() { ended->set_value(); }
};

TEST_CASE("after the parting nothing follows a call that was given up") {
  const auto ended = std::make_shared<std::promise<void>>();
  std::atomic<bool> told = false;
  {
    PluginThread thread;
    std::promise<void> gate;
    const auto step = [open = gate.get_future().share(), ended] {
      open.wait();
      thread_local const AtThreadExit at_exit{ended};
    };
    CHECK_FALSE(thread.call_until(after(10ms), step, [&](bool) { told = true; }));
    CHECK(thread.part());
    gate.set_value();
    ended->get_future().wait();
    CHECK(thread.stuck());
  }
  CHECK_FALSE(told);
}

TEST_CASE("the parting waits for what follows a call that was given up") {
  PluginThread thread;
  Stall stall;
  std::atomic<bool> followed = false;
  std::promise<void> begun;
  const auto slow = [&](bool) {
    begun.set_value();
    std::this_thread::sleep_for(50ms);
    followed = true;
  };
  CHECK_FALSE(thread.call_until(after(10ms), stall.step(), slow));
  stall.gate.set_value();
  begun.get_future().wait();
  CHECK_FALSE(thread.part());
  CHECK(followed);
}
