#pragma once
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "fermata/error.hpp"
#include "fermata/ip_address.hpp"

namespace fermata {

/// A range of addresses in CIDR notation: `192.168.0.0/24`, `::1/128`; an address alone is a network of one.
///
/// IPv4 addresses belong to IPv4 networks only, so that `::/0` does not take them in unawares. **Thread**: a value.
class IpNetwork {
 public:
  /// **Errors**: invalid, saying what to write instead.
  static IpNetwork parse(std::string_view cidr) {
    const auto slash = cidr.find('/');
    const auto address = IpAddress::parse(cidr.substr(0, slash));
    if (!address)
      throw Error(Code::invalid,
                  "\"" + std::string(cidr) + "\" is not a network: write it like 192.168.0.0/24 or fd00::/64");
    const unsigned longest = address->is_ipv4() ? 32 : kAllBits;
    const unsigned written = parse_prefix(cidr, slash, longest);
    const unsigned prefix = written + kAllBits - longest;
    const auto base = masked(*address, prefix);
    if (base != *address)
      throw Error(Code::invalid, "the network " + std::string(cidr) + " has bits beyond its prefix: write " +
                                     base.text() + "/" + std::to_string(written) + " for the network, or " +
                                     address->text() + " for the one address");
    return {base, prefix};
  }

  bool contains(const IpAddress& address) const {
    return address.is_ipv4() == base_.is_ipv4() && masked(address, prefix_) == base_;
  }

 private:
  static constexpr unsigned kAllBits = 128;

  IpNetwork(const IpAddress& base, unsigned prefix) : base_(base), prefix_(prefix) {}

  /// The length after the slash; none means the longest there is.
  static unsigned parse_prefix(std::string_view cidr, std::size_t slash, unsigned longest) {
    if (slash == std::string_view::npos) return longest;
    const auto digits = cidr.substr(slash + 1);
    unsigned prefix = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (failure != std::errc() || end != digits.data() + digits.size() || prefix > longest)
      throw Error(Code::invalid, "the network " + std::string(cidr) + " needs a number from 0 to " +
                                     std::to_string(longest) + " after its slash");
    return prefix;
  }

  static IpAddress masked(const IpAddress& address, unsigned prefix) {
    auto bytes = address.bytes();
    for (unsigned i = 0; i < bytes.size(); ++i) {
      const unsigned kept = prefix > i * 8 ? std::min(prefix - i * 8, 8u) : 0u;
      bytes[i] &= static_cast<uint8_t>(0xff00u >> kept);
    }
    return IpAddress::from_bytes(bytes);
  }

  IpAddress base_;
  unsigned prefix_;  ///< of 128 bits, for IPv4 as well
};

}  // namespace fermata
