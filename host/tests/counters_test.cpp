#include "running/counters.hpp"

#include <catch2/catch.hpp>
#include <thread>

using namespace fermata::host;

TEST_CASE("counting from many threads loses nothing") {
  Counters counters;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) counters.add(i % 2 == 0 ? "even_total" : "odd_total", 2);
    });
  for (auto& thread : threads) thread.join();
  const auto all = counters.snapshot();
  REQUIRE(all.size() == 2);
  CHECK(all[0] == std::pair<std::string, uint64_t>("even_total", 40'000));
  CHECK(all[1] == std::pair<std::string, uint64_t>("odd_total", 40'000));
}
