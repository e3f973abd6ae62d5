#include "fermata/ip_network.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"

namespace fermata {
namespace {

bool is_in(const char* address, const char* cidr) {
  return IpNetwork::parse(cidr).contains(*IpAddress::parse(address));
}

}  // namespace

TEST_CASE("an IPv4 address is the same when it arrives through an IPv6 socket") {
  CHECK(IpAddress::parse("::ffff:192.0.2.1") == IpAddress::parse("192.0.2.1"));
  CHECK(IpAddress::parse("::ffff:192.0.2.1")->text() == "192.0.2.1");
  CHECK(IpAddress::parse("::FFFF:c000:0201") == IpAddress::parse("192.0.2.1"));
}

TEST_CASE("spellings of one IPv6 address are equal, and its zone is left out") {
  CHECK(IpAddress::parse("fd00:0:0::7") == IpAddress::parse("fd00::7"));
  CHECK(IpAddress::parse("fe80::1%eth0")->text() == "fe80::1");
}

TEST_CASE("names and half addresses are not addresses") {
  CHECK_FALSE(IpAddress::parse(""));
  CHECK_FALSE(IpAddress::parse("localhost"));
  CHECK_FALSE(IpAddress::parse("192.168.0"));
  CHECK_FALSE(IpAddress::parse("192.168.0.256"));
}

TEST_CASE("a network contains the addresses with its prefix") {
  CHECK(is_in("127.0.0.1", "127.0.0.0/8"));
  CHECK(is_in("127.255.255.255", "127.0.0.0/8"));
  CHECK_FALSE(is_in("128.0.0.1", "127.0.0.0/8"));
  CHECK(is_in("10.1.2.130", "10.1.2.128/25"));
  CHECK_FALSE(is_in("10.1.2.127", "10.1.2.128/25"));
  CHECK(is_in("fd00::beef", "fd00::/64"));
  CHECK_FALSE(is_in("fd00:0:0:1::beef", "fd00::/64"));
  CHECK(is_in("::ffff:127.0.0.1", "127.0.0.0/8"));
}

TEST_CASE("an address alone is a network of one") {
  CHECK(is_in("::1", "::1"));
  CHECK_FALSE(is_in("::2", "::1"));
  CHECK(is_in("192.0.2.1", "192.0.2.1"));
  CHECK_FALSE(is_in("192.0.2.2", "192.0.2.1"));
}

TEST_CASE("all of IPv6 does not contain IPv4, nor the other way round") {
  CHECK(is_in("2001:db8::1", "::/0"));
  CHECK_FALSE(is_in("192.0.2.1", "::/0"));
  CHECK(is_in("192.0.2.1", "0.0.0.0/0"));
  CHECK_FALSE(is_in("::1", "0.0.0.0/0"));
}

TEST_CASE("a network that is written wrongly is refused with what to write instead") {
  CHECK_THROWS_WITH(IpNetwork::parse("192.168.0.12/24"), Catch::Contains("192.168.0.0/24"));
  CHECK_THROWS_WITH(IpNetwork::parse("192.168.0.0/33"), Catch::Contains("0 to 32"));
  CHECK_THROWS_AS(IpNetwork::parse("192.168.0.0/"), Error);
  CHECK_THROWS_AS(IpNetwork::parse("192.168.0.0/8x"), Error);
  CHECK_THROWS_AS(IpNetwork::parse("192.168.0.0/-1"), Error);
  CHECK_THROWS_AS(IpNetwork::parse("office/24"), Error);
}

}  // namespace fermata
