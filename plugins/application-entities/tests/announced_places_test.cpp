#include "announced_places.hpp"

#include <catch2/catch.hpp>

#include "given_stations.hpp"

namespace fermata::application_entities {
namespace {

const std::vector<IpNetwork> kAllowed{IpNetwork::parse("192.168.0.0/16"), IpNetwork::parse("fe80::/10")};

}  // namespace

TEST_CASE("a station is found by its AE title, whose case counts") {
  GivenStations stations;
  stations.add("MR", "192.168.0.2", 4006);
  stations.add("CT", "192.168.0.3");
  const auto place = AnnouncedPlaces(stations, "MR", kAllowed).only();
  REQUIRE(place);
  CHECK(place->host == "192.168.0.2");
  CHECK(place->port == 4006);
  CHECK_FALSE(AnnouncedPlaces(stations, "mr", kAllowed).only());
}

TEST_CASE("stations outside of the allowed networks are none") {
  GivenStations stations;
  stations.add("FAR", "203.0.113.5");
  stations.add("HERE", "127.0.0.1");
  stations.add("LINK", "fe80::1%eth0");
  CHECK_FALSE(AnnouncedPlaces(stations, "FAR", kAllowed).only());
  CHECK_FALSE(AnnouncedPlaces(stations, "HERE", kAllowed).only());
  CHECK(AnnouncedPlaces(stations, "LINK", kAllowed).only()->host == "fe80::1%eth0");
}

TEST_CASE("of two stations with one AE title only the one at a known address is found") {
  GivenStations stations;
  stations.add("MR", "192.168.0.2", 4006);
  stations.add("MR", "192.168.0.66");
  const AnnouncedPlaces places(stations, "MR", kAllowed);
  CHECK_FALSE(places.only());
  CHECK(places.at(*IpAddress::parse("192.168.0.2"))->port == 4006);
  CHECK_FALSE(places.at(*IpAddress::parse("192.168.0.3")));
}

}  // namespace fermata::application_entities
