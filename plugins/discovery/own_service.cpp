#include "own_service.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "clean_text.hpp"

namespace fermata::discovery {
namespace {

constexpr std::size_t kLongestTitle = 16;
constexpr std::size_t kLongestTxtEntry = 255;  // RFC 6763 6.1

std::string txt_entry(std::string_view key, std::string_view value) {
  const auto entry = std::string(key) + '=';
  return entry + clean_text(value, kLongestTxtEntry - entry.size());
}

std::string numeric(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (bytes != nullptr) ::inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return text.data();
}

}  // namespace

std::vector<std::string> txt_record(const OwnService& service) {
  return {txt_entry("serverDescription", service.description), txt_entry("AETitle", service.ae_title),
          txt_entry("CGET", "YES"), txt_entry("preferredSyntax", "LittleEndianImplicit")};
}

std::string service_name(const std::string& ae_title, unsigned attempts) {
  if (attempts == 0) return ae_title;
  const auto suffix = '-' + std::to_string(attempts + 1);
  return ae_title.substr(0, kLongestTitle - suffix.size()) + suffix;
}

bool is_own(const StationRecord& station, uint16_t port, const std::vector<IpAddress>& own_addresses) {
  const auto address = IpAddress::parse(station.address);
  return station.port == port && address &&
         std::find(own_addresses.begin(), own_addresses.end(), *address) != own_addresses.end();
}

std::vector<IpAddress> own_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> kept(list, &::freeifaddrs);
  std::vector<IpAddress> addresses;
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    if (const auto address = IpAddress::parse(numeric(*entry->ifa_addr))) addresses.push_back(*address);
  }
  return addresses;
}

std::string own_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace fermata::discovery
