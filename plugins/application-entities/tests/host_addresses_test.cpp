#include "host_addresses.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace fermata::application_entities {
namespace {

using namespace std::chrono_literals;

IpAddress address(const char* text) { return *IpAddress::parse(text); }

bool soon(const std::function<bool()>& holds) {
  for (int i = 0; i < 500; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

}  // namespace

TEST_CASE("numeric hosts are compared without a look-up") {
  std::atomic<int> lookups = 0;
  HostAddresses hosts(
      [&](const std::string&) {
        ++lookups;
        return std::vector<IpAddress>();
      },
      1h);
  hosts.watch({"192.0.2.1", "fd00::7", ""});
  CHECK(hosts.wait_until_known(0ms));
  CHECK(hosts.has("192.0.2.1", address("::ffff:192.0.2.1")));
  CHECK(hosts.has("fd00:0::7", address("fd00::7")));
  CHECK_FALSE(hosts.has("192.0.2.1", address("192.0.2.2")));
  CHECK(lookups == 0);
}

TEST_CASE("a host name has the addresses that were found") {
  HostAddresses hosts(
      [](const std::string& host) {
        return host == "ct1.example" ? std::vector{address("192.0.2.1"), address("fd00::1")} : std::vector<IpAddress>();
      },
      1h);
  hosts.watch({"ct1.example", "gone.example"});
  REQUIRE(hosts.wait_until_known(5s));
  CHECK(hosts.has("ct1.example", address("192.0.2.1")));
  CHECK(hosts.has("ct1.example", address("fd00::1")));
  CHECK_FALSE(hosts.has("ct1.example", address("192.0.2.2")));
  CHECK_FALSE(hosts.has("gone.example", address("192.0.2.1")));
  CHECK_FALSE(hosts.has("never-watched.example", address("192.0.2.1")));
}

TEST_CASE("a name server that doesn't answer makes nobody wait, and not the end either") {
  struct Gate {
    std::mutex mutex;
    std::condition_variable opened;
    bool open = false;
  };
  const auto gate = std::make_shared<Gate>();
  const auto entered = std::make_shared<std::atomic<bool>>(false);
  const auto left = std::make_shared<std::atomic<bool>>(false);
  {
    HostAddresses hosts(
        [=](const std::string&) {
          *entered = true;
          std::unique_lock lock(gate->mutex);
          gate->opened.wait(lock, [&] { return gate->open; });
          *left = true;
          return std::vector<IpAddress>();
        },
        1h);
    hosts.watch({"slow.example"});
    REQUIRE(soon([&] { return entered->load(); }));
    CHECK_FALSE(hosts.wait_until_known(10ms));
    const auto before = std::chrono::steady_clock::now();
    CHECK_FALSE(hosts.has("slow.example", address("192.0.2.1")));
    CHECK(std::chrono::steady_clock::now() - before < 1s);
  }
  CHECK_FALSE(*left);
  {
    const std::lock_guard lock(gate->mutex);
    gate->open = true;
  }
  gate->opened.notify_all();
  CHECK(soon([&] { return left->load(); }));
}

TEST_CASE("names are looked up again, and keep their addresses while they can't be found") {
  std::atomic<int> round = 0;
  HostAddresses hosts(
      [&](const std::string&) {
        const int now = round++;
        if (now == 0) return std::vector{address("192.0.2.1")};
        if (now < 3) return std::vector<IpAddress>();
        return std::vector{address("192.0.2.2")};
      },
      200ms);
  hosts.watch({"moving.example"});
  REQUIRE(hosts.wait_until_known(5s));
  CHECK(hosts.has("moving.example", address("192.0.2.1")));
  REQUIRE(soon([&] { return round >= 2; }));
  CHECK(hosts.has("moving.example", address("192.0.2.1")));
  CHECK(soon([&] { return hosts.has("moving.example", address("192.0.2.2")); }));
}

TEST_CASE("a host that is no longer watched is forgotten") {
  HostAddresses hosts([](const std::string&) { return std::vector{address("192.0.2.1")}; }, 1h);
  hosts.watch({"a.example", "b.example"});
  REQUIRE(hosts.wait_until_known(5s));
  hosts.watch({"b.example"});
  CHECK_FALSE(hosts.has("a.example", address("192.0.2.1")));
  CHECK(hosts.has("b.example", address("192.0.2.1")));
}

TEST_CASE("the system knows where localhost is") {
  const auto found = look_up("localhost");
  CHECK(std::find(found.begin(), found.end(), address("127.0.0.1")) != found.end());
  CHECK(look_up("name.invalid").empty());
}

}  // namespace fermata::application_entities
