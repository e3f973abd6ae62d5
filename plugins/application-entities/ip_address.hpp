#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::application_entities {

/// An IPv4 or IPv6 address. An IPv4 address that arrives through an IPv6 socket (::ffff:192.0.2.1) is the IPv4 address.
class IpAddress {
 public:
  using Bytes = std::array<uint8_t, 16>;

  /// Numeric text only; a zone (`fe80::1%eth0`) is left out. Empty if it is not an address.
  static std::optional<IpAddress> parse(std::string_view text);
  /// 16 bytes in network order, IPv4 as ::ffff:a.b.c.d.
  static IpAddress from_bytes(const Bytes& bytes) { return IpAddress(bytes); }

  const Bytes& bytes() const { return bytes_; }
  bool is_ipv4() const;
  std::string text() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}

  Bytes bytes_;
};

}  // namespace fermata::application_entities
