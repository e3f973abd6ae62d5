#pragma once
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace fermata {

/// An IPv4 or IPv6 address. An IPv4 address that arrives through an IPv6 socket (::ffff:192.0.2.1) is the IPv4 address.
///
/// **Thread**: a value.
class IpAddress {
 public:
  using Bytes = std::array<uint8_t, 16>;

  /// Numeric text only; a zone (`fe80::1%eth0`) is left out. Empty if it is not an address.
  static std::optional<IpAddress> parse(std::string_view text) {
    const std::string numeric(text.substr(0, text.find('%')));
    Bytes bytes{};
    if (inet_pton(AF_INET6, numeric.c_str(), bytes.data()) == 1) return IpAddress(bytes);
    std::copy(kIpv4Mapped.begin(), kIpv4Mapped.end(), bytes.begin());
    if (inet_pton(AF_INET, numeric.c_str(), bytes.data() + kIpv4Mapped.size()) == 1) return IpAddress(bytes);
    return {};
  }
  /// 16 bytes in network order, IPv4 as ::ffff:a.b.c.d.
  static IpAddress from_bytes(const Bytes& bytes) { return IpAddress(bytes); }

  const Bytes& bytes() const { return bytes_; }
  bool is_ipv4() const { return std::equal(kIpv4Mapped.begin(), kIpv4Mapped.end(), bytes_.begin()); }
  std::string text() const {
    char buffer[INET6_ADDRSTRLEN] = {};
    if (is_ipv4())
      inet_ntop(AF_INET, bytes_.data() + kIpv4Mapped.size(), buffer, sizeof buffer);
    else
      inet_ntop(AF_INET6, bytes_.data(), buffer, sizeof buffer);
    return buffer;
  }

  bool operator==(const IpAddress&) const = default;
  std::strong_ordering operator<=>(const IpAddress& other) const {
    return std::memcmp(bytes_.data(), other.bytes_.data(), bytes_.size()) <=> 0;  // not all arrays have this operator
  }

 private:
  static constexpr std::array<uint8_t, 12> kIpv4Mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

  explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}

  Bytes bytes_;
};

}  // namespace fermata
