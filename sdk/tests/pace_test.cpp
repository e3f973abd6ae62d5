#include "fermata/pace.hpp"

#include <catch2/catch.hpp>

using namespace fermata;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

bool never() { return false; }

}  // namespace

TEST_CASE("a pace takes as long as so many units should") {
  Pace pace(1000);
  const auto start = Clock::now();
  for (int i = 0; i < 20; ++i) pace.wait(10, never);
  CHECK(Clock::now() - start >= 200ms);
}

TEST_CASE("the time that the work itself took counts") {
  Pace pace(20);
  const auto start = Clock::now();
  std::this_thread::sleep_for(50ms);
  pace.wait(1, never);
  CHECK(Clock::now() - start >= 50ms);
  CHECK(Clock::now() - start < 95ms);
}

TEST_CASE("late work is not made up for by a burst") {
  Pace pace(100);
  std::this_thread::sleep_for(400ms);
  const auto start = Clock::now();
  for (int i = 0; i < 30; ++i) pace.wait(1, never);
  CHECK(Clock::now() - start >= 150ms);
}

TEST_CASE("a pace of none waits for nothing, and one that is stopped no longer") {
  Pace free(0);
  Pace slow(0.001);
  const auto start = Clock::now();
  free.wait(UINT64_MAX, never);
  int looks = 0;
  slow.wait(1, [&] { return ++looks > 1; });
  CHECK(Clock::now() - start < 10s);
}
