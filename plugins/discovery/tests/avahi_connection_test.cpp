#include "avahi_connection.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fermata::discovery {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  Fixture() { ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1); }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return lines.size();
  }

  std::mutex mutex;
  std::vector<std::string> lines;
  Journal journal = [this] {
    Journal j;
    j.log = [this](LogLevel, std::string_view message, std::initializer_list<Field>) {
      const std::lock_guard guard(mutex);
      lines.emplace_back(message);
    };
    return j;
  }();
  StationList stations{[] { return int64_t{0}; }};
};

}  // namespace

TEST_CASE("without D-Bus it says what to do, once, and can be stopped") {
  Fixture f;
  AvahiConnection connection(f.stations, {"PACS", 11112, ""}, {true, true}, f.journal);
  connection.start();
  for (int i = 0; i < 500 && f.count() == 0; ++i) std::this_thread::sleep_for(10ms);
  CHECK_THAT(std::string(f.stations.problem()), Catch::Contains("apt-get install avahi-daemon"));
  connection.withdraw();
  connection.stop();
  REQUIRE(f.count() == 1);
  CHECK(f.lines[0] == f.stations.problem());
}

TEST_CASE("with browsing switched off the list says so, and nothing is connected") {
  Fixture f;
  AvahiConnection connection(f.stations, {"PACS", 11112, ""}, {false, false}, f.journal);
  connection.start();
  connection.withdraw();
  connection.stop();
  CHECK_THAT(std::string(f.stations.problem()), Catch::Contains("browse: false"));
  CHECK(f.count() == 0);
}

}  // namespace fermata::discovery
