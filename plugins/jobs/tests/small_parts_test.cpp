#include <catch2/catch.hpp>

#include "rate.hpp"
#include "retry_delay.hpp"
#include "turns.hpp"

using namespace fermata::jobs;

TEST_CASE("The delay before a further attempt grows from 10 s to 1 h") {
  CHECK(retry_delay_us(0) == 10'000'000);
  CHECK(retry_delay_us(1) == 10'000'000);
  CHECK(retry_delay_us(2) == 20'000'000);
  CHECK(retry_delay_us(9) == 2'560'000'000);
  CHECK(retry_delay_us(10) == 3'600'000'000);
  CHECK(retry_delay_us(1000) == 3'600'000'000);
}

TEST_CASE("A rate is measured from where an attempt begins, is smoothed, and falls when nothing happens") {
  Rate rate;
  rate.note(1000, 0);  // of an earlier attempt
  CHECK_FALSE(rate.known());
  rate.note(1001, 1000);
  CHECK_FALSE(rate.known());  // too short to tell
  rate.note(1010, 1'000'000);
  REQUIRE(rate.known());
  CHECK(rate.per_second(1'000'000) == Approx(10));
  rate.note(1110, 2'000'000);
  CHECK(rate.per_second(2'000'000) > 10);
  CHECK(rate.per_second(2'000'000) < 50);
  CHECK(rate.per_second(600'000'000) < 0.01);
}

TEST_CASE("The kind of which the fewest jobs run is next, and of those the one that has waited longest") {
  Turns turns;
  CHECK_FALSE(turns.before("a", "a"));
  turns.begin("a");
  CHECK(turns.before("b", "a"));
  turns.begin("b");
  CHECK(turns.before("a", "b"));
  turns.end("b");
  CHECK(turns.before("b", "a"));
}
