#include "announcement.hpp"

#include <catch2/catch.hpp>

namespace fermata::discovery {
namespace {

/// As Horos announces itself.
Announcement horos() {
  return {"Johns-MacBook-Pr",
          "Johns-MacBook-Pro.local",
          "192.168.0.12",
          "eth0",
          11112,
          {"serverDescription=John's Mac", "AETitle=Johns-MacBook-Pr", "UID=abc", "CGET=YES",
           "preferredSyntax=LittleEndianExplicit"}};
}

}  // namespace

TEST_CASE("a viewer's announcement becomes a station") {
  const auto station = station_from(horos());
  REQUIRE(station);
  CHECK(station->ae_title == "Johns-MacBook-Pr");
  CHECK(station->address == "192.168.0.12");
  CHECK(station->host == "Johns-MacBook-Pro.local");
  CHECK(station->port == 11112);
  CHECK(station->description == "John's Mac");
}

TEST_CASE("the AE title of the TXT record goes before the name of the service") {
  auto a = horos();
  a.instance = "HOROS (2)";
  a.txt = {"aetitle= HOROS "};
  CHECK(station_from(a)->ae_title == "HOROS");
  CHECK(station_from(a)->description.empty());
  a.txt = {"AETitle=an AE title that is too long"};
  CHECK(station_from(a)->ae_title == "HOROS (2)");
  a.txt = {"AETitle"};
  CHECK(station_from(a)->ae_title == "HOROS (2)");
}

TEST_CASE("announcements without a proper AE title, port or address are left out") {
  const auto refused = [](auto change) {
    auto a = horos();
    change(a);
    return !station_from(a).has_value();
  };
  for (const char* title : {"", "   ", "seventeen letters", "A\\B", "A\nB", "\xc3\x84rzte"})
    CHECK(refused([&](Announcement& a) { a.instance = title, a.txt.clear(); }));
  for (const char* address : {"", "example.org", "0.0.0.0", "255.255.255.255", "224.0.0.251", "::", "ff02::fb"})
    CHECK(refused([&](Announcement& a) { a.address = address; }));
  CHECK(refused([](Announcement& a) { a.port = 0; }));
}

TEST_CASE("text from the network comes out clean and of bounded length") {
  auto a = horos();
  a.host = "evil\x1b[2J.local";
  a.txt = {"AETitle=X", std::string("serverDescription=R\xc3\xb6ntgen\x1b[31m\0\r\n\xff \xe2\x80\xae<b>", 42)};
  const auto station = station_from(a);
  REQUIRE(station);
  CHECK(station->host.empty());
  CHECK(station->description == "R\xc3\xb6ntgen[31m\xef\xbf\xbd <b>");
  a.txt[1] = "serverDescription=" + std::string(127, 'a') + "\xc3\xb6";
  CHECK(station_from(a)->description == std::string(127, 'a'));
}

TEST_CASE("a link-local IPv6 address keeps the interface it was heard on") {
  auto a = horos();
  a.address = "fe80::1";
  CHECK(station_from(a)->address == "fe80::1%eth0");
  a.address = "fd00::1";
  CHECK(station_from(a)->address == "fd00::1");
}

}  // namespace fermata::discovery
