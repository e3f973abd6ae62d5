#include "fermata/rate_limit.hpp"

#include <catch2/catch.hpp>

using namespace fermata;
using namespace std::chrono_literals;

TEST_CASE("a rate leaves a burst through, then so many a second, for each by itself") {
  RateLimit limit(10, 3);
  const auto start = RateLimit::Clock::now();
  for (int i = 0; i < 3; ++i) CHECK(limit.take("10.0.0.1", start) == 0ms);
  CHECK(limit.take("10.0.0.1", start) == 100ms);
  CHECK(limit.take("10.0.0.1", start + 50ms) == 50ms);
  CHECK(limit.take("10.0.0.2", start) == 0ms);
  CHECK(limit.take("10.0.0.1", start + 100ms) == 0ms);
  CHECK(limit.take("10.0.0.1", start + 100ms) == 100ms);
  for (int i = 0; i < 3; ++i) CHECK(limit.take("10.0.0.1", start + 10s) == 0ms);
  CHECK(limit.take("10.0.0.1", start + 10s) == 100ms);
}

TEST_CASE("a rate of none is no limit") {
  RateLimit limit(0, 0);
  for (int i = 0; i < 1000; ++i) CHECK(limit.take("10.0.0.1") == 0ms);
}

TEST_CASE("a rate remembers whoever has used theirs, however many others come") {
  RateLimit limit(1, 1);
  const auto start = RateLimit::Clock::now();
  for (std::size_t i = 0; i < RateLimit::kMostKeys - 1; ++i) limit.take(std::to_string(i), start);
  const auto later = start + 2s;  // those have a full store again
  CHECK(limit.take("busy", later) == 0ms);
  for (int i = 0; i < 100; ++i) limit.take("new " + std::to_string(i), later);
  CHECK(limit.take("busy", later) == 1000ms);
}
