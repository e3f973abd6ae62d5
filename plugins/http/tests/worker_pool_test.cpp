#include "worker_pool.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <set>

using fermata::http::WorkerPool;

TEST_CASE("work runs on as many threads as there is work, up to the limit; then it queues, up to another") {
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::atomic<int> running{0};
  std::atomic<int> done{0};
  WorkerPool pool(3, 2);
  const auto work = [&] {
    ++running;
    gate.wait();
    ++done;
  };
  int accepted = 0;
  for (int i = 0; i < 10; ++i) accepted += pool.post(work) ? 1 : 0;
  CHECK(accepted == 5);
  while (running < 3) std::this_thread::yield();
  CHECK(done == 0);
  go.set_value();
  pool.stop();
  CHECK(running == 5);
  CHECK(done == 5);
  CHECK_FALSE(pool.post(work));
}

TEST_CASE("threads that were made ready take the first work, and no more are made than there may be") {
  const auto threads_of_this_process = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  const auto before = threads_of_this_process();
  WorkerPool pool(3, 1);
  pool.make_ready(2);
  CHECK(threads_of_this_process() == before + 2);
  std::promise<void> go;
  const auto gate = go.get_future().share();
  REQUIRE(pool.post([&] { gate.wait(); }));
  REQUIRE(pool.post([&] { gate.wait(); }));
  CHECK(threads_of_this_process() == before + 2);
  pool.make_ready(5);
  CHECK(threads_of_this_process() == before + 3);
  go.set_value();
  pool.stop();
  pool.make_ready(1);
  CHECK(threads_of_this_process() == before);
}

TEST_CASE("threads are used again") {
  WorkerPool pool(8, 8);
  std::set<std::thread::id> threads;
  for (int i = 0; i < 50; ++i) {
    std::promise<std::thread::id> id;
    REQUIRE(pool.post([&] { id.set_value(std::this_thread::get_id()); }));
    threads.insert(id.get_future().get());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(threads.size() <= 3);
}
