#include "station_list.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "fermata/testing/through_boundary.hpp"

namespace fermata::discovery {
namespace {

StationRecord station(const char* ae_title, const char* address, const char* host = "", uint16_t port = 11112) {
  return {ae_title, address, host, port, "", 0};
}

struct Fixture {
  std::vector<StationRecord> all() {
    const auto cursor = remote->list();
    std::vector<StationRecord> found;
    for (Station s; cursor->next(s);)
      found.push_back({std::string(s.ae_title), std::string(s.address), std::string(s.host), s.port,
                       std::string(s.description), s.seen_us});
    return found;
  }
  int64_t time = 1000;
  StationList list{[this] { return time++; }};
  std::shared_ptr<StationDirectory> remote = testing::through_boundary<StationDirectory>(list);
};

}  // namespace

TEST_CASE("stations are listed by AE title until they are gone") {
  Fixture f;
  CHECK(f.list.put("1", station("MR", "192.168.0.2")));
  CHECK(f.list.put("2", station("CT", "192.168.0.3")));
  const auto all = f.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].ae_title == "CT");
  CHECK(all[1].ae_title == "MR");
  CHECK(f.list.remove("2"));
  CHECK_FALSE(f.list.remove("2"));
  CHECK(f.all().size() == 1);
  f.list.clear();
  CHECK(f.all().empty());
}

TEST_CASE("what is heard again changes a station, and not since when it is here") {
  Fixture f;
  f.list.put("1", station("MR", "192.168.0.2"));
  CHECK_FALSE(f.list.put("1", station("MR", "192.168.0.2")));
  CHECK(f.list.put("1", station("MR", "192.168.0.9")));
  const auto all = f.all();
  REQUIRE(all.size() == 1);
  CHECK(all[0].address == "192.168.0.9");
  CHECK(all[0].seen_us == 1000);
}

TEST_CASE("one machine that is heard over IPv4 and IPv6 is one station, at its IPv4 address") {
  Fixture f;
  f.list.put("6", station("MR", "fe80::1%eth0", "mr.local"));
  CHECK(f.all().at(0).address == "fe80::1%eth0");
  f.list.put("4", station("MR", "192.168.0.2", "mr.local"));
  REQUIRE(f.all().size() == 1);
  CHECK(f.all()[0].address == "192.168.0.2");
  f.list.remove("4");
  CHECK(f.all().at(0).address == "fe80::1%eth0");
}

TEST_CASE("two machines with one AE title are two stations") {
  Fixture f;
  f.list.put("1", station("MR", "192.168.0.2", "mr.local"));
  f.list.put("2", station("MR", "192.168.0.66", "other.local"));
  f.list.put("3", station("MR", "192.168.0.2", "mr.local", 104));
  CHECK(f.all().size() == 3);
}

TEST_CASE("a problem is told to whoever asks") {
  Fixture f;
  CHECK(f.remote->problem().empty());
  f.list.set_problem("no daemon");
  CHECK(f.remote->problem() == "no daemon");
}

}  // namespace fermata::discovery
