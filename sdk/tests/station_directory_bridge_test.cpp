// Stations on the network, as they cross from library to library.
#include <catch2/catch.hpp>

#include <string>

#include "fermata/station_directory.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class FakeStations final : public StationDirectory {
 public:
  class Cursor final : public StationCursor {
   public:
    bool next(Station& station) override {
      if (++at_ == 1)
        station = {"HOROS", "192.168.0.12", "mac.local", 11112, "John's Mäc", int64_t{1} << 50};
      else if (at_ == 2)
        station = {"MR", "fe80::1%eth0", "", 65535, "", 0};
      else
        throw Error(Code::unavailable, "no more");
      return true;
    }

   private:
    int at_ = 0;
  };
  std::unique_ptr<StationCursor> list() override { return std::make_unique<Cursor>(); }
  std::string_view problem() override { return problem_; }
  std::string problem_;
};

}  // namespace

TEST_CASE("stations cross with all that is known of them, and so does a problem") {
  FakeStations stations;
  const auto remote = through_boundary<StationDirectory>(stations);
  const auto cursor = remote->list();
  Station station;
  REQUIRE(cursor->next(station));
  CHECK(station.ae_title == "HOROS");
  CHECK(station.address == "192.168.0.12");
  CHECK(station.host == "mac.local");
  CHECK(station.port == 11112);
  CHECK(station.description == "John's Mäc");
  CHECK(station.seen_us == int64_t{1} << 50);
  REQUIRE(cursor->next(station));
  CHECK(station.address == "fe80::1%eth0");
  CHECK(station.host.empty());
  CHECK(station.port == 65535);
  CHECK(code_of([&] { cursor->next(station); }) == Code::unavailable);

  CHECK(remote->problem().empty());
  stations.problem_ = "avahi-daemon is not running";
  CHECK(remote->problem() == "avahi-daemon is not running");
}
