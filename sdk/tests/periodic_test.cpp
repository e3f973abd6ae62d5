#include "fermata/periodic.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace fermata;
using namespace std::chrono_literals;

TEST_CASE("a task is done again and again, also after it has failed, until it is stopped") {
  std::atomic<int> done{0};
  std::atomic<int> logged{0};
  Journal journal;
  journal.log = [&](LogLevel, std::string_view, std::initializer_list<Field>) { ++logged; };
  Periodic periodic;
  periodic.start(1ms, journal, [&] {
    if (++done == 2) throw Error(Code::io, "not this time");
  });
  for (int i = 0; i < 1000 && done < 5; ++i) std::this_thread::sleep_for(5ms);
  periodic.stop();
  const int then = done;
  CHECK(then >= 5);
  CHECK(logged == 1);
  std::this_thread::sleep_for(10ms);
  CHECK(done == then);
}

TEST_CASE("a task that waits for its next time is stopped at once") {
  Periodic periodic;
  std::atomic<int> done{0};
  periodic.start(1h, Journal(), [&] { ++done; });
  for (int i = 0; i < 1000 && done < 1; ++i) std::this_thread::sleep_for(1ms);
  periodic.stop();
  CHECK(done == 1);
}
