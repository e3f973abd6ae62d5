#include "own_service.hpp"

#include <catch2/catch.hpp>

namespace fermata::discovery {

TEST_CASE("the TXT record is what viewers of the OsiriX family look for") {
  CHECK(txt_record({"PACS", 11112, "My PACS"}) == std::vector<std::string>{"serverDescription=My PACS", "AETitle=PACS",
                                                                           "CGET=YES",
                                                                           "preferredSyntax=LittleEndianImplicit"});
  const auto longest = txt_record({"PACS", 11112, std::string(300, 'x')});
  CHECK(longest[0].size() == 255);
}

TEST_CASE("a name that is taken is followed by others that are AE titles too") {
  CHECK(service_name("FERMATA", 0) == "FERMATA");
  CHECK(service_name("FERMATA", 1) == "FERMATA-2");
  CHECK(service_name("SIXTEEN-CHARS-16", 0) == "SIXTEEN-CHARS-16");
  CHECK(service_name("SIXTEEN-CHARS-16", 1) == "SIXTEEN-CHARS--2");
  CHECK(service_name("SIXTEEN-CHARS-16", 98) == "SIXTEEN-CHARS-99");
}

TEST_CASE("the archive recognizes itself by its port on an own address") {
  const std::vector<IpAddress> own{*IpAddress::parse("192.168.0.2"), *IpAddress::parse("fe80::2")};
  const auto station = [](const char* address, uint16_t port) {
    return StationRecord{"ANY", address, "any.local", port, "", 0};
  };
  CHECK(is_own(station("192.168.0.2", 11112), 11112, own));
  CHECK(is_own(station("fe80::2%eth0", 11112), 11112, own));
  CHECK_FALSE(is_own(station("192.168.0.2", 104), 11112, own));
  CHECK_FALSE(is_own(station("192.168.0.3", 11112), 11112, own));
}

TEST_CASE("the addresses of this machine are known") {
  const auto own = own_addresses();
  CHECK(std::find(own.begin(), own.end(), *IpAddress::parse("127.0.0.1")) != own.end());
}

}  // namespace fermata::discovery
