#include "ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace fermata::application_entities {
namespace {

constexpr std::array<uint8_t, 12> kIpv4Mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string numeric(text.substr(0, text.find('%')));
  Bytes bytes{};
  if (inet_pton(AF_INET6, numeric.c_str(), bytes.data()) == 1) return IpAddress(bytes);
  std::copy(kIpv4Mapped.begin(), kIpv4Mapped.end(), bytes.begin());
  if (inet_pton(AF_INET, numeric.c_str(), bytes.data() + kIpv4Mapped.size()) == 1) return IpAddress(bytes);
  return {};
}

bool IpAddress::is_ipv4() const { return std::equal(kIpv4Mapped.begin(), kIpv4Mapped.end(), bytes_.begin()); }

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_ipv4())
    inet_ntop(AF_INET, bytes_.data() + kIpv4Mapped.size(), buffer, sizeof buffer);
  else
    inet_ntop(AF_INET6, bytes_.data(), buffer, sizeof buffer);
  return buffer;
}

}  // namespace fermata::application_entities
